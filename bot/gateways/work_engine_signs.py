"""Who lives among the workers, what each runs on, and the queue that each listens to.

A worker has a queue of its own in the engine: what it gives out it gives to itself, because another one may run on other
images, or have other room (DBOS keeps a queue's concurrency in the database, one figure for all that listen).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.gateways.work_columns import short
from bot.gateways.work_tables import workers

if TYPE_CHECKING:
    from bot.gateways.work_tables import WorkDatabase

SCHEMA = "dbos"
"""Of the engine's tables, on PostgreSQL."""
_QUEUE = re.compile(r"questions-[0-9a-f]{16}")
_NAME = 64
_LISTED = 1000


def worker_of(executor: str) -> str:
    """The part of an executor's name that is nobody else's."""
    return executor.partition(" ")[0][:_NAME]


def queue_of(executor: str) -> str:
    """The queue that this one listens to."""
    return f"questions-{worker_of(executor)}"


class Signs:
    """One worker's hands in the rows of all."""

    def __init__(self, database: WorkDatabase, executor: str, lanes: int) -> None:
        self._database, self._executor, self._lanes = database, executor, lanes
        self._queues = sa.table("queues", sa.column("name"), schema=None if database.sqlite else SCHEMA)
        self._since = ("", 0.0)

    def beat(self, environment: str, number: int) -> bool:
        """A sign of life, with what this worker runs on and since when; whether nobody knew of this worker.

        A worker that was taken for dead, and comes back, did not begin anew: it runs on what it ran on before.
        """
        now = self._database.now()
        values: dict[str, Any] = {"executor": self._executor, "environment": environment, "lanes": self._lanes}
        mine = sa.select(sa.literal(1)).where(workers.c.executor == self._executor)
        with self._database.begin() as connection:
            known = connection.execute(mine).first() is not None
            if environment != self._since[0]:
                self._since = (environment, float(connection.execute(sa.select(now)).scalar_one()))
            values |= {"beat": number, "at": now, "began": self._since[1]}
            self._database.upsert(connection, workers, values)
        return not known

    def beats(self) -> dict[str, int]:
        """The last sign of every worker that is known."""
        select = sa.select(workers.c.executor, workers.c.beat)
        with self._database.begin() as connection:
            return {row[0]: row[1] for row in connection.execute(select.limit(_LISTED))}

    def leave(self, executor: str) -> None:
        """A worker that is gone, with its queue; the last one's row stays, because it says what checks run on."""
        others = sa.select(sa.func.count()).select_from(workers).where(workers.c.executor != executor).scalar_subquery()
        with self._database.begin() as connection:
            connection.execute(sa.delete(workers).where(workers.c.executor == executor, others > 0))
            listed = sa.select(self._queues.c.name).where(self._queues.c.name.startswith("questions-")).limit(_LISTED)
            queues = {row[0] for row in connection.execute(listed) if _QUEUE.fullmatch(row[0])}
            # read after the queues: whoever has one was known before
            known = {queue_of(row[0]) for row in connection.execute(sa.select(short(workers.c.executor, _NAME)))}
            connection.execute(sa.delete(self._queues).where(self._queues.c.name.in_(queues - known)))
