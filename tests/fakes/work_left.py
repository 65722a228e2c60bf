"""What a worker that is gone, or a hostile hand, leaves in the work database: given out by the real code, then changed by hand."""

from __future__ import annotations

from contextlib import contextmanager

import sqlalchemy as sa
from dbos import DBOS

from bot.gateways.work_engine_rows import Rows
from bot.gateways.work_engine_signs import Signs, queue_of
from bot.gateways.work_tables import WorkDatabase, questions, workers


class Left:
    """A database of a worker that is gone; it ran on `environment`."""

    def __init__(self, url: str, environment: str) -> None:
        DBOS.migrate(url)
        self.database, self.environment = WorkDatabase(url), environment
        self._schema = "" if self.database.sqlite else "dbos."
        with self.worker("predecessor"):
            pass

    @contextmanager
    def worker(self, executor: str, lanes: int = 4):
        """Its hands in the database; it gives one sign of life and claims nothing."""
        Signs(self.database, executor, lanes).beat(self.environment, 1)
        rows = Rows(self.database, executor, lanes)
        yield rows
        rows.close()

    def given_out(self, executor: str = "predecessor", lanes: int = 4) -> None:
        """All that waits lies in its queue."""
        with self.worker(executor, lanes) as rows:
            rows.release(lambda look, _room: [one.id for one in look.waiting], self.environment)

    def change(self, question: str, values: str) -> None:
        """The row of what that question was given out as."""
        self.sql(f"UPDATE {self._schema}workflow_status SET {values} WHERE workflow_uuid LIKE '{question}.%%'")

    def drop(self, question: str) -> None:
        self.sql(f"DELETE FROM {self._schema}workflow_status WHERE workflow_uuid LIKE '{question}.%%'")

    def inputs(self) -> int:
        with self.database.begin() as connection:
            return connection.exec_driver_sql(f"SELECT count(*) FROM {self._schema}workflow_input").scalar()

    def flows(self) -> dict[str, str]:
        """Status of each row of the engine, by its question."""
        with self.database.begin() as connection:
            rows = connection.exec_driver_sql(f"SELECT workflow_uuid, status FROM {self._schema}workflow_status")
            return {row[0].rpartition(".")[0]: row[1] for row in rows}

    def queued(self, executor: str) -> set[str]:
        """The questions in its queue."""
        statement = f"SELECT workflow_uuid FROM {self._schema}workflow_status WHERE queue_name = '{queue_of(executor)}'"
        with self.database.begin() as connection:
            return {row[0].rpartition(".")[0] for row in connection.exec_driver_sql(statement)}

    def given(self, question: str) -> str | None:
        """What it is given out as."""
        with self.database.begin() as connection:
            return connection.execute(sa.select(questions.c.workflow).where(questions.c.id == question)).scalar()

    def newest(self) -> str:
        """The worker that began last."""
        with self.database.begin() as connection:
            newest = sa.select(workers.c.executor).order_by(workers.c.began.desc())
            return connection.execute(newest).scalars().first()

    def sql(self, statement: str) -> None:
        with self.database.begin() as connection:
            connection.exec_driver_sql(statement)
