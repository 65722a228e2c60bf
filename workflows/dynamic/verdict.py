"""The verdict on one output in plain words: by how much it differs, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows.dynamic.difference import Difference
from workflows.dynamic.outcome import ppm_words

if TYPE_CHECKING:
    from workflows.dynamic.difference import Number, Worst
    from workflows.dynamic.npy import Tensor
    from workflows.dynamic.outcome import Outcome
    from workflows.dynamic.tolerance import Tolerance


@dataclass(frozen=True)
class Limit:
    """What separates a match from a mismatch, as two verbs: "all elements <agree>", "n elements <differ>"."""

    agree: str
    differ: str


@dataclass(frozen=True)
class TensorVerdict:
    """One output: the two tensors as far as they could be read, what was counted, and the answer."""

    name: str
    kind: str
    tolerance: Tolerance
    outcome: Outcome
    expected: Tensor | None = None
    produced: Tensor | None = None
    difference: Difference = field(default_factory=Difference)

    def as_json(self) -> dict[str, Any]:
        """The form of `schemas/report.schema.json`, tensor."""
        found, index = self.difference, self.expected or self.produced
        return {
            "name": self.name[:256],
            "kind": self.kind,
            "expected_shape": None if self.expected is None else list(self.expected.shape),
            "produced_shape": None if self.produced is None else list(self.produced.shape),
            "expected_dtype": "" if self.expected is None else self.expected.dtype.name,
            "produced_dtype": "" if self.produced is None else self.produced.dtype.name,
            "elements": found.elements,
            "mismatched": found.mismatched,
            "mismatch_ppm": round(found.ppm, 3),
            "max_abs": number(found.max_abs),
            "max_rel": number(found.max_rel),
            "nan": found.nan,
            "inf": found.inf,
            "worst": None if found.worst is None or index is None else worst_json(found.worst, index),
            "tolerance": self.tolerance.as_json(),
            "outcome": self.outcome.as_json(),
        }


def number(value: Number | None) -> Number | str | None:
    """A number in strict JSON: what is not finite is spelled."""
    if value is None or math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def worst_json(worst: Worst, tensor: Tensor) -> dict[str, Any]:
    """The worst element with its index along the axes."""
    return {
        "index": tensor.index(worst.position),
        "expected": number(worst.expected),
        "produced": number(worst.produced),
    }


def shape_words(name: str, expected: Tensor, produced: Tensor) -> str:
    """Why two shapes are not one, for a person; axes of length 1 count too."""
    wanted, got = list(expected.shape), list(produced.shape)
    said = f"output `{name}`: its shape is {got}, expected {wanted}"
    if len(wanted) != len(got):
        said += f" ({len(got)} instead of {len(wanted)} axes)"
        if [one for one in wanted if one != 1] == [one for one in got if one != 1]:
            said += "; only axes of length 1 differ"
        return said
    axes = [str(axis) for axis, (a, b) in enumerate(zip(wanted, got, strict=True)) if a != b]
    return f"{said} (axis {', '.join(axes)} differs)" if len(axes) == 1 else f"{said} (axes {', '.join(axes)} differ)"


def dtype_words(expected: Tensor, produced: Tensor) -> str:
    """A remark where the data types differ: the numbers are compared all the same."""
    if expected.dtype.newbyteorder("=") == produced.dtype.newbyteorder("="):
        return ""
    return f"; its data type is {produced.dtype.name}, expected {expected.dtype.name}"


def difference_words(found: Difference, limit: Limit, expected: Tensor) -> str:
    """How many elements differ beyond `limit`, and the worst of them."""
    said = f"{found.mismatched:,} of {found.elements:,} elements ({ppm_words(found.ppm)}) {limit.differ}"
    if found.worst is not None:
        place = expected.index(found.worst.position)
        said += f"; worst at {place}: expected {short(found.worst.expected)}, got {short(found.worst.produced)}"
    if found.nan or found.inf:
        said += f"; it holds {found.nan:,} NaN and {found.inf:,} infinite elements"
    return said


def short(value: Number) -> str:
    """A value in a sentence: integers whole, others to 6 digits."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def not_comparable(name: str, found: Difference) -> str:
    """Why nothing can be said of an output although shapes agree; empty where it can."""
    if found.elements == 0:
        return f"output `{name}`: it has no elements, so nothing is compared"
    if found.nan == found.elements:
        return f"output `{name}`: every element is NaN"
    if found.finite_expected == 0:
        return f"output `{name}`: the expected tensor has no finite element, so nothing is compared"
    return ""


def within_words(found: Difference, limit: Limit) -> str:
    """What a reproduced output is told to be."""
    said = f"all {found.elements:,} elements {limit.agree}"
    if found.mismatched:
        said = (
            f"{found.mismatched:,} of {found.elements:,} elements ({ppm_words(found.ppm)}) {limit.differ}, as tolerated"
        )
    return said if found.max_abs is None else f"{said}, largest absolute difference {found.max_abs:.3g}"
