"""The engine's rows in the work database, as the workers handle them: give out, take over, give back, forget.

DBOS does what it is for: it hands a question to one worker, counts how often, and knows which are under way. What comes
before and after is done here in plain SQL, because its own ways do not fit (all seen in 3.4): `resume_workflow` and
its recovery reset attempts or change the queue; dead-lettering says nothing to whoever waits; and an order that looks at
contributors is not a number that could be fixed when a question comes.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer, WorkflowSerializationFormat

from bot.gateways import work_look
from bot.gateways.work_columns import short
from bot.gateways.work_engine_signs import SCHEMA, queue_of, worker_of
from bot.gateways.work_tables import RELEASED, counters, questions, served, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.gateways.work_tables import WorkDatabase
    from bot.records.backlog import Backlog

APPLICATION = "accession-work"
VERSION = "1"
"""Of what a question's row means; pinned, so that a deploy strands nothing."""
WORKFLOW = "answer"
MOST_KILLS = 3
MOST_FAILURES = 3
"""Runs of one question in a day that failed on our side before that is told."""
_LISTED = 1000
_NAME = 64


class Rows:
    """What one worker does with them."""

    def __init__(self, database: WorkDatabase, executor: str, lanes: int) -> None:
        self._database = database
        self._executor = executor
        self._worker = worker_of(executor)
        self._lanes = lanes
        self.queue = queue_of(executor)
        schema = None if database.sqlite else SCHEMA
        names = ("workflow_uuid", "status", "name", "executor_id", "queue_name", "owner_xid", "recovery_attempts")
        more = ("started_at_epoch_ms", "completed_at", "updated_at")
        self._flows = sa.table("workflow_status", *map(sa.column, (*names, *more)), schema=schema)
        self._payloads = [
            sa.table(name, sa.column("workflow_uuid"), schema=schema) for name in ("workflow_input", "workflow_output")
        ]
        self._client = DBOSClient(
            system_database_engine=database.engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def release(self, choose: Callable[[Backlog, int], Collection[str]], environment: str) -> int:
        """Give out to this worker, which runs on that, as many questions as it has room for; how many those were.

        One process at a time does this.
        """
        waits = sa.select(sa.literal(1)).where(work_look.waiting_for(environment, self._worker)).limit(1)
        with self._database.begin() as connection:
            if connection.execute(waits).first() is None:
                return 0
        with self._database.begin() as connection:
            room = self._alone(connection)
            if room <= 0:
                return 0
            look = work_look.backlog(self._database, connection, environment, worker=self._worker, listed=_LISTED)
            whose = {one.id: one.account for one in look.waiting if one.verb != "blob"}
            chosen = list(choose(look, room))
            for number, name in enumerate(chosen, look.given + 1):
                self._give_out(connection, name, number, whose.get(name))
            return len(chosen)

    def running(self) -> dict[str, tuple[str, int]]:
        """Executor and attempts of what is under way anywhere, by workflow."""
        flow = self._flows.c
        select = sa.select(flow.workflow_uuid, flow.executor_id, flow.recovery_attempts)
        mine = (flow.status == "PENDING", flow.name == WORKFLOW)
        with self._database.begin() as connection:
            rows = connection.execute(select.where(*mine).limit(_LISTED)).fetchall()
        return {row[0]: (str(row[1] or ""), int(work_look.number(row[2]))) for row in rows}

    def take_over(self, workflow: str, executor: str) -> bool:
        """Back into its queue, attempts kept, from where `adopt` takes it; False where somebody was faster."""
        held = self._held(workflow, executor)
        back = sa.update(self._flows).where(*held).values(status="ENQUEUED", owner_xid=None)
        with self._database.begin() as connection:
            return bool(connection.execute(back.values(started_at_epoch_ms=None)).rowcount)

    def end(self, workflow: str, executor: str) -> str:
        """Take one out of the queue for good; its question, empty where somebody was faster or nobody asks."""
        held = self._held(workflow, executor)
        cancel = sa.update(self._flows).where(*held).values(status="CANCELLED", owner_xid=None)
        with self._database.begin() as connection:
            if not connection.execute(cancel).rowcount:
                return ""
            row = connection.execute(sa.select(questions.c.id).where(questions.c.workflow == workflow)).first()
        return str(row[0]) if row else ""

    def give_back(self) -> int:
        """What this worker did not finish before it was asked to leave; that is no kill, so the attempt does not count."""
        flow = self._flows.c
        mine = (flow.status == "PENDING", flow.executor_id == self._executor)
        back = {"status": "ENQUEUED", "owner_xid": None, "started_at_epoch_ms": None}
        undone = sa.update(self._flows).where(*mine).values(recovery_attempts=flow.recovery_attempts - 1, **back)
        with self._database.begin() as connection:
            return connection.execute(undone).rowcount

    def adopt(self, dead: Collection[str], environment: str) -> bool:
        """Move what waits in queues that nobody listens to any more into this worker's, as much as it has room for.

        What was given out first comes first. True where some is left: to whoever has room before this worker has some again.
        """
        with self._database.begin() as connection:
            if not self._orphans(connection, dead, environment):
                return False
            if self._taken(connection) >= self._lanes:
                return True
        with self._database.begin() as connection:
            room = max(0, self._alone(connection))
            found = self._orphans(connection, dead, environment)
            flow = self._flows.c
            mine = (flow.workflow_uuid.in_(found[:room]), flow.status == "ENQUEUED")
            connection.execute(sa.update(self._flows).where(*mine).values(queue_name=self.queue))
            return len(found) > room

    def lost(self) -> list[tuple[str, str | None, str | None]]:
        """Questions that were given out and are not in the engine's hands any more.

        With the workflow that they were given out as, and its status: how the engine ended it without an answer, None where
        there is none.
        """
        flow = self._flows.c
        joined = questions.outerjoin(self._flows, flow.workflow_uuid == questions.c.workflow)
        select = sa.select(questions.c.id, questions.c.workflow, flow.status).select_from(joined)
        out = questions.c.released.is_not(None)
        gone = sa.or_(flow.status.is_(None), flow.status.not_in(("ENQUEUED", "PENDING", "DELAYED")))
        with self._database.begin() as connection:
            rows = connection.execute(select.where(out, gone).limit(_LISTED)).fetchall()
        return [(row[0], row[1], row[2]) for row in rows]

    def failures(self, name: str) -> int:
        """How many runs of that question failed, as far as their rows are still there: for a day."""
        flow = self._flows.c
        failed = (flow.workflow_uuid.startswith(f"{name}.", autoescape=True), flow.status == "ERROR")
        with self._database.begin() as connection:
            count = connection.execute(sa.select(sa.func.count()).select_from(self._flows).where(*failed))
            return int(count.scalar() or 0)

    def let_wait(self, name: str, workflow: str | None) -> None:
        """A question is in nobody's hands: it waits again, and keeps its place; not if it was given out anew meanwhile."""
        with self._database.begin() as connection:
            values = {"released": None, "workflow": None, "started": None}
            same = (questions.c.id == name, questions.c.workflow.is_not_distinct_from(workflow))
            connection.execute(sa.update(questions).where(*same).values(**values))

    def decline(self, name: str, workflow: str) -> None:
        """This worker has not the bytes that are asked for: others are asked, and this one is not again."""
        me = f" {self._worker} "
        values = {"declined": sa.func.coalesce(questions.c.declined, "").concat(me), "released": None}
        same = (questions.c.id == name, questions.c.workflow == workflow)
        with self._database.begin() as connection:
            connection.execute(sa.update(questions).where(*same).values(values | {"workflow": None, "started": None}))

    def declined_by_all(self) -> list[str]:
        """Questions that no worker that lives has not declined."""
        said = sa.select(questions.c.id, questions.c.declined).where(questions.c.declined.is_not(None))
        alive = sa.select(short(workers.c.executor, _NAME)).where(work_look.living(self._database))
        with self._database.begin() as connection:
            waiting = connection.execute(said.where(questions.c.released.is_(None)).limit(_LISTED)).fetchall()
            living = {self._worker} | {worker_of(row[0]) for row in connection.execute(alive)} if waiting else set()
        return [name for name, declined in waiting if living <= set(str(declined).split())]

    def forget(self, seconds: float) -> int:
        """Finished rows so old go, with what belongs to them; how many, and at most a thousand."""
        flow = self._flows.c
        before = (self._database.now() - seconds) * 1000
        old = (flow.status.not_in(("ENQUEUED", "PENDING", "DELAYED")), flow.updated_at < before)
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(flow.workflow_uuid).where(*old).limit(_LISTED)).fetchall()
            names = [row[0] for row in rows]
            for table in self._payloads:
                connection.execute(sa.delete(table).where(table.c.workflow_uuid.in_(names)))
            connection.execute(sa.delete(self._flows).where(flow.workflow_uuid.in_(names)))
        return len(names)

    def close(self) -> None:
        """Let go of the client; the database is closed by whoever opened it."""
        self._client.destroy()

    def _held(self, workflow: str, executor: str) -> tuple[sa.ColumnElement[bool], ...]:
        """It is still under way there; `executor` is empty where the row names none."""
        flow = self._flows.c
        whose = sa.func.coalesce(flow.executor_id, "")
        return flow.workflow_uuid == workflow, flow.status == "PENDING", whose == executor

    def _alone(self, connection: sa.Connection) -> int:
        """The room that this worker has, while in this transaction no worker gives anything out or takes anything over."""
        connection.execute(sa.update(counters).where(counters.c.name == RELEASED).values(value=counters.c.value))
        return self._lanes - self._taken(connection)

    def _orphans(self, connection: sa.Connection, dead: Collection[str], environment: str) -> list[str]:
        """Workflows in queues of workers that are `dead` or unknown, in the order in which they were given out.

        Not what was asked for another environment: that stays for workers on it. But what nobody asks any more, which ends at once.
        """
        flow = self._flows.c
        known = connection.execute(sa.select(short(workers.c.executor, _NAME)).limit(_LISTED))
        living = {queue_of(row[0]) for row in known} - {queue_of(executor) for executor in dead}
        left = (flow.status == "ENQUEUED", flow.name == WORKFLOW, flow.queue_name.not_in([*living, self.queue]))
        joined = self._flows.outerjoin(questions, questions.c.workflow == flow.workflow_uuid)
        select = sa.select(flow.workflow_uuid).select_from(joined).where(*left, work_look.asked_of(environment))
        rows = connection.execute(select.order_by(questions.c.released, flow.workflow_uuid).limit(_LISTED))
        return [row[0] for row in rows]

    def _taken(self, connection: sa.Connection) -> int:
        """Lanes that are taken, or will be in a moment by what lies in this worker's queue."""
        flow = self._flows.c
        mine = sa.and_(flow.status == "PENDING", flow.executor_id == self._executor)
        next_up = sa.and_(flow.status == "ENQUEUED", flow.queue_name == self.queue)
        count = sa.select(sa.func.count()).select_from(self._flows).where(sa.or_(mine, next_up))
        return int(connection.execute(count).scalar() or 0)

    def _give_out(self, connection: sa.Connection, name: str, number: int, account: str | None) -> None:
        workflow = f"{name}.{secrets.token_hex(4)}"  # a name that was used is never run again
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": WORKFLOW,
                "queue_name": self.queue,
                "workflow_id": workflow,
                "app_version": VERSION,
                "serialization_type": WorkflowSerializationFormat.PORTABLE,
            },
            name,
        )
        values = {"released": number, "workflow": workflow, "started": self._database.now()}
        connection.execute(sa.update(questions).where(questions.c.id == name).values(**values))
        connection.execute(sa.update(counters).where(counters.c.name == RELEASED).values(value=number))
        if account is not None:
            self._database.upsert(connection, served, {"contributor": account, "released": number})
