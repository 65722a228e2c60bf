"""Whose question is next: a pure function from a look at the backlog.

What another question waits for goes first (`blob`: a moment's work). Then what people wait for, then re-tests, for which
nobody waits. Among people, contributors take turns: whose last question was given out longest ago is next, whoever was
never served first, so that a hundred uploads of one hold up nobody. Of one contributor's questions those asked for by a
command go first (somebody sits there and waits), then the oldest; a command moves nobody before another contributor.

Two bounds keep that from harming anybody. A contributor has at most `QUOTA` questions under way. And whoever has seen
`PATIENCE` others given out since their question came, and since they were last served, goes before all that have not: no
stream of newcomers starves anybody. Patience is a contributor's and not a question's, or a hundred that came together would
be out of it together and go before everybody. The re-tests have it as one contributor.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.records.backlog import Backlog, Question

QUOTA = 2
"""Questions of one contributor under way at once, over all workers; re-tests have no contributor who could mind."""
PATIENCE = 50
"""Others that are given out before a contributor goes first, with one question."""

_NEVER = -1


def choose(backlog: Backlog, room: int) -> tuple[str, ...]:
    """Up to `room` questions to give out now, in order; fewer where quotas or the lane kept from re-tests forbid it."""
    chosen: list[str] = []
    now = backlog
    while len(chosen) < room:
        tired = _tired(now)
        question = _first(now, tired, (one for one in now.waiting if _may(now, tired, one)))
        if question is None:
            break
        chosen.append(question.id)
        now = _given(now, question)
    return tuple(chosen)


def order(backlog: Backlog) -> Iterator[Question]:
    """All that wait, in the order in which they would be given out if nobody else came and each were done at once."""
    now = replace(backlog, under_way=())
    while (question := _first(now, _tired(now), now.waiting)) is not None:
        yield question
        now = replace(_given(now, question), under_way=())


def _tired(backlog: Backlog) -> Mapping[str, int]:
    """The accounts that have let enough others go first, and since when: since their oldest question, or since they were served."""
    came: dict[str, int] = {}
    for one in (one for one in backlog.waiting if one.verb != "blob"):
        came[one.account] = min(one.came, came.get(one.account, one.came))
    since = {account: max(oldest, backlog.served.get(account, 0)) for account, oldest in came.items()}
    return {account: began for account, began in since.items() if backlog.given - began >= PATIENCE}


def _first(backlog: Backlog, tired: Mapping[str, int], questions: Iterable[Question]) -> Question | None:
    return min(questions, key=lambda one: _rank(backlog, tired, one), default=None)


def _rank(backlog: Backlog, tired: Mapping[str, int], question: Question) -> tuple[object, ...]:
    if question.verb == "blob":
        return (0, 0, 0, question.asked, question.id)
    own = (question.kind != "again", question.asked, question.id)
    if question.account in tired:
        return (1, tired[question.account], *own)
    people = question.kind != "retest"
    return (2 if people else 3, backlog.served.get(question.account, _NEVER), *own)


def _may(backlog: Backlog, tired: Mapping[str, int], question: Question) -> bool:
    """A re-test never takes the last free lane, unless there is no other or they are tired: who comes now finds one."""
    if question.verb == "blob":
        return True
    if question.kind == "retest":
        busy = len(backlog.under_way) + 1
        return backlog.lanes <= 1 or busy < backlog.lanes or question.account in tired
    busy_of = Counter(one.contributor for one in backlog.under_way if one.kind != "retest" and one.verb != "blob")
    return not question.contributor or busy_of[question.contributor] < QUOTA


def _given(backlog: Backlog, question: Question) -> Backlog:
    """The backlog after that question was given out."""
    given = backlog.given + 1
    return replace(
        backlog,
        waiting=tuple(one for one in backlog.waiting if one.id != question.id),
        under_way=(*backlog.under_way, question),
        served={**backlog.served, question.account: given} if question.verb != "blob" else backlog.served,
        given=given,
    )
