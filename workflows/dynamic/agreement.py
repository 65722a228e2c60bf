"""Do two tensors that boxes made agree? Two runs of one model, or one run of two weight formats: neither is the expectation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workflows.dynamic.difference import Difference, compare
from workflows.dynamic.outcome import ppm_words
from workflows.dynamic.partition import TooManyLabelsError, compare_partition
from workflows.dynamic.reproduction import exactly
from workflows.dynamic.tolerance import scale
from workflows.dynamic.verdict import short

if TYPE_CHECKING:
    from workflows.dynamic.npy import Tensor
    from workflows.dynamic.tolerance import Ceiling, Tolerance


@dataclass(frozen=True)
class Pair:
    """Two tensors of one output, with what each is called in a sentence; the first gives the scale."""

    output: str
    kind: str
    first: Tensor
    second: Tensor
    sides: tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """Whether they agree, by how much they differ, and the same in words that begin with the output."""

    within: bool
    words: str
    difference: Difference = field(default_factory=Difference)


def same_bits(first: Tensor, second: Tensor) -> bool:
    """Whether shape, data type and every element are one; a NaN is the NaN of the same bits, byte order is no difference."""
    if first.shape != second.shape or first.dtype.newbyteorder("=") != second.dtype.newbyteorder("="):
        return False
    pairs = zip(first.blocks(), second.blocks(), strict=True)
    native = first.dtype.newbyteorder("=")
    return all(one.astype(native).tobytes() == other.astype(native).tobytes() for one, other in pairs)


def is_constant(tensor: Tensor) -> bool:
    """Whether all its elements are one value, or NaN, or there are none."""
    first = None
    for block in tensor.blocks():
        first = block[0] if first is None else first
        if not np.all((block == first) | ((block != block) & (first != first))):  # noqa: PLR0124 - only NaN differs from itself
            return False
    return True


def agree(pair: Pair, declared: Tolerance, ceiling: Ceiling) -> Agreement:
    """By kind of output as in the judge; an element that is NaN or infinite in both agrees."""
    if pair.first.shape != pair.second.shape:
        shapes = [f"{side} {list(one.shape)}" for side, one in _sided(pair)]
        return Agreement(within=False, words=f"output `{pair.output}`: the shapes are {' and '.join(shapes)}")
    judge = _labels if pair.kind == "label" else _numbers
    return judge(pair, declared, ceiling)


def _numbers(pair: Pair, declared: Tolerance, ceiling: Ceiling) -> Agreement:
    exact = pair.kind == "binary"
    span = 0.0 if exact else scale(pair.first)
    counts = exactly(declared, ceiling) if exact else ceiling.capped(declared, span)
    found = compare(pair.first, pair.second, counts if exact else declared, ceiling.absolute(span))
    beyond = "differ" if exact else f"differ by more than the tolerance ({counts.words()})"
    return _told(pair, found, counts, beyond)


def _labels(pair: Pair, declared: Tolerance, ceiling: Ceiling) -> Agreement:
    try:
        found, _ = compare_partition(pair.first, pair.second)
    except TooManyLabelsError as error:
        counted = Difference(pair.first.size, pair.first.size)
        words = f"output `{pair.output}`: it is declared as a label map, but has {error}"
        return Agreement(within=False, words=words, difference=counted)
    return _told(pair, found, exactly(declared, ceiling), "are labelled differently, whatever the numbers")


def _told(pair: Pair, found: Difference, counts: Tolerance, beyond: str) -> Agreement:
    within = found.ppm <= counts.ppm
    said = (
        f"output `{pair.output}`: {found.mismatched:,} of {found.elements:,} elements ({ppm_words(found.ppm)}) {beyond}"
    )
    if within and found.mismatched:
        said += ", as tolerated"
    elif within:
        said = f"output `{pair.output}`: all {found.elements:,} elements agree"
    if found.max_abs is not None:
        said += f", largest absolute difference {found.max_abs:.3g}"
    if found.worst is not None and not within:
        values = [f"{side} {short(value)}" for side, value in _values(pair, found)]
        said += f"; worst at {pair.first.index(found.worst.position)}: {', '.join(values)}"
    return Agreement(within, said, found)


def _sided(pair: Pair) -> list[tuple[str, Tensor]]:
    return list(zip(pair.sides, (pair.first, pair.second), strict=True))


def _values(pair: Pair, found: Difference) -> list[tuple[str, float]]:
    if found.worst is None:
        return []
    return list(zip(pair.sides, (found.worst.expected, found.worst.produced), strict=True))
