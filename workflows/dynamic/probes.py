"""Other inputs than the test inputs, made from them: mirrored, noised, cut or grown. Pure, the same for every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.dynamic.npy import Array

NOISE = 0.2
"""Noise, as a part of the input's own standard deviation."""
NOISE_OF_CONSTANT = 0.01
"""Noise of an input without any deviation, as a part of its magnitude; 1 where it is zero."""
LEAST_STEP = 0.5
"""Noise of whole numbers at least: below it nearly all would be rounded away."""
FLIPPED_BITS = 0.05
"""The share of a mask's elements that noise turns over."""


class UnfitPlanError(ValueError):
    """The plan does not fit the test inputs; the message is a reason."""


def flipped(array: Array, axes: Sequence[int]) -> Array:
    """Mirrored along those axes."""
    if any(not 0 <= axis < array.ndim for axis in axes):
        raise UnfitPlanError(f"the test input has {array.ndim} axes, fewer than the description has")
    return np.ascontiguousarray(np.flip(array, tuple(axes))).reshape(array.shape)


def noised(array: Array, random: np.random.Generator, span: tuple[float, float] = (-np.inf, np.inf)) -> Array:
    """With normal noise, in the input's own dtype.

    Clipped to the declared `span` of the data, widened by what the input itself has, and to the dtype.
    """
    if array.dtype.kind == "b":
        turned: Array = np.logical_xor(array, random.random(array.shape) < FLIPPED_BITS)
        return turned
    whole = array.dtype.kind in "iu"
    sigma = deviation(array)
    noise = random.standard_normal(array.shape, np.float32) * np.float32(max(sigma, LEAST_STEP) if whole else sigma)
    wide = np.result_type(array.dtype, np.float64 if whole else np.float32)
    values = array.astype(wide) + (np.rint(noise) if whole else noise)
    least, most = bounds(array, span)
    clipped: Array = np.clip(values, least, most).astype(array.dtype)
    return clipped


def deviation(array: Array) -> float:
    """The noise's standard deviation, from the finite elements."""
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    if not finite.size:
        return 1.0
    deviation = float(np.std(finite, dtype=np.float64))
    if deviation:
        return NOISE * deviation
    return NOISE_OF_CONSTANT * abs(float(finite.flat[0])) or 1.0


def bounds(array: Array, span: tuple[float, float]) -> tuple[Any, Any]:
    """What noise may not go beyond: the declared span, or the input where that goes beyond it; never the dtype."""
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    if not finite.size:
        return None, None
    least, most = min(span[0], finite.min()), max(span[1], finite.max())
    if array.dtype.kind == "f":
        info = np.finfo(array.dtype)
        return max(least, float(info.min)), min(most, float(info.max))
    limits = np.iinfo(array.dtype)
    return max(least, limits.min), min(most, limits.max)


def resized(array: Array, shape: Sequence[int]) -> Array:
    """Cut around its centre where it is longer than `shape`, continued by its mirror image where it is shorter."""
    if len(shape) != array.ndim or 0 in array.shape:
        raise UnfitPlanError(f"the test input has the shape {array.shape}, which cannot become {tuple(shape)}")
    starts = [max(0, (have - want) // 2) for have, want in zip(array.shape, shape, strict=True)]
    cut = array[tuple(slice(start, start + want) for start, want in zip(starts, shape, strict=True))]
    missing = [(0, want - have) for have, want in zip(cut.shape, shape, strict=True)]
    return np.ascontiguousarray(np.pad(cut, missing, mode="symmetric"))
