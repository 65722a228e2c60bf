"""Does one output reproduce its expectation? By its kind: float, label or binary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflows.dynamic.difference import Difference, compare, per_million
from workflows.dynamic.outcome import failed, passed
from workflows.dynamic.partition import TooManyLabelsError, compare_partition
from workflows.dynamic.tolerance import Tolerance, scale
from workflows.dynamic.verdict import (
    Limit,
    TensorVerdict,
    difference_words,
    dtype_words,
    not_comparable,
    shape_words,
    within_words,
)

if TYPE_CHECKING:
    from workflows.dynamic.npy import Tensor
    from workflows.dynamic.tolerance import Ceiling


def reproduce(verdict: TensorVerdict, ceiling: Ceiling) -> TensorVerdict:
    """The verdict with its answer; it comes with both tensors and the declared tolerance.

    A wrong shape fails; another data type is remarked only, the numbers decide.
    """
    expected, produced = verdict.expected, verdict.produced
    if expected is None or produced is None:
        raise ValueError("both tensors are needed")
    if expected.shape != produced.shape:
        words = shape_words(verdict.name, expected, produced) + dtype_words(expected, produced)
        return replace(verdict, outcome=failed(words))
    judge = {"label": _labels, "binary": _binary}.get(verdict.kind, _floats)
    return judge(verdict, expected, produced, ceiling)


def _floats(verdict: TensorVerdict, expected: Tensor, produced: Tensor, ceiling: Ceiling) -> TensorVerdict:
    declared, span = verdict.tolerance, scale(expected)
    counts = ceiling.capped(declared, span)
    found = compare(expected, produced, declared, ceiling.absolute(span))
    judged = replace(verdict, tolerance=counts, difference=found)
    lowered = ceiling.lowers(declared, span, found.largest_expected)
    most = f", at most {ceiling.absolute(span):.3g} by the collection's ceiling" if lowered else ""
    words = f"the tolerance ({counts.words()}{most})"
    limit = Limit(f"agree within {words}", f"differ by more than {words}")
    within = found.ppm <= counts.ppm
    if not within and lowered and per_million(found.beyond_declared, found.elements) <= declared.ppm:
        return _for_human_eyes(judged, declared, expected, limit)
    return _told(judged, expected, produced, limit, within=within)


def _for_human_eyes(judged: TensorVerdict, declared: Tolerance, expected: Tensor, limit: Limit) -> TensorVerdict:
    """Right by the contributor's own tolerance, and only by that: the collection's people decide."""
    found = judged.difference
    said = not_comparable(judged.name, found) or (
        f"output `{judged.name}`: reproduces only within {found.max_abs or 0:.3g} "
        f"(declared: {declared.words()}): for human eyes; "
        f"{difference_words(found, limit, expected)}"
    )
    return replace(judged, outcome=failed(said))


def _binary(verdict: TensorVerdict, expected: Tensor, produced: Tensor, ceiling: Ceiling) -> TensorVerdict:
    counts = exactly(verdict.tolerance, ceiling)
    found = compare(expected, produced, counts, 0.0)
    judged = replace(verdict, tolerance=counts, difference=found)
    limit = Limit("agree exactly (binary)", "differ (binary: compared exactly)")
    return _told(judged, expected, produced, limit, within=found.ppm <= counts.ppm)


def _labels(verdict: TensorVerdict, expected: Tensor, produced: Tensor, ceiling: Ceiling) -> TensorVerdict:
    counts = exactly(verdict.tolerance, ceiling)
    judged = replace(verdict, tolerance=counts)
    try:
        found, relabelling = compare_partition(expected, produced)
    except TooManyLabelsError as error:
        counted = Difference(elements=expected.size)
        words = f"output `{verdict.name}`: it is declared as a label map, but has {error}"
        return replace(judged, difference=counted, outcome=failed(words))
    renumbered = f"{relabelling.renumbered:,} of {len(relabelling.labels):,} labels renumbered"
    limit = Limit(
        f"carry the same labels ({renumbered})", f"are labelled differently, whatever the numbers ({renumbered})"
    )
    return _told(replace(judged, difference=found), expected, produced, limit, within=found.ppm <= counts.ppm)


def exactly(declared: Tolerance, ceiling: Ceiling) -> Tolerance:
    """Without any error of an element; only a number of elements may differ."""
    capped = min(declared.ppm, ceiling.ppm)
    source = declared.source if capped == declared.ppm else f"{declared.source}, up to the collection's ceiling"
    return Tolerance(0.0, 0.0, capped, source)


def _told(judged: TensorVerdict, expected: Tensor, produced: Tensor, limit: Limit, *, within: bool) -> TensorVerdict:
    found = judged.difference
    nothing = not_comparable(judged.name, found)
    if nothing:
        return replace(judged, outcome=failed(nothing))
    words = within_words(found, limit) if within else difference_words(found, limit, expected)
    said = f"output `{judged.name}`: {words}{dtype_words(expected, produced)}"
    return replace(judged, outcome=passed(said) if within else failed(said))
