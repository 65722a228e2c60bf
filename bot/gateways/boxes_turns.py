"""Who of those that wait for a place is next. Pure.

The check that holds fewest places goes first; of those that hold as many, one that was not let in since it asks; of these,
who asked first. So whoever comes new to a full machine is next when a box ends, but for one box of each check that came
before and was not let in yet; a check that is alone has all places. Without the middle part a machine with one place, where
nobody holds any when it becomes free, would have the order of asking, twelve boxes of re-tests before an upload.

A check's name is a word of whoever asks, so it must not buy much. Who came new is overtaken by nobody. Whose check was let
in before is overtaken by at most `PATIENCE` that asked later, and by twice as many more for each place that it holds,
however many names they have. Whoever gives each run a name of its own has the order of asking, as if there were no names.

Nobody starves, a large box neither. Later ones have ever higher numbers, so from some number on none goes before it; those
from before that leave some day, because a box's time has an end; and who is first waits for its fit while nobody behind
is let in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATIENCE = 128
"""A check of ten formats asks for some thirty boxes, one after the other or side by side."""


@dataclass(frozen=True)
class Turn:
    """One that waits."""

    number: int
    """Its own, in the order of asking."""
    whose: str
    """The check that it is for; those without a name are one."""
    had: bool = False
    """Whether its check held a place when it asked, or was given one since."""


def first(waiting: Iterable[Turn], held: Mapping[str, int]) -> Turn:
    """`held`: places by check, none for who is not in it; raises `ValueError` where nobody waits."""
    return min(waiting, key=lambda one: (one.number + PATIENCE * (2 * held.get(one.whose, 0) + one.had), one.number))


def given(waiting: Iterable[Turn], turn: Turn) -> list[Turn]:
    """Those that wait after that one was let in."""
    left = [one for one in waiting if one.number != turn.number]
    return [replace(one, had=True) if one.whose == turn.whose else one for one in left]
