"""When a question's turn comes, coarsely: its place, and the time that past questions of its kind took. Pure.

Where nothing was learned yet, nothing is said of time.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from bot.queueing.fair import order
from bot.records.backlog import Place, Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.records.backlog import Backlog
    from bot.records.turn import Turn

ROOM = "durations"
"""Room of what past questions took, by `kinds_of`: the last `SAMPLES` of each, in seconds."""
SAMPLES = 60
_USUAL = 0.8
"""Four of five are done within the time that is told."""
_LONGEST = 4 * 3600.0
_FEW = 3


def place(backlog: Backlog, question: str) -> Place | None:
    """Where it stands; None where it neither waits nor is under way (it was answered, or never asked)."""
    if any(one.id == question for one in backlog.under_way):
        return Place(under_way=True, workers=backlog.lanes > 0)
    for before, one in enumerate(order(backlog)):
        if one.id == question:
            return Place(before, workers=backlog.lanes > 0)
    return Place(len(backlog.waiting), workers=backlog.lanes > 0) if backlog.more else None


def seconds(backlog: Backlog, question: str, taken: Mapping[str, Sequence[float]]) -> float | None:
    """Until it is usually answered, with the workers that live now; None where nobody can know."""
    if not backlog.lanes:
        return None
    free: list[float] = [0.0] * backlog.lanes
    for one in backlog.under_way:
        usual_time = usual(taken, one)
        left = None if usual_time is None else max(usual_time - one.seconds, 1.0)
        if one.id == question:
            return left
        _occupy(free, left or 0.0)
    for one in order(backlog):
        usual_time = usual(taken, one)
        end = _occupy(free, usual_time or 0.0)
        if one.id == question:
            return None if usual_time is None else end
    return None


def seconds_for(backlog: Backlog, verb: str, turn: Turn, taken: Mapping[str, Sequence[float]]) -> float | None:
    """Until a question asked now would usually be answered; a process that answers itself (no lanes) begins at once."""
    asked = Question("", verb, turn.contributor, turn.kind, turn.weights, asked=float("inf"), came=backlog.given)
    if not backlog.lanes:
        return None if backlog.waiting else usual(taken, asked)
    return seconds(replace(backlog, waiting=(*backlog.waiting, asked)), "", taken)


def usual(taken: Mapping[str, Sequence[float]], question: Question) -> float | None:
    """What four of five questions of its kind took at most: of exactly these weights, or of any where those are few."""
    known = [list(taken.get(kind, ())) for kind in kinds_of(question.verb, question.weights)]
    found = next(
        (values for values in known if len(values) >= _FEW), next((values for values in known if values), None)
    )
    if found is None:
        return None
    return found[0] if len(found) == 1 else quantiles(found, n=10, method="inclusive")[round(_USUAL * 10) - 1]


def kinds_of(verb: str, weights: Sequence[str]) -> tuple[str, ...]:
    """The names under which its time is kept, the most particular first."""
    exact = f"{verb} {'+'.join(sorted(weights))}"
    return (exact, verb) if weights else (verb,)


def durations(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, list[float]]:
    """The samples in the rows of `ROOM`."""
    return {kind: [float(one) for one in row.get("seconds", ())] for kind, row in rows.items()}


def learned_row(row: Mapping[str, Any] | None, took: float) -> dict[str, Any]:
    """A row with one sample more; whatever the work side says of itself is held to what is possible."""
    before = list(row["seconds"]) if row else []
    return {"seconds": [*before, round(min(max(took, 0.0), _LONGEST), 2)][-SAMPLES:]}


def _occupy(free: list[float], time: float) -> float:
    """The lane that is free first is taken for so long; when it is free again."""
    end = heapq.heappop(free) + time
    heapq.heappush(free, end)
    return end
