"""What the picture of an output says, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.dynamic.histogram import Histogram, histogram
from workflows.dynamic.panels import DIFFERENCE, EXPECTED, PRODUCED, Panel, alone, of_binary, of_labels, of_numbers
from workflows.dynamic.views import Grid, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.dynamic.npy import Array, Tensor
    from workflows.dynamic.verdict import TensorVerdict
    from workflows.dynamic.views import View

SIDE = 186
"""Pixels of a panel's side."""
_LONGEST_NAME = 40
_RARE = 500
"""Mismatched elements in a million below which the worst is ringed."""


@dataclass(frozen=True)
class Card:
    """What a picture says: which output, where it looks, its answer, the panels, and the histogram."""

    headline: str
    answer: str
    passed: bool
    panels: Sequence[Panel]
    histogram: Histogram | None = None
    ring: tuple[float, float] | None = None
    """Where the worst element is, as shares of the panel's height and width, if it is hard to see."""


def card(verdict: TensorVerdict, axes: Sequence[str]) -> Card | None:
    """What to draw of one output; None where it is no image."""
    expected, produced, found = verdict.expected, verdict.produced, verdict.difference
    if expected is None or produced is None:
        return None
    passed = verdict.outcome.kind.value == "passed"
    place = None if passed or found.worst is None else expected.index(found.worst.position)
    seen = views(expected.shape, axes, place)
    if not seen:
        return None
    name = "".join(letter if " " <= letter <= "~" else "?" for letter in verdict.name)[:_LONGEST_NAME]
    headline = f"{name} ({produced.dtype.name}{', ' if seen[0].caption else ''}{seen[0].caption})"
    if expected.shape != produced.shape:
        return Card(headline, "failed: the shapes differ", passed, _apart(expected, produced, axes, seen))
    pairs = [(view.plane(expected), view.plane(produced)) for view in seen]
    make = {"label": of_labels, "binary": of_binary}.get(verdict.kind, of_numbers)
    panels = make(pairs, _grid(pairs[0][0], len(pairs)))
    answer = f"{verdict.outcome.kind.value}: {found.mismatched:,} of {found.elements:,} differ"
    ring = None if place is None or len(seen) > 1 or found.ppm > _RARE else _ring(seen[0], place, expected.shape)
    return Card(headline, answer, passed, panels, histogram(verdict), ring)


def _ring(view: View, place: Sequence[int], shape: Sequence[int]) -> tuple[float, float]:
    rows, columns = ((place[axis] + 0.5) / shape[axis] for axis in (view.rows, view.columns))
    return rows, columns


def _apart(expected: Tensor, produced: Tensor, axes: Sequence[str], seen: Sequence[View]) -> list[Panel]:
    """Two tensors of different shapes: each for itself, without a difference."""
    panels = []
    for title, tensor, found in ((EXPECTED, expected, seen), (PRODUCED, produced, views(produced.shape, axes, None))):
        planes = [view.plane(tensor) for view in found]
        said = f"{title}, {' x '.join(map(str, tensor.shape))}"
        panels.append(alone(said, planes, _grid(planes[0], len(planes))) if planes else Panel(said, (), "no image"))
    return [*panels, Panel(DIFFERENCE, (), "none: the shapes differ")]


def _grid(plane: Array, beside: int) -> Grid:
    return Grid.within((plane.shape[0], plane.shape[1]), share_of(beside), SIDE)


def share_of(beside: int) -> int:
    """Pixels across of each of several pictures in a panel."""
    return (SIDE - 2 * (beside - 1)) // max(1, beside)
