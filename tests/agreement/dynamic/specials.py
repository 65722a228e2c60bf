"""Models whose network is the point: each a graph of a few nodes with its test tensors, as RDF 0.4 and 0.5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.agreement.dynamic import nets
from tests.agreement.dynamic.describe import VERSIONS, Part, draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.agreement.dynamic.draft import Array, Draft

PARAMETRIZED = {"min": 16, "step": 16}
LARGE = 1000
"""Pixels of a side: one element is one in a million."""
BIG = 2**24


@dataclass(frozen=True)
class Special:
    """A name, the network, what goes in, what is expected by name, and further fields of all tensors."""

    name: str
    net: Callable[[Array], bytes]
    raw: Array
    expected: dict[str, Array]
    more: dict[str, Any]
    versions: tuple[str, ...] = tuple(VERSIONS)

    def made(self, folder: Path, version: str) -> Draft:
        """In that folder."""
        weights = {"onnx": ("weights.onnx", self.net(self.raw), {"opset_version": 17})}
        outputs = [Part(name, array, **self.more) for name, array in self.expected.items()]
        return draft(folder, version, [Part("raw", self.raw, **self.more)], outputs, weights)


def image(side: int = 64, *, batch: int = 1) -> Array:
    """Noise of 0 to 1."""
    return np.random.default_rng(0).random((batch, 1, side, side), np.float32)


def labels(number: int = 7) -> Array:
    """Squares of labels from 1; the kind of integers that 0.4 knows."""
    rows = np.arange(64) // 16 * 4
    return (rows[:, None] + np.arange(64)[None] // 16)[None, None].astype(np.uint16) % number + 1


def with_off(array: Array, count: int) -> Array:
    """So many elements are something else."""
    array = array.copy()
    array.reshape(-1)[:: array.size // count][:count] += array.dtype.type(1)
    return array


def specials() -> Iterator[Special]:
    """All of them."""
    raw, large, spread = image(), image(LARGE), labels()
    seen = spread.astype(np.float32)
    big = BIG + labels().astype(np.int64)
    yield Special("NaN everywhere", nets.no_number, raw, {"out": raw * 0.5}, {})
    yield Special("half of it", nets.half, raw, {"out": raw * 0.5}, {})
    yield Special("on a pedestal of 1000", nets.same, raw + 1000, {"out": raw + 1000.5}, {})
    yield Special("1 ppm off", nets.same, large, {"out": with_off(large, 1)}, {})
    yield Special("90 ppm off", nets.same, large, {"out": with_off(large, 90)}, {})
    yield Special("200 ppm off", nets.same, large, {"out": with_off(large, 200)}, {})
    yield Special("cut in the network", nets.cut, raw, {"out": raw}, {})
    yield Special("a missing output", nets.half, raw, {"out": raw * 0.5, "mask": raw > 0.5}, {})
    yield Special("two outputs", nets.half_and_mask, raw, {"out": raw * 0.5, "mask": raw > 0.5}, {})
    yield Special("two outputs, the second wrong", nets.half_and_mask, raw, {"out": raw * 0.5, "mask": raw > 0.4}, {})
    two = image(batch=2)
    yield Special("a batch of two", nets.half_of_any_size, two, {"out": two * 0.5}, {"batch": None}, ("0.5",))
    yield Special("not twice the same", nets.noisy, raw, {"out": raw}, {})
    yield Special("labels", nets.as_labels, seen, {"labels": spread}, {})
    yield Special("labels renumbered", nets.as_labels, seen, {"labels": spread * 10}, {})
    yield Special("labels merged", nets.as_labels, np.minimum(seen, 3), {"labels": spread}, {})
    yield Special("labels beyond 2^24 merged", nets.merged, big, {"labels": big}, {}, ("0.5",))
    yield Special("an input that it refuses", lambda _: nets.half(raw), raw[..., :60], {"out": raw[..., :60] * 0.5}, {})
    sizes = {"sizes": PARAMETRIZED}
    yield Special("sizes from a minimum", nets.same_of_any_size, raw, {"out": raw}, sizes, ("0.5",))
    yield Special("sizes that it refuses", nets.same, raw, {"out": raw}, sizes, ("0.5",))
    yield Special("batches that it refuses", nets.same, raw, {"out": raw}, {"batch": None}, ("0.5",))
