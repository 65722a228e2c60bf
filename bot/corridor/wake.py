"""The other end of an open question: whose answer is there is told to the engine, so that it is looked at again.

So is who waits for an answer that nobody will give: the question was asked for images that no newer worker runs on, or is gone
with its database. The look asks anew, under the name that the question has now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.corridor.open_questions import ASKED, question_of
from bot.corridor.waiting import learn
from bot.records.event import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Engine, Json
    from bot.queueing.waiting_room import WaitingRoom
    from bot.records.event import Subject

KEPT = timedelta(days=2)
"""So long a question is asked about; the sweep looks at its subject anyway, and asks anew where it still matters."""

YOUNG = timedelta(minutes=1)
"""A younger question is not given up: whatever the work side says, a subject is told of that once in so long at most."""

log = structlog.get_logger()


def wake(desk: Desk, workshop: WaitingRoom, engine: Engine) -> int:
    """How many subjects were told. Cheap, to be called every moment; a row goes after its subject was told, never before."""
    rows = desk.store.items(ASKED)
    subjects = {key: subject for key, row in rows.items() if (subject := _subject(desk, key, row)) is not None}
    finished = workshop.finished({question_of(key) for key in subjects}) if subjects else frozenset()
    gone = _given_up(desk, workshop, {key: rows[key] for key in subjects if question_of(key) not in finished})
    told = [key for key in subjects if question_of(key) in finished or key in gone]
    for key in told:
        engine.tell(subjects[key])
        desk.store.drop(ASKED, key)
    _learn(desk, workshop, finished)
    for key in subjects.keys() - set(told):
        _age(desk, key, rows[key])
    return len(told)


def _subject(desk: Desk, key: str, row: Json) -> Subject | None:
    try:
        return subject_of(str(row.get("subject", "")))
    except ValueError as error:
        log.warning("question_without_subject", question=key, problem=str(error))
        desk.store.drop(ASKED, key)
        return None


def _given_up(desk: Desk, workshop: WaitingRoom, rows: Mapping[str, Json]) -> Collection[str]:
    """Rows whose question nobody will answer under this name."""
    old = {key for key, row in rows.items() if (_seen(desk, row) or timedelta()) > YOUNG}
    open_still = workshop.answerable({question_of(key) for key in old}) if old else frozenset()
    gone = {key for key in old if question_of(key) not in open_still}
    for key in gone:
        log.info("question_given_up", question=question_of(key), subject=rows[key]["subject"])
    return gone


def _age(desk: Desk, key: str, row: Json) -> None:
    """A row is as old as since it was first seen here; a date of another form, or from the future, begins anew."""
    age = _seen(desk, row)
    if age is None:
        now = desk.clock.now().isoformat()
        desk.store.change(ASKED, key, lambda kept: kept and {**kept, "at": now})
    elif age > KEPT:
        log.info("question_dropped", question=question_of(key), subject=row["subject"])
        desk.store.drop(ASKED, key)


def _seen(desk: Desk, row: Json) -> timedelta | None:
    """For how long; None where that is not known."""
    try:
        age = desk.clock.now() - datetime.fromisoformat(str(row.get("at", "")))
    except (ValueError, TypeError):
        return None
    return age if age >= timedelta() else None


def _learn(desk: Desk, workshop: WaitingRoom, finished: Collection[str]) -> None:
    if finished:
        for verb, weights, seconds in workshop.took(finished).values():
            learn(desk.store, verb, weights, seconds)
