"""The panels of a picture: expected, produced and their difference as colours, each with what stands below it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workflows.dynamic.colours import OVER, distinct, diverging, grey, with_marks
from workflows.dynamic.partition import MAX_PAIRS, Relabelling, best_relabelling, explained, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflows.dynamic.npy import Array
    from workflows.dynamic.views import Grid

EXPECTED, PRODUCED, DIFFERENCE = "expected", "produced", "difference"
_WIDEST = 3.0
"""How much more than the expected range the common scale of grey may take in; beyond it all detail would be lost."""

Planes = tuple["Array", "Array"]
"""Of the expected and the produced tensor, each of shape (rows, columns)."""


@dataclass(frozen=True)
class Panel:
    """One panel: a picture for each channel shown, a line below, and the ends of a scale where there is one."""

    title: str
    pictures: tuple[Array, ...]
    below: str = ""
    not_finite: int = 0
    scale: tuple[str, str] | None = None
    """What blue and red mean."""


@dataclass(frozen=True)
class Extent:
    """The finite values of planes, and how many are not."""

    low: float
    high: float
    not_finite: int

    @property
    def words(self) -> str:
        """As in a picture."""
        return "no finite value" if self.low > self.high else f"{self.low:.3g} to {self.high:.3g}"


def extent(planes: Sequence[Array], grid: Grid) -> Extent:
    """Over all elements of these planes."""
    low, high, odd = np.inf, -np.inf, 0
    for plane in planes:
        for band in grid.bands(plane):
            finite = band[np.isfinite(band)]
            odd += band.size - finite.size
            if finite.size:
                low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return Extent(low, high, odd)


def alone(title: str, planes: Sequence[Array], grid: Grid) -> Panel:
    """One tensor on its own scale."""
    found = extent(planes, grid)
    pictures = tuple(grey(grid.means(plane), found.low, found.high) for plane in planes)
    return Panel(title, pictures, found.words, found.not_finite)


def of_numbers(pairs: Sequence[Planes], grid: Grid) -> list[Panel]:
    """Grey on one scale; the difference blue and red."""
    sides = [[pair[side] for pair in pairs] for side in (0, 1)]
    found = [extent(planes, grid) for planes in sides]
    low, high = common(*found)
    panels = []
    for title, planes, one in zip((EXPECTED, PRODUCED), sides, found, strict=True):
        drawn = "" if one.low > one.high or (low <= one.low and one.high <= high) else f", white from {high:.3g}"
        pictures = tuple(grey(grid.means(plane), low, high) for plane in planes)
        panels.append(Panel(title, pictures, one.words + drawn, one.not_finite))
    return [*panels, _change([grid.extremes(*pair) for pair in pairs])]


def of_binary(pairs: Sequence[Planes], grid: Grid) -> list[Panel]:
    """Black and white; blue is expected alone, red is produced alone."""
    panels = []
    for side, title in enumerate((EXPECTED, PRODUCED)):
        planes = [pair[side] for pair in pairs]
        found, total = extent(planes, grid), sum(plane.size for plane in planes)
        is_set = sum(int(np.count_nonzero(band)) for plane in planes for band in grid.bands(plane))
        pictures = tuple(_black_and_white(grid.corners(plane)) for plane in planes)
        panels.append(Panel(title, pictures, f"{is_set:,} of {total:,} set", found.not_finite))
    change = [grid.extremes(*pair) for pair in pairs]
    pictures = tuple(diverging(np.sign(one), 1.0) for one in change)
    return [*panels, Panel(DIFFERENCE, pictures, scale=("only expected", "only produced"))]


def of_labels(pairs: Sequence[Planes], grid: Grid) -> list[Panel]:
    """A colour for each label; a produced label has the colour of the expected one that it stands for."""
    found = relabelling(pairs, grid)
    partners = {got: wanted for wanted, got in found.labels.items()}
    first = tuple(_labelled(grid.corners(wanted), None) for wanted, _ in pairs)
    second = tuple(_labelled(grid.corners(got), partners) for _, got in pairs)
    outside = [grid.anywhere(_outside(*one, found) for one in _both(pair, grid)) for pair in pairs]
    grounds = [np.full((*one.shape, 3), 235, np.uint8) for one in outside]
    pictures = tuple(with_marks(ground, one, OVER) for ground, one in zip(grounds, outside, strict=True))
    numbers = [
        len({label for pair in pairs for label in np.unique(grid.corners(pair[side])).tolist()}) for side in (0, 1)
    ]
    said = [f"{number:,} label{'' if number == 1 else 's'}" for number in numbers]
    return [
        Panel(EXPECTED, first, said[0]),
        Panel(PRODUCED, second, said[1]),
        Panel(DIFFERENCE, pictures, "red: labelled differently"),
    ]


def common(expected: Extent, produced: Extent) -> tuple[float, float]:
    """The ends of the scale of grey for both: everything, but the expected range where the other is far beyond it."""
    low, high = min(expected.low, produced.low), max(expected.high, produced.high)
    span = expected.high - expected.low
    return (low, high) if not span > 0 or high - low <= _WIDEST * span else (expected.low, expected.high)


def relabelling(pairs: Sequence[Planes], grid: Grid) -> Relabelling:
    """As the judge finds it, of these planes alone; an empty one where there are too many labels."""
    counted: Counter[tuple[float, float]] = Counter()
    for pair in pairs:
        for wanted, got in _both(pair, grid):
            counted.update(pairs_of(wanted.reshape(-1), got.reshape(-1)))
            if len(counted) > MAX_PAIRS:
                return Relabelling({}, 0)
    return best_relabelling(counted)


def codes(labels: Array, partners: dict[float, float] | None = None) -> Array:
    """A whole number for each label, 0 for 0; a label with a partner has the partner's."""
    values, inverse = np.unique(labels, return_inverse=True)
    known = [value if partners is None else partners.get(value, value + 0.5) for value in values.tolist()]
    numbers = [0 if value == 0 else int(abs(value) * 2) % 9973 + 1 if np.isfinite(value) else 1 for value in known]
    found: Array = np.array(numbers)[inverse.reshape(labels.shape)]
    return found


def _change(change: Sequence[Array]) -> Panel:
    finite = [np.abs(one[np.isfinite(one)]) for one in change]
    most = max((float(one.max()) for one in finite if one.size), default=0.0)
    pictures = tuple(diverging(one, most) for one in change)
    scale = (f"-{most:.3g}", f"+{most:.3g}") if most > 0 else None
    marked = any(one.size < change[number].size for number, one in enumerate(finite))
    return Panel(
        f"{DIFFERENCE} (produced - expected)", pictures, "none where both are finite" if marked else "none", scale=scale
    )


def _labelled(labels: Array, partners: dict[float, float] | None) -> Array:
    return with_marks(distinct(codes(labels, partners)), ~np.isfinite(labels))


def _black_and_white(values: Array) -> Array:
    numbers = np.asarray(values, np.float64)
    return grey(np.where(np.isfinite(numbers), (numbers != 0) * 1.0, np.nan), 0.0, 1.0)


def _both(pair: Planes, grid: Grid) -> Iterator[Planes]:
    """Both planes in bands of their own types."""
    return zip(grid.bands(pair[0]), grid.bands(pair[1]), strict=True)


def _outside(wanted: Array, got: Array, found: Relabelling) -> Array:
    return ~explained(wanted.reshape(-1), got.reshape(-1), found).reshape(wanted.shape)
