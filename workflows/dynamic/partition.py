"""Label maps: two numberings of one partition are equal, whatever the numbers: labels would compare in float32.

The bijection of labels is built greedily from the pairs (expected, produced) that cover most elements; what lies outside
it is mismatched. Labels are compared in their own dtype: 2^53 + 1 stays another label than 2^53.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workflows.dynamic.difference import Difference, Worst, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.dynamic.difference import Number
    from workflows.dynamic.npy import Array, Tensor

MAX_PAIRS = 1_000_000
"""Distinct pairs that are followed; noise instead of labels has as many as elements."""

Pairs = Counter[tuple["Number", "Number"]]


class TooManyLabelsError(ValueError):
    """There are more pairs of labels than a label map has."""


@dataclass(frozen=True)
class Relabelling:
    """Expected label to produced label, one to one."""

    labels: Mapping[Number, Number]
    matched: int
    """Elements that it explains."""

    @property
    def renumbered(self) -> int:
        """How many labels have another number in the produced tensor."""
        return sum(wanted != got for wanted, got in self.labels.items())


def compare_partition(expected: Tensor, produced: Tensor) -> tuple[Difference, Relabelling]:
    """Elements outside the best one-to-one relabelling are mismatched; the first of them is shown as the worst."""
    pairs: Pairs = Counter()
    nan = inf = finite = 0
    for wanted, got in zip(expected.blocks(), produced.blocks(), strict=True):
        pairs.update(pairs_of(wanted, got))
        if len(pairs) > MAX_PAIRS:
            raise TooManyLabelsError(f"more than {MAX_PAIRS:,} pairs of labels")
        values = got.astype(np.float64)
        nan, inf = nan + int(np.isnan(values).sum()), inf + int(np.isinf(values).sum())
        finite += int(np.isfinite(wanted.astype(np.float64)).sum())
    relabelling = best_relabelling(pairs)
    mismatched = expected.size - relabelling.matched
    worst = first_outside(expected, produced, relabelling) if mismatched else None
    found = Difference(expected.size, mismatched, mismatched, nan, inf, finite, worst=worst)
    return found, relabelling


def pairs_of(wanted: Array, got: Array) -> Pairs:
    """How many elements carry each pair of labels; NaN is no label, and left out."""
    whole = np.isfinite(wanted.astype(np.float64)) & np.isfinite(got.astype(np.float64))
    first, left = np.unique(wanted[whole], return_inverse=True)
    second, right = np.unique(got[whole], return_inverse=True)
    codes, counts = np.unique(left * max(1, second.size) + right, return_counts=True)
    rows, columns = np.divmod(codes, max(1, second.size))
    found: Pairs = Counter()
    for row, column, count in zip(rows, columns, counts, strict=True):
        found[plain(first[row]), plain(second[column])] = int(count)
    return found


def best_relabelling(pairs: Pairs) -> Relabelling:
    """Take pairs by size, then by label, as long as neither side is taken."""
    labels: dict[Number, Number] = {}
    taken: set[Number] = set()
    matched = 0
    for (wanted, got), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        if wanted not in labels and got not in taken:
            labels[wanted] = got
            taken.add(got)
            matched += count
    return Relabelling(labels, matched)


def first_outside(expected: Tensor, produced: Tensor, relabelling: Relabelling) -> Worst | None:
    """The first element, in C order, that the relabelling does not explain."""
    start = 0
    for wanted, got in zip(expected.blocks(), produced.blocks(), strict=True):
        outside = ~explained(wanted, got, relabelling)
        if outside.any():
            here = int(np.argmax(outside))
            return Worst(start + here, plain(wanted[here]), plain(got[here]))
        start += wanted.size
    return None


def explained(wanted: Array, got: Array, relabelling: Relabelling) -> Array:
    """Which elements carry the partner of their expected label; flat arrays."""
    labels, inverse = np.unique(wanted, return_inverse=True)
    partners = [relabelling.labels.get(plain(label)) for label in labels]
    known = np.array([partner is not None for partner in partners])
    target = np.array([0 if partner is None else partner for partner in partners], got.dtype)
    explained: Array = known[inverse] & (target[inverse] == got)
    return explained
