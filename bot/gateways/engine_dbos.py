"""The engine on DBOS: a queue of subjects, on SQLite or PostgreSQL, shared by any number of processes.

DBOS is queue and claim only. A row is one telling; rows of one subject share a partition, of which one at a time is claimed;
a claimed row is one look, which observes afresh (`engine_dbos_run`). Who is alive, takeover, schedules and counters of
failures are ours, in the store (`engine_dbos_lease`, `_pulse`, `_ticks`, `_again`): DBOS's own recovery asks to be told who is
dead, and its schedules know no partitions. Nothing is ever unpickled (`no_pickle`).

DBOS keeps one application for a process, so there is one engine in a process at a time.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from dbos import DBOS, DBOSClient, WorkflowSerializationFormat
from dbos import error as library
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import AccessionError, GatewayError
from bot.gateways.engine_dbos_ground import APPLICATION, PACE, Pace, ground_of
from bot.gateways.engine_dbos_json import JSON_SERIALIZER, payload_of
from bot.gateways.engine_dbos_lease import answering
from bot.gateways.engine_dbos_log import quiet_library
from bot.gateways.engine_dbos_pulse import Pulse
from bot.gateways.engine_dbos_run import PARKED, TROUBLED, Runs
from bot.gateways.engine_dbos_tables import LOOK, OWN, QUEUE, VERSION, new_row
from bot.gateways.engine_dbos_ticks import SCHEDULES, Ticks
from bot.gateways.no_pickle import refuse_pickle
from bot.ports import NO_HINT
from bot.records.engine import EngineState, Parked

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    import sqlalchemy as sa

    from bot.ports import Clock, Store
    from bot.records.answer import Answer
    from bot.records.event import Hint, Subject

PARKED_FOR = timedelta(days=30)
_DAY = 24 * 3600 * 1000

log = structlog.get_logger()


class DbosEngine:
    """`ports.Engine`, and the process that looks. `look` is `pipeline.run` bound to a desk and to this engine.

    `url` is `sqlite:////path` or `postgresql://…`; `lanes` is how many subjects this process looks at at once.
    """

    def __init__(
        self,
        url: str,
        *,
        look: Callable[[Subject, Hint], Answer],
        store: Store,
        clock: Clock,
        lanes: int = 16,
        schedules: Mapping[str, timedelta] = SCHEDULES,
        pace: Pace = PACE,
    ) -> None:
        ground = ground_of(url, store, clock, lanes=lanes, pace=pace)
        self.name = ground.name
        self._database, self._tables, self._lease, self._store = ground.database, ground.tables, ground.lease, store
        self._clock, self._lanes, self._polling = clock, lanes, pace.polling
        self._runs = Runs(ground, look, self._plan)
        self._pulse = Pulse(ground, self._runs, Ticks(ground, schedules, self.tell), self._stop_claiming)
        self._client: DBOSClient | None = None
        self._dbos: DBOS | None = None
        self._counted = EngineState()

    @property
    def lost(self) -> threading.Event:
        """Set when another process took over this one's work: nothing is written any more, and the process has to end."""
        return self._lease.lost

    def start(self) -> None:
        """Make or migrate the database, take up work; raises GatewayError where the database or the store does not answer."""
        refuse_pickle()
        quiet_library()
        self._database.open()
        try:
            with answering():
                self._lease.join()
            self._launch()
        except AccessionError:
            self.close(0.0)
            raise
        except (SQLAlchemyError, library.DBOSException) as error:
            self.close(0.0)
            raise GatewayError(f"The engine did not start: {error}"[:300], reason="database", transient=True) from error
        self._pulse.start()

    def _launch(self) -> None:
        pool = self._database.pool
        self._dbos = DBOS(
            config={
                "name": APPLICATION, "application_version": VERSION, "executor_id": self.name,
                "system_database_engine": pool, "serializer": JSON_SERIALIZER, "use_listen_notify": False,
                "notification_listener_polling_interval_sec": 0.25, "log_level": "WARNING", "enable_otlp": False,
            }
        )  # fmt: skip
        self._client = DBOSClient(
            system_database_engine=pool, serializer=JSON_SERIALIZER, application_name=APPLICATION, lazy=True,
            retry_connection_errors=False,
        )  # fmt: skip
        DBOS.workflow(
            name=LOOK, max_recovery_attempts=None, serialization_type=WorkflowSerializationFormat.PORTABLE
        )(self._workflow())  # fmt: skip
        DBOS.listen_queues([QUEUE])
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, partition_concurrency=1, worker_concurrency=self._lanes, polling_interval_sec=self._polling,
            on_conflict="always_update",
        )  # fmt: skip

    def _workflow(self) -> Callable[[Any], str]:
        def look(payload: Any) -> str:
            return self._runs.run(DBOS.workflow_id or "", payload)

        return look

    def close(self, seconds: float = 30.0) -> None:
        """Take nothing new, finish what is under way within `seconds`, give the rest back."""
        self._pulse.closing.set()
        self._stop_claiming()
        if not self._runs.wait(0.0 if self.lost.is_set() else seconds):
            log.warning("engine_closed_early", rows=len(self._runs.under_way))
        self._lease.shut()
        self._pulse.stop()
        DBOS.destroy(destroy_registry=True)
        with suppress(Exception):
            self._give_back()
        self._database.close()
        self._dbos = self._client = None

    def _stop_claiming(self) -> None:
        for event in self._dbos.background_thread_stop_events if self._dbos else ():
            event.set()

    def _give_back(self) -> None:
        """What was claimed and did not end; only then may the others forget this process."""
        ended = set(self._runs.ended)
        with self._database.begin() as c:
            mine = [row for row, whose, _, _ in self._tables.claimed(c) if whose == self.name]
            self._tables.put_back(c, [row for row in mine if row not in ended], [self.name])
        self._lease.leave()

    def fence(self) -> None:
        """See `Lease.fence`: asked before each write to the outside."""
        self._lease.fence()

    def tell(self, subject: Subject, hint: Hint = NO_HINT, *, after: float = 0.0) -> None:
        """See `ports.Engine`; raises GatewayError(reason="database") where it could not be written down."""
        with self._database.begin() as c:
            self._enqueue(c, new_row("told-"), subject, payload_of(subject, hint), after)

    def _plan(self, c: sa.Connection, subject: Subject, hint: Hint, unseen: int, after: float) -> None:
        self._enqueue(c, new_row(OWN), subject, payload_of(subject, hint, unseen), after)

    def _enqueue(self, c: sa.Connection, row: str, subject: Subject, payload: dict[str, Any], after: float) -> None:
        if self._client is None:
            raise GatewayError("The engine is not running.", reason="database", transient=True)
        options: Any = {
            "workflow_name": LOOK, "queue_name": QUEUE, "workflow_id": row, "app_version": VERSION,
            "queue_partition_key": str(subject), "serialization_type": WorkflowSerializationFormat.PORTABLE,
        }  # fmt: skip
        self._client.enqueue_in_transaction(c, options | ({"delay_seconds": after} if after > 0 else {}), payload)

    def clean_up(self, days: float = 7.0) -> int:
        """Forget finished rows older than that; how many. About 630 bytes each would stay for ever.

        What was parked a month ago is forgotten too: where it still matters, the next sweep names it again.
        """
        self._forget_parked()
        before, gone = int(time.time() * 1000 - days * _DAY), 0
        while True:
            with self._database.begin() as c:
                part = self._tables.forget(c, before)
            gone += part
            if not part:
                return gone

    def _forget_parked(self) -> None:
        oldest = (self._clock.now() - PARKED_FOR).isoformat()
        with answering():
            for room in (PARKED, TROUBLED):
                for subject, row in self._store.items(room).items():
                    if row["since"] < oldest:
                        self._store.drop(room, subject)

    def state(self) -> EngineState:
        """How it is doing; never raises: where a database does not answer, `trouble` says so."""
        trouble = "; ".join(sorted(set(self._pulse.trouble.values())))
        try:
            self._counted = self._count(trouble)
        except Exception as error:  # noqa: BLE001 - the store's errors are its own
            said = error.message if isinstance(error, AccessionError) else " ".join(str(error).split())[:200]
            return EngineState(parked=self._counted.parked, trouble=said or "unknown", lost=self.lost.is_set())
        return self._counted

    def _count(self, trouble: str) -> EngineState:
        with self._database.begin() as c:
            rows = self._tables.counts(c)
        due = [since for status, _, _, since in rows if status == "ENQUEUED"]
        parked = self._store.items(PARKED).values()
        return EngineState(
            waiting=_by_kind(rows, "ENQUEUED"),
            running=_by_kind(rows, "PENDING"),
            delayed=_by_kind(rows, "DELAYED"),
            oldest=max(time.time() - min(due) / 1000, 0.0) if due else 0.0,
            parked=tuple(
                Parked(row["subject"], row["reason"], row["message"], row["tries"], row["since"]) for row in parked
            ),
            processes=self._lease.processes(),
            trouble=trouble,
            lost=self.lost.is_set(),
        )


def _by_kind(rows: list[tuple[str, str, int, int]], status: str) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for found, subject, count, _ in rows:
        if found == status:
            counted[subject.partition(" ")[0]] += count
    return dict(counted)
