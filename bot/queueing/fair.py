"""Whose question is next: a pure function from a look at the backlog.

What another question waits for goes first (`blob`: a moment's work). Then what people wait for, then re-tests, for which
nobody waits. Among people, contributors take turns: whose last question was given out longest ago is next, whoever was
never served first, so that a hundred uploads of one hold up nobody. Of one contributor's questions those asked for by a
command go first (somebody sits there and waits), then the oldest; a command moves nobody before another contributor.

Two bounds keep that from harming anybody. A contributor has at most `QUOTA` questions under way. And whatever has seen
`PATIENCE` others given out since it came goes before all that have not: no stream of uploads starves the re-tests.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.records.backlog import Backlog, Question

QUOTA = 2
"""Questions of one contributor under way at once, over all workers; re-tests have no contributor who could mind."""
PATIENCE = 50
"""Others that are given out before a question goes first."""

_NEVER = -1


def choose(backlog: Backlog, room: int) -> tuple[str, ...]:
    """Up to `room` questions to give out now, in order; fewer where quotas or the lane kept from re-tests forbid it."""
    chosen: list[str] = []
    now = backlog
    while len(chosen) < room:
        question = _first(now, (one for one in now.waiting if _may(now, one)))
        if question is None:
            break
        chosen.append(question.id)
        now = _given(now, question)
    return tuple(chosen)


def order(backlog: Backlog) -> Iterator[Question]:
    """All that wait, in the order in which they would be given out if nobody else came and each were done at once."""
    now = replace(backlog, under_way=())
    while (question := _first(now, now.waiting)) is not None:
        yield question
        now = replace(_given(now, question), under_way=())


def overdue(backlog: Backlog, question: Question) -> bool:
    """It has let enough others go first."""
    return backlog.given - question.came >= PATIENCE


def _first(backlog: Backlog, questions: Iterable[Question]) -> Question | None:
    return min(questions, key=lambda one: _rank(backlog, one), default=None)


def _rank(backlog: Backlog, question: Question) -> tuple[object, ...]:
    if question.verb == "blob":
        return (0, 0, 0, question.asked, question.id)
    if overdue(backlog, question):
        return (1, question.came, 0, question.asked, question.id)
    turn = backlog.served.get(question.contributor, _NEVER)
    people = question.kind != "retest"
    return (2 if people else 3, turn, question.kind != "again", question.asked, question.id)


def _may(backlog: Backlog, question: Question) -> bool:
    """A re-test never takes the last free lane, unless there is no other or it is overdue: who comes now finds one."""
    if question.verb == "blob":
        return True
    if question.kind == "retest":
        busy = len(backlog.under_way) + 1
        return backlog.lanes <= 1 or busy < backlog.lanes or overdue(backlog, question)
    busy_of = Counter(one.contributor for one in backlog.under_way if one.kind != "retest" and one.verb != "blob")
    return not question.contributor or busy_of[question.contributor] < QUOTA


def _given(backlog: Backlog, question: Question) -> Backlog:
    """The backlog after that question was given out."""
    given = backlog.given + 1
    return replace(
        backlog,
        waiting=tuple(one for one in backlog.waiting if one.id != question.id),
        under_way=(*backlog.under_way, question),
        served={**backlog.served, question.contributor: given} if question.verb != "blob" else backlog.served,
        given=given,
    )
