"""How far an output may be from its expectation: what the RDF declares, up to what the collection allows.

A contributor's `absolute_tolerance: 1e9` would pass anything. So the allowed error of one element is
`min(atol + rtol * |expected|, ceiling)`, where the ceiling is a share of the expected tensor's robust range, and the
mismatched elements may be at most `min(ppm, ceiling of ppm)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.dynamic.npy import Array, Tensor

ROUNDING = 1e-6
"""Relative; about 8 steps of float32. No ceiling blames an element for less: outliers far outside p1-p99 round too."""

LARGEST = 1e300
"""What a declared infinity counts as; infinity times 0 would be no number."""

SAMPLED = 1 << 22
"""Elements from which the range is taken; of a larger tensor every n-th."""


@dataclass(frozen=True)
class Tolerance:
    """What may differ: absolutely (in the output's own unit), relatively to the expected value, and how many elements."""

    atol: float
    rtol: float
    ppm: float
    source: str

    def times(self, factor: float) -> Tolerance:
        """The same, that many times as wide."""
        return Tolerance(self.atol * factor, self.rtol * factor, self.ppm * factor, self.source)

    def widest(self, other: Tolerance) -> Tolerance:
        """The larger of both in each respect."""
        larger = (max(self.atol, other.atol), max(self.rtol, other.rtol), max(self.ppm, other.ppm))
        return Tolerance(*larger, self.source if larger[0] == self.atol else other.source)

    def words(self) -> str:
        """As in a sentence."""
        share = f", {self.ppm:g} ppm" if self.ppm else ""
        return f"atol {self.atol:g}, rtol {self.rtol:g}{share}"

    def as_json(self) -> dict[str, float | str]:
        """The form of `schemas/report.schema.json`."""
        return {"atol": self.atol, "rtol": self.rtol, "ppm": self.ppm, "source": self.source[:128]}


DEFAULT = Tolerance(1e-3, 1e-3, 0.0, "default")
"""Where nothing matches. Source: bioimageio.spec, ReproducibilityTolerance; RDF 0.4 tolerates no mismatched element."""


@dataclass(frozen=True)
class Ceiling:
    """The collection's own limits, from policy: a share of the expected range, and a number of elements."""

    relative: float
    ppm: float

    @classmethod
    def of(cls, tolerance: Mapping[str, Any]) -> Ceiling:
        """As a job brings it: `relative_ceiling`, `mismatch_ppm_ceiling`."""
        return cls(float(tolerance["relative_ceiling"]), float(tolerance["mismatch_ppm_ceiling"]))

    def times(self, factor: float) -> Ceiling:
        """The same, that many times as wide."""
        return Ceiling(self.relative * factor, self.ppm * factor)

    def absolute(self, scale: float) -> float:
        """The largest error of an element, for an expected tensor of that scale."""
        return self.relative * scale

    def lowers(self, declared: Tolerance, scale: float, largest: float) -> bool:
        """Whether the ceiling takes anything away from `declared`, where |expected| is at most `largest`."""
        allowed = declared.atol + declared.rtol * largest
        return declared.ppm > self.ppm or allowed > max(self.absolute(scale), ROUNDING * largest)

    def capped(self, declared: Tolerance, scale: float) -> Tolerance:
        """What counts of `declared`: its atol and ppm up to the ceiling. The cap of `atol + rtol * |expected|` is `allowed`'s."""
        source = declared.source
        if declared.ppm > self.ppm or declared.atol > self.absolute(scale):
            source = f"{source}, up to the collection's ceiling"
        atol, ppm = min(declared.atol, self.absolute(scale)), min(declared.ppm, self.ppm)
        return Tolerance(atol, declared.rtol, ppm, source)


def choose(declared: Any, weight_format: str, output: str) -> Tolerance:
    """The first entry of the judge-spec for that format that names the output or `*`.

    Raises KeyError, TypeError or ValueError where the entry is not as in BOXES.md, or holds a number below 0 or NaN.
    """
    for entry in declared.get(weight_format, ()):
        if entry["output"] in {output, "*"}:
            atol, rtol, ppm = (min(float(entry[key]), LARGEST) for key in ("atol", "rtol", "ppm"))
            if not (atol >= 0 and rtol >= 0 and ppm >= 0):
                raise ValueError("a tolerance is a number of at least 0")
            return Tolerance(atol, rtol, ppm, str(entry["source"]))
    return DEFAULT


def allowed(expected: Array, tolerance: Tolerance, ceiling: float | None = None) -> Array:
    """The largest error of each element (float64, the shape of `expected`); no `ceiling` leaves the tolerance alone."""
    size = np.abs(expected)
    within = tolerance.atol + tolerance.rtol * size
    return within if ceiling is None else np.minimum(within, np.maximum(ceiling, ROUNDING * size))


def scale(tensor: Tensor) -> float:
    """The robust range of an expected tensor: p99 - p1 of its finite elements.

    Where that is 0 (few bright spots on an empty image) the full range, then the largest magnitude, then 1.
    """
    values = _sampled(tensor)
    if values.size == 0:
        return 1.0
    low, high = np.percentile(values, (1, 99))
    candidates = (high - low, values.max() - values.min(), np.abs(values).max())
    return next((float(one) for one in candidates if one > 0), 1.0)


def _sampled(tensor: Tensor) -> Array:
    step = max(1, -(-tensor.size // SAMPLED))
    position, parts = 0, []
    for block in tensor.blocks():
        parts.append(block[-position % step :: step].astype(np.float64))
        position += block.size
    values = np.concatenate(parts) if parts else np.empty(0)
    return values[np.isfinite(values)]
