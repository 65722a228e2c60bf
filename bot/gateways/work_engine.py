"""The engine of `accession work`: DBOS hands out questions, several processes on several machines, each as many as it has room.

Every start is an executor of its own. It gives a sign of life a few times in each `lease`; what a worker had under way that
gives none for a whole lease, or that certainly ended, goes back into the queue, attempts kept. Each process judges that by its
own monotonic clock, from whether a sign changed between two looks, so that no jump of a clock and no difference between clocks
ends anybody. A worker that was only paused finishes in vain: the first answer stands. One that is asked to stop writes nothing about
what it has given back (`Hand`): its boxes end with it, and that is no answer.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import structlog
from dbos import DBOS, DBOSPortableJSONSerializer

from bot.errors import AccessionError
from bot.gateways import work_answering
from bot.gateways.engine_dbos_lease import Strangers
from bot.gateways.no_pickle import refuse_pickle
from bot.gateways.work_answering import Left
from bot.gateways.work_engine_rows import APPLICATION, MOST_FAILURES, MOST_KILLS, VERSION, WORKFLOW, Rows
from bot.gateways.work_engine_signs import Signs, queue_of
from bot.gateways.work_executor import Others, new_name
from bot.gateways.work_hand import Hand
from bot.gateways.work_tables import WorkDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.ports import Json
    from bot.records.backlog import Backlog

log = structlog.get_logger(__name__)
LEASE = 20.0
"""Seconds without a sign of life after which a worker counts as dead: taken over well within a minute."""
POLL = 0.1
"""Seconds between two looks at what may be given out, and at what was."""
DAY = 86_400.0
_QUIET = 60.0
_HOUR = 3600.0
_ENVIRONMENT = 5.0


class WorkEngine:
    """One in a process: DBOS is."""

    def __init__(
        self,
        url: str,
        *,
        reply: Callable[[Json], Json],
        environment: Callable[[], str],
        choose: Callable[[Backlog, int], Collection[str]],
        lanes: int,
        lease: float = LEASE,
    ) -> None:
        """`reply` answers a request and raises nothing; `choose` picks whose turn it is; `lanes` questions run at once."""
        self._database = WorkDatabase(url)
        self._hand = Hand()
        self._reply, self._environment, self._choose = reply, environment, choose
        self._lanes, self._lease = lanes, lease
        self.executor = new_name()
        self._over = threading.Event()
        self._gone = threading.Event()
        self._threads: list[threading.Thread] = []
        self._others, self._idle = Others(lease), Strangers(lease)
        self._dead: set[str] = set()
        self._orphans = True
        self._here: set[str] = set()
        self._beat = 0
        self._rows: Rows | None = None
        self._signs = Signs(self._database, self.executor, lanes)
        self._listens = False
        self._known = ("", 0.0)
        self._said: dict[str, float] = {}

    def start(self) -> None:
        """Raises `GatewayError` where the database does not answer."""
        refuse_pickle()
        with self._database.begin():  # it answers, or this raises; and its tables are made
            pass
        config = {
            "name": APPLICATION,
            "system_database_url": self._database.url,
            "application_version": VERSION,
            "executor_id": self.executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "scheduler_polling_interval_sec": _HOUR,
        }
        DBOS(config=config)  # type: ignore[arg-type]

        @DBOS.workflow(name=WORKFLOW)
        def answer(name: str) -> None:
            """No steps, nothing to replay: whoever runs it again looks anew whether it is still asked."""
            workflow = str(DBOS.workflow_id)
            self._here.add(workflow)
            try:
                left = work_answering.answer_question(self._database, name, self._reply, self._now, self._hand)
                self._leave(name, workflow, left)
            finally:
                self._here.discard(workflow)

        DBOS.listen_queues([queue_of(self.executor)])
        DBOS.launch()
        self._current()
        self._sign()
        self._rows = Rows(self._database, self.executor, self._lanes)
        self._try(self._live, self._rows)  # what others left goes before what waits
        loops = ((self._feed, POLL), (self._live, self._lease / 5), (self._tidy, _HOUR))
        for step, pause in loops:
            thread = threading.Thread(target=self._loop, args=(step, pause), name=step.__name__, daemon=True)
            thread.start()
            self._threads.append(thread)
        log.info("worker_ready", executor=self.executor, lanes=self._lanes)

    def stop(self, seconds: float = 20.0) -> int:
        """Take nothing more, finish what can be finished in that time, give back the rest; how many were given back."""
        self._over.set()
        DBOS.destroy(workflow_completion_timeout_sec=max(1, round(seconds)))
        self._gone.set()
        for thread in self._threads:
            thread.join(timeout=10)
        back = 0
        self._hand.withdraw()
        if self._rows is not None:
            back = self._rows.give_back()
            self._signs.leave(self.executor)
            self._rows.close()
        self._database.close()
        return back

    def _loop(self, step: Callable[[Rows], None], pause: float) -> None:
        over = self._gone if step == self._live else self._over
        while not over.wait(pause):
            if self._rows is not None and not self._try(step, self._rows):
                over.wait(_QUIET / 10)

    def _try(self, step: Callable[[Rows], None], rows: Rows) -> bool:
        """Trouble with the database is said once a minute and survived; False after any other."""
        try:
            step(rows)
        except AccessionError as error:
            self._complain(step.__name__, error.message, error.reason)
        except Exception:
            log.exception("worker_loop_failed", step=step.__name__)
            return False
        return True

    def _complain(self, where: str, message: str, reason: str) -> None:
        now = time.monotonic()
        if now - self._said.get(where, -_QUIET) >= _QUIET:
            self._said[where] = now
            log.warning("worker_trouble", step=where, reason=reason, message=message)

    def _feed(self, rows: Rows) -> None:
        """As long as there is something that dead workers left, there is nothing new: it would take the lane that comes free next."""
        if not self._orphans or not self._adopt(rows):
            rows.release(self._choose, self._known[0])
        self._current()

    def _adopt(self, rows: Rows) -> bool:
        """Take over what there is room for; whether some is left to others, or to a later look."""
        self._orphans = rows.adopt(self._dead, self._known[0])
        return self._orphans

    def _current(self) -> str:
        """What checks run on here, looked at every few seconds; images may be replaced under a running worker."""
        digest, at = self._known
        if not digest or time.monotonic() - at > _ENVIRONMENT:
            self._known = (self._environment(), time.monotonic())
        return self._known[0]

    def _now(self) -> str:
        """The same, looked at now; where that is not told, the trouble is told by what is asked of it."""
        try:
            self._known = (self._environment(), time.monotonic())
        except AccessionError as error:
            self._complain("environment", error.message, error.reason)
        return self._known[0]

    def _leave(self, name: str, workflow: str, left: Left | None) -> None:
        """A question that is not for this worker waits again, with its place kept."""
        if left is None or self._rows is None:
            return
        log.info("question_left", question=name, left=left.value)
        if left is Left.ELSEWHERE:
            self._hand.do(partial(self._rows.let_wait, name, workflow))
        else:
            self._hand.do(partial(self._rows.decline, name, workflow))
            self._hand.do(partial(self._refuse, self._rows))

    def _refuse(self, rows: Rows) -> None:
        """Nobody has these bytes; looked at again and again, because a worker that was not asked yet may die."""
        for name in rows.declined_by_all():
            said = work_answering.error(work_answering.NOWHERE, work_answering.GONE, transient=True)
            work_answering.lay_answer(self._database, name, said)

    def _tidy(self, rows: Rows) -> None:
        while rows.forget(DAY):
            pass

    def _sign(self) -> None:
        """A sign of life. Whom nobody knows (any more) has no queue: others take away what a dead worker leaves."""
        self._listens = not self._signs.beat(self._known[0], self._beat) and self._listens
        if not self._listens:
            queue = queue_of(self.executor)
            DBOS.register_queue(
                queue, worker_concurrency=self._lanes, polling_interval_sec=POLL, on_conflict="always_update"
            )
            self._listens = True

    def _live(self, rows: Rows) -> None:
        """A sign of life, and a look at the others', whose work is nothing for a worker that stops."""
        self._beat += 1
        self._sign()
        if self._over.is_set():
            return
        running, beats = rows.running(), self._signs.beats()
        signs: dict[str, int | None] = {**{executor: None for executor, _ in running.values()}, **beats}
        self._dead = dead = self._others.dead(signs) - {self.executor}
        idle = self._not_begun(running)
        for workflow, (executor, attempts) in running.items():
            if executor in dead or workflow in idle:
                self._bury(rows, workflow, executor, attempts)
        for executor in dead & set(beats):
            self._signs.leave(executor)
        self._adopt(rows)
        self._mend(rows)

    def _not_begun(self, running: Mapping[str, tuple[str, int]]) -> Collection[str]:
        """Our own for a lease, and nothing runs them: DBOS claims, then begins, and its database may fail in between."""
        ours = {workflow for workflow, (executor, _) in running.items() if executor == self.executor}
        return self._idle.look(ours - self._here)

    def _bury(self, rows: Rows, workflow: str, executor: str, attempts: int) -> None:
        if attempts < MOST_KILLS:
            if rows.take_over(workflow, executor):
                log.warning("question_taken_over", workflow=workflow, attempts=attempts)
            return
        name = rows.end(workflow, executor)
        if name:
            log.error("question_kills", question=name, attempts=attempts)
            said = work_answering.error(work_answering.KILLED.format(attempts), "worker-killed")
            work_answering.lay_answer(self._database, name, said)

    def _mend(self, rows: Rows) -> None:
        """Questions that were given out and are in nobody's hands (the engine lost them, or ended them without an answer), or that nobody can answer."""
        for name, workflow, status in rows.lost():
            failed = status == "ERROR" and rows.failures(name) < MOST_FAILURES
            if status is not None and not failed:
                said = work_answering.error(work_answering.FAILED, "internal", transient=True)
                work_answering.lay_answer(self._database, name, said)
            else:
                rows.let_wait(name, workflow)
        self._refuse(rows)
