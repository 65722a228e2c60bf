"""What DBOS has no verb for, said to its tables: siblings, takeover, counts, clean-up. The only file that knows their columns.

Source: https://docs.dbos.dev/explanations/system-tables; DBOS is pinned, and these columns have been there since its 3.0.
Every change is guarded by the state that it was decided on, so that two processes that decide the same do it once.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.gateways.engine_dbos_database import EngineDatabase

QUEUE, LOOK, VERSION = "subjects", "look", "1"
"""Queue, workflow and contract version: pinned, so that no deploy strands what stands in the queue."""
OWN = "again-"
"""Ids of the rows that the engine plans itself begin so."""

_COLUMNS = (
    "workflow_uuid", "status", "name", "executor_id", "created_at", "updated_at", "completed_at", "application_version",
    "recovery_attempts", "queue_name", "started_at_epoch_ms", "queue_partition_key", "owner_xid", "delay_until_epoch_ms",
)  # fmt: skip
_BATCH = 1000


def _is(status: str) -> sa.ColumnElement[bool]:
    return sa.column("status") == sa.literal_column(f"'{status}'")


_LIVE = sa.column("status").in_([sa.literal_column("'ENQUEUED'"), sa.literal_column("'PENDING'")])
_WAITING, _CLAIMED = _LIVE & _is("ENQUEUED"), _LIVE & _is("PENDING")
_DELAYED = _is("DELAYED") & (sa.column("delay_until_epoch_ms") > 0)
"""Literals, in DBOS's own words: SQLite takes its partial indexes, which leave out what is finished, only where it can prove
that they do."""


def new_row(kind: str) -> str:
    """A new id; ids sort by `age_of`. DBOS's own creation time has a resolution of one second in SQLite."""
    return f"{kind}{time.time_ns():020d}-{uuid.uuid4().hex[:12]}"


def age_of(row: str) -> str:
    """Sorts ids of whatever kind from the oldest to the newest."""
    return row.partition("-")[2]


class EngineTables:
    """Each method is given the transaction that it belongs to."""

    def __init__(self, database: EngineDatabase) -> None:
        self._flows = sa.table("workflow_status", *map(sa.column, _COLUMNS), schema=database.schema)
        self._inputs = sa.table(
            "workflow_input", sa.column("workflow_uuid"), sa.column("inputs"), schema=database.schema
        )
        self._outputs = sa.table("workflow_output", sa.column("workflow_uuid"), schema=database.schema)
        self._here = (self._flows.c.queue_name == QUEUE) & (self._flows.c.name == LOOK)

    def mine(self, c: sa.Connection, run: str, executor: str) -> int | None:
        """How often that run was begun, None where it is not this executor's any more; the row is locked from here on."""
        flows = self._flows.c
        touched = sa.update(self._flows).values(updated_at=flows.updated_at)
        row = c.execute(
            touched.where(flows.workflow_uuid == run, _CLAIMED, flows.executor_id == executor)
            .returning(flows.recovery_attempts)
        ).fetchone()  # fmt: skip
        return None if row is None else int(row[0] or 1)

    def take(self, c: sa.Connection, subject: str) -> tuple[tuple[tuple[str, str], ...], bool]:
        """Remove the queued siblings of a run: their ids and inputs; and whether a look is planned already."""
        flows = self._flows.c
        of_it = self._here & (flows.queue_partition_key == subject)
        waiting = [row[0] for row in c.execute(sa.select(flows.workflow_uuid).where(of_it, _WAITING))]
        delayed = [row[0] for row in c.execute(sa.select(flows.workflow_uuid).where(of_it, _DELAYED))]
        return self._removed(c, of_it & _WAITING, waiting), any(row.startswith(OWN) for row in delayed)

    def drop_plans(self, c: sa.Connection, subject: str) -> None:
        """Remove what the engine itself planned for later; what somebody else told for later stays."""
        flows = self._flows.c
        own = self._here & (flows.queue_partition_key == subject) & flows.workflow_uuid.startswith(OWN)
        ids = [row[0] for row in c.execute(sa.select(flows.workflow_uuid).where(own, _DELAYED))]
        self._removed(c, _DELAYED, ids)

    def _removed(
        self, c: sa.Connection, still: sa.ColumnElement[bool], ids: Sequence[str]
    ) -> tuple[tuple[str, str], ...]:
        flows, inputs = self._flows.c, self._inputs.c
        if not ids:
            return ()
        gone = sa.delete(self._flows).where(flows.workflow_uuid.in_(ids), still).returning(flows.workflow_uuid)
        kept = [row[0] for row in c.execute(gone)]
        texts = sa.delete(self._inputs).where(inputs.workflow_uuid.in_(kept))
        found = c.execute(texts.returning(inputs.workflow_uuid, inputs.inputs)).fetchall()
        return tuple((row[0], row[1] or "") for row in found)

    def claimed(self, c: sa.Connection) -> list[tuple[str, str, str, str]]:
        """All rows that are being looked at: id, executor, token of the claim, name of the workflow."""
        flows = self._flows.c
        found = c.execute(
            sa.select(flows.workflow_uuid, flows.executor_id, flows.owner_xid, flows.name)
            .where(flows.queue_name == QUEUE, _CLAIMED)
        )  # fmt: skip
        return [(row[0], row[1] or "", row[2] or "", row[3] or "") for row in found]

    def put_back(self, c: sa.Connection, ids: Sequence[str], executors: Sequence[str]) -> int:
        """Have claimed rows claimed anew: same queue, same partition, attempts kept; how many.

        `executors` are those whose claim it was: a row that was taken over meanwhile is not touched.
        """
        flows = self._flows.c
        back = {"status": "ENQUEUED", "owner_xid": None, "started_at_epoch_ms": None, "application_version": VERSION}
        done = 0
        for start in range(0, len(ids), _BATCH):
            part = flows.workflow_uuid.in_(ids[start : start + _BATCH])
            done += c.execute(
                sa.update(self._flows).where(part, _CLAIMED, flows.executor_id.in_(executors)).values(**back)
            ).rowcount
        return done

    def adopt(self, c: sa.Connection) -> int:
        """What a process with another contract version put into the queue is ours to look at too."""
        flows = self._flows.c
        other = self._here & flows.application_version.is_distinct_from(VERSION)
        found = [
            c.execute(sa.select(flows.workflow_uuid).where(other, kind)).scalars() for kind in (_WAITING, _DELAYED)
        ]
        ids = [row for rows in found for row in rows]
        adopting = sa.update(self._flows).where(flows.workflow_uuid.in_(ids), other).values(application_version=VERSION)
        return c.execute(adopting).rowcount if ids else 0

    def strike(self, c: sa.Connection, ids: Sequence[str]) -> None:
        """End rows that no code here belongs to."""
        flows = self._flows.c
        now = int(time.time() * 1000)
        struck = sa.update(self._flows).values(status="CANCELLED", owner_xid=None, queue_name=None, completed_at=now)
        c.execute(struck.where(flows.workflow_uuid.in_(ids), _CLAIMED))

    def counts(self, c: sa.Connection) -> list[tuple[str, str, int, int]]:
        """For each status and subject: how many rows, and since when the oldest is due (milliseconds of the epoch)."""
        flows = self._flows.c
        due = sa.case(
            (flows.delay_until_epoch_ms > flows.created_at, flows.delay_until_epoch_ms), else_=flows.created_at
        )
        counted = sa.select(flows.status, flows.queue_partition_key, sa.func.count(), sa.func.min(due))
        grouped = counted.where(self._here).group_by(flows.status, flows.queue_partition_key)
        rows = [row for kind in (_LIVE, _DELAYED) for row in c.execute(grouped.where(kind))]
        return [(row[0], row[1] or "", int(row[2]), int(row[3])) for row in rows]

    def forget(self, c: sa.Connection, before: int) -> int:
        """Delete at most a thousand finished rows that ended before that moment; how many."""
        flows = self._flows.c
        old = (
            sa.select(flows.workflow_uuid)
            .where(flows.completed_at.is_not(None), flows.completed_at < before)
            .limit(_BATCH)
        )
        ids = [row[0] for row in c.execute(old)]
        self._delete(c, ids)
        return len(ids)

    def _delete(self, c: sa.Connection, ids: Sequence[str]) -> None:
        tables: tuple[Any, ...] = (self._outputs, self._inputs, self._flows)
        for table in tables:
            if ids:
                c.execute(sa.delete(table).where(table.c.workflow_uuid.in_(ids)))
