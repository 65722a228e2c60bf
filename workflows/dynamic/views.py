"""Which plane of a tensor is looked at, and what is seen of it at the size of a picture.

A plane is read in rows of cells, so that memory follows the picture and not the tensor.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workflows.dynamic.npy import Array, Tensor

SHORTEST = 8
"""Elements of a side of what is called an image."""
MOST_CHANNELS = 3
SMALL = 130
"""Longest side of images whose channels are shown beside each other."""
_CHANNEL, _BATCH = frozenset({"c", "channel"}), frozenset({"b", "batch"})
_NO_SPACE = _CHANNEL | _BATCH | {"t", "time", "i", "index"}


@dataclass(frozen=True)
class View:
    """Two axes of a tensor at one place along all others; `caption` says which."""

    at: tuple[int, ...]
    """The index along every axis; those of `rows` and `columns` do not count."""
    rows: int
    columns: int
    caption: str = ""

    def plane(self, tensor: Tensor) -> Array:
        """The elements, shape (rows, columns), not read yet."""
        index: list[Any] = list(self.at)
        index[self.rows] = index[self.columns] = slice(None)
        plane: Array = tensor.mapped()[tuple(index)]
        return plane.T if self.rows > self.columns else plane


def views(shape: Sequence[int], axes: Sequence[str], place: Sequence[int] | None) -> list[View]:
    """What to show of a tensor: several views are its channels; none where it is no image.

    Along the other axes it is the middle, or `place` (of the worst element) where there is one: a slice without a fault
    would show none.
    """
    names = list(axes) if len(axes) == len(shape) else [f"axis {axis}" for axis in range(len(shape))]
    space = [axis for axis, name in enumerate(names) if name not in _NO_SPACE and shape[axis] >= SHORTEST]
    if len(space) < 2:  # noqa: PLR2004 - an image has two sides
        return []
    rows, columns = space[-2:]
    if (names[rows], names[columns]) == ("x", "y"):
        rows, columns = columns, rows
    at = [_place(name, length) for name, length in zip(names, shape, strict=True)]
    at = list(place) if place and len(place) == len(shape) else at
    one = View(tuple(at), rows, columns)
    channel = next((axis for axis, name in enumerate(names) if name in _CHANNEL), None)
    small = max(shape[rows], shape[columns]) <= SMALL
    if channel is not None and small and 1 < shape[channel] <= MOST_CHANNELS:
        return [_moved(one, channel, number, names, shape) for number in range(shape[channel])]
    return [View(one.at, rows, columns, _caption(one, names, shape))]


@dataclass(frozen=True)
class Grid:
    """Where the cells of a plane begin that become one element of a picture each."""

    rows: Array
    columns: Array
    shape: tuple[int, int]
    """Of the plane."""

    @classmethod
    def within(cls, shape: tuple[int, int], width: int, height: int) -> Grid:
        """No more cells than pixels in a box, and none smaller than an element."""
        scale = min(1.0, width / shape[1], height / shape[0])
        rows, columns = (_begins(length, max(1, int(length * scale))) for length in shape)
        return cls(rows, columns, shape)

    def bands(self, plane: Array) -> Iterator[Array]:
        """The plane's elements by rows of cells, in their own type."""
        for start, stop in pairwise([*self.rows.tolist(), self.shape[0]]):
            yield np.asarray(plane[start:stop])

    def corners(self, plane: Array) -> Array:
        """The first element of each cell, in its own type: labels have no mean."""
        return np.asarray(plane[self.rows[:, None], self.columns])

    def means(self, plane: Array) -> Array:
        """The mean of each cell; NaN where one of its elements is not finite."""
        widths = np.diff([*self.columns, self.shape[1]])
        found = []
        with np.errstate(invalid="ignore", over="ignore"):
            for band in self.bands(plane):
                mean = np.add.reduceat(band.astype(np.float64).sum(0), self.columns) / (widths * band.shape[0])
                found.append(np.where(np.isfinite(mean), mean, np.nan))
        return np.stack(found)

    def extremes(self, expected: Array, produced: Array) -> Array:
        """`produced - expected` where it is furthest from 0 in each cell; NaN where only one is finite."""
        found = []
        for wanted, got in zip(self.bands(expected), self.bands(produced), strict=True):
            first, second = wanted.astype(np.float64), got.astype(np.float64)
            with np.errstate(invalid="ignore", over="ignore"):
                change = np.where((first == second) | (np.isnan(first) & np.isnan(second)), 0.0, second - first)
                change = np.where(np.isfinite(change), change, np.nan)
                high = np.maximum.reduceat(change.max(0), self.columns)
                low = np.minimum.reduceat(change.min(0), self.columns)
            found.append(np.where(high >= -low, high, low))
        return np.stack(found)

    def anywhere(self, bands: Iterable[Array]) -> Array:
        """Whether any element of each cell is true; `bands` are truth values as `bands` gives elements."""
        return np.stack([np.logical_or.reduceat(band.any(0), self.columns) for band in bands])


def _begins(length: int, cells: int) -> Array:
    return np.arange(cells) * length // cells


def _place(name: str, length: int) -> int:
    return 0 if name in _CHANNEL | _BATCH else length // 2


def _moved(view: View, channel: int, number: int, names: Sequence[str], shape: Sequence[int]) -> View:
    """The view of another channel; its caption names all that are shown."""
    at = list(view.at)
    at[channel] = number
    others = _caption(view, names, shape, channel)
    said = f"{names[channel]} 1 to {shape[channel]}"
    return View(tuple(at), view.rows, view.columns, f"{said}, {others}" if others else said)


def _caption(view: View, names: Sequence[str], shape: Sequence[int], channel: int | None = None) -> str:
    shown = {view.rows, view.columns, channel}
    others = [axis for axis in range(len(shape)) if axis not in shown and shape[axis] > 1]
    return ", ".join(f"{names[axis]} {view.at[axis] + 1} of {shape[axis]}" for axis in others)
