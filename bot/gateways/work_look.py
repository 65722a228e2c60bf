"""One bounded look at the work database: the backlog, the workers that live, one answer.

Whatever is read may have been written by a hostile worker: texts are cut and bytes are measured in the database, rows
are counted, numbers are made numbers here. Nothing is deserialised but JSON, and that by `plain_json`.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.gateways.work_columns import figure, short, whole
from bot.gateways.work_tables import ID, RELEASED, answers, counters, questions, served, workers
from bot.records.backlog import Backlog, Question
from bot.records.turn import turn_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.gateways.work_tables import WorkDatabase

LISTED = 200
"""Rows of each kind that one look takes at most."""
ALIVE_SECONDS = 60.0
"""A worker whose last sign is older is not counted; nothing but numbers that people see follows from it."""
_MOST_LANES = 10_000


def backlog(
    database: WorkDatabase, connection: sa.Connection, environment: str, *, worker: str = "", listed: int = LISTED
) -> Backlog:
    """What waits and what is under way for workers on that environment, oldest first, and how many of those live.

    Where `worker` is named, without what that one declined. What was asked for another environment is not in the way of anybody.
    """
    now = database.now()
    columns: list[sa.ColumnElement[Any]] = [
        short(questions.c.id, ID),
        short(questions.c.verb, 16),
        short(questions.c.contributor, 128),
        short(questions.c.kind, 16),
        short(questions.c.weights, 1024),
        figure(questions.c.asked),
        whole(questions.c.came),
        figure(now - sa.func.coalesce(questions.c.started, now)),
    ]
    waits = waiting_for(environment, worker)
    select = sa.select(*columns).order_by(questions.c.asked, questions.c.id).limit(listed)
    waiting = tuple(map(_question, connection.execute(select.where(waits))))
    out = (questions.c.released.is_not(None), asked_of(environment))
    under_way = tuple(map(_question, connection.execute(select.where(*out))))
    lanes, living = _living(database, connection, environment)
    return Backlog(
        waiting,
        under_way,
        served=_served(connection, {one.account for one in waiting}),
        given=given(connection),
        lanes=lanes,
        workers=living,
        more=_more(connection, waits, len(waiting)) if len(waiting) == listed else 0,
    )


def asked_of(environment: str) -> sa.ColumnElement[bool]:
    """Questions that are for workers on it: those that were asked for it, and those for which any will do."""
    return sa.or_(questions.c.environment.is_(None), questions.c.environment == environment)


def waiting_for(environment: str, worker: str = "") -> sa.ColumnElement[bool]:
    """Questions that may be given out to that worker, or to any on that environment."""
    waits = sa.and_(questions.c.released.is_(None), asked_of(environment))
    if not worker:
        return waits
    declined = sa.func.coalesce(questions.c.declined, "").contains(f" {worker} ", autoescape=True)
    return sa.and_(waits, sa.not_(declined))


def given(connection: sa.Connection) -> int:
    """How many questions were ever given out."""
    row = connection.execute(sa.select(whole(counters.c.value)).where(counters.c.name == RELEASED)).first()
    return int(number(row[0])) if row else 0


def number(value: object) -> float:
    """A finite number, 0 for whatever is none."""
    good = isinstance(value, int | float) and abs(value) < 2**53 and isfinite(value)
    return float(value) if good and isinstance(value, int | float) else 0.0


def answerable(connection: sa.Connection, ids: Sequence[str], environment: str) -> frozenset[str]:
    """Those of the (at most a few hundred) names that stand there and are for workers on that environment."""
    open_ones = (questions.c.id.in_(ids), asked_of(environment))
    select = sa.select(short(questions.c.id, ID)).where(*open_ones).limit(len(ids))
    return frozenset(row[0] for row in connection.execute(select)) & frozenset(ids)


def finished(connection: sa.Connection, ids: Sequence[str]) -> frozenset[str]:
    """Those of the (at most a few hundred) names that have an answer."""
    select = sa.select(short(answers.c.id, ID)).where(answers.c.id.in_(ids)).limit(len(ids))
    return frozenset(row[0] for row in connection.execute(select)) & frozenset(ids)


def environments(connection: sa.Connection, alive: sa.ColumnElement[bool] | None) -> str:
    """What the newest of the workers runs on; empty where there is none."""
    select = sa.select(short(workers.c.environment, 65))
    if alive is not None:
        select = select.where(alive).order_by(workers.c.began.desc(), workers.c.executor)
    row = connection.execute(select.order_by(workers.c.at.desc()).limit(1)).first()
    return str(row[0]) if row else ""


def living(database: WorkDatabase) -> sa.ColumnElement[bool]:
    """Rows of workers that gave a sign lately."""
    return workers.c.at > database.now() - ALIVE_SECONDS


def _living(database: WorkDatabase, connection: sa.Connection, environment: str) -> tuple[int, int]:
    alive = (living(database), short(workers.c.environment, 65) == environment)
    rows = connection.execute(sa.select(whole(workers.c.lanes)).where(*alive).limit(LISTED)).fetchall()
    lanes = sum(int(min(max(number(row[0]), 0), _MOST_LANES)) for row in rows)
    return min(lanes, _MOST_LANES), len(rows)


def _served(connection: sa.Connection, accounts: set[str]) -> dict[str, int]:
    if not accounts:
        return {}
    select = sa.select(short(served.c.contributor, 128), whole(served.c.released))
    rows = connection.execute(select.where(served.c.contributor.in_(accounts)).limit(len(accounts)))
    return {str(row[0]): int(number(row[1])) for row in rows}


def _more(connection: sa.Connection, waits: sa.ColumnElement[bool], listed: int) -> int:
    all_of_them = sa.select(sa.func.count()).select_from(questions).where(waits)
    return max(0, int(number(connection.execute(all_of_them).scalar())) - listed)


def _question(row: Sequence[Any]) -> Question:
    name, verb, contributor, kind, weights, asked, came, seconds = row
    turn = turn_of({"contributor": contributor, "kind": kind})
    return Question(
        str(name),
        str(verb),
        turn.contributor,
        turn.kind,
        tuple(filter(None, str(weights).split("+"))),
        number(asked),
        int(number(came)),
        max(0.0, number(seconds)),
    )
