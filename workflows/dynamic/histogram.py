"""How many elements differ by how much: over the whole tensor, block by block."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workflows.dynamic.npy import Tensor
    from workflows.dynamic.verdict import TensorVerdict

BINS = 41
"""Odd, so that no difference stands in the middle."""


@dataclass(frozen=True)
class Histogram:
    """Counts by bin, and what stands below the first, the middle and the last."""

    title: str
    counts: tuple[int, ...]
    marks: tuple[str, str, str]

    @property
    def levels(self) -> list[float]:
        """The height of each bar between 0 and 1: logarithmic, one element is seen beside millions."""
        top = math.log10(1 + max(self.counts, default=0)) or 1.0
        return [math.log10(1 + count) / top for count in self.counts]


def histogram(verdict: TensorVerdict) -> Histogram | None:
    """Of an output with both tensors in one shape; None where nothing can be counted."""
    if verdict.expected is None or verdict.produced is None:
        return None
    found = verdict.difference
    if verdict.kind != "float":
        two = (found.elements - found.mismatched, found.mismatched)
        return Histogram("elements, log counts", two, ("same", "", "different"))
    most = found.max_abs
    if most is None or not math.isfinite(most):
        return None
    marks = (f"-{most:.3g}", "0", f"+{most:.3g}") if most > 0 else ("", "0", "")
    return Histogram("all differences, log counts", counted(verdict.expected, verdict.produced, most), marks)


def counted(expected: Tensor, produced: Tensor, most: float) -> tuple[int, ...]:
    """Elements finite in both, by `produced - expected` from `-most` to `most`."""
    counts = np.zeros(BINS, np.int64)
    for first, second in zip(expected.blocks(), produced.blocks(), strict=True):
        a, b = first.astype(np.float64), second.astype(np.float64)
        finite = np.isfinite(a) & np.isfinite(b)
        share = (b[finite] - a[finite]) / most if most > 0 else np.zeros(np.count_nonzero(finite))
        places = np.clip(((share + 1) / 2 * BINS).astype(np.int64), 0, BINS - 1)
        counts += np.bincount(places, minlength=BINS)
    return tuple(counts.tolist())
