"""Where two tensors of one shape differ, counted block by block in float64.

`NaN` equals `NaN` and an infinity equals itself; any other meeting with a non-finite value is a mismatch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workflows.dynamic.tolerance import allowed

if TYPE_CHECKING:
    from workflows.dynamic.npy import Array, Tensor
    from workflows.dynamic.tolerance import Tolerance

Number = float | int


@dataclass(frozen=True)
class Worst:
    """The element that is furthest beyond (or closest to) what is allowed."""

    position: int
    """In C order."""
    expected: Number
    produced: Number


@dataclass(frozen=True)
class Difference:
    """What was counted; `max_abs` and `max_rel` are over elements finite in both (`max_rel`: and not expected as 0)."""

    elements: int = 0
    mismatched: int = 0
    beyond_declared: int = 0
    """Elements beyond the declared tolerance without any ceiling."""
    nan: int = 0
    inf: int = 0
    """Non-finite elements of the produced tensor."""
    finite_expected: int = 0
    max_abs: float | None = None
    max_rel: float | None = None
    largest_expected: float = 0.0
    worst: Worst | None = None
    excess: float = -math.inf
    """Of the worst element: error minus what is allowed."""

    @property
    def ppm(self) -> float:
        """Mismatched elements in parts per million."""
        return per_million(self.mismatched, self.elements)


def per_million(part: int, whole: int) -> float:
    """Parts per million; 0 of nothing."""
    return part / whole * 1e6 if whole else 0.0


def compare(expected: Tensor, produced: Tensor, tolerance: Tolerance, ceiling: float | None) -> Difference:
    """Count over all blocks; memory is bounded by the block, not by the tensors."""
    total = Difference()
    for wanted, got in zip(expected.blocks(), produced.blocks(), strict=True):
        total = _with_block(total, wanted, got, tolerance, ceiling)
    return total


def _with_block(
    total: Difference, wanted: Array, got: Array, tolerance: Tolerance, ceiling: float | None
) -> Difference:
    a, b = wanted.astype(np.float64), got.astype(np.float64)
    finite = np.isfinite(a) & np.isfinite(b)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.where(same, 0.0, np.where(finite, np.abs(b - a), np.inf))
        within = np.where(finite, allowed(a, tolerance, ceiling), 0.0)
        declared = np.where(finite, allowed(a, tolerance), 0.0)
    excess = error - within
    here = int(np.argmax(excess))
    counted = replace(
        total,
        elements=total.elements + a.size,
        mismatched=total.mismatched + int(np.count_nonzero(excess > 0)),
        beyond_declared=total.beyond_declared + int(np.count_nonzero(error > declared)),
        nan=total.nan + int(np.count_nonzero(np.isnan(b))),
        inf=total.inf + int(np.count_nonzero(np.isinf(b))),
        finite_expected=total.finite_expected + int(np.count_nonzero(np.isfinite(a))),
        max_abs=_larger(total.max_abs, error[finite]),
        max_rel=_larger(total.max_rel, _relative(error[finite], np.abs(a[finite]))),
        largest_expected=_larger(total.largest_expected, np.abs(a[np.isfinite(a)])) or 0.0,
    )
    if error[here] > 0 and excess[here] > total.excess:
        worst = Worst(total.elements + here, plain(wanted[here]), plain(got[here]))
        return replace(counted, worst=worst, excess=float(excess[here]))
    return counted


def _relative(error: Array, size: Array) -> Array:
    return error[size > 0] / size[size > 0]


def _larger(before: float | None, values: Array) -> float | None:
    if values.size == 0:
        return before
    return max(float(values.max()), -math.inf if before is None else before)


def plain(value: Any) -> Number:
    """A numpy scalar as a Python number; truth values as 0 and 1."""
    number = value.item()
    return int(number) if isinstance(number, bool) else number
