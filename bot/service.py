"""The composition root of `accession serve`: web door, engine, desk, and what wakes subjects whose questions were answered."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot import logs, pipeline
from bot.app import Given, open_desk
from bot.corridor.board import board, remember
from bot.corridor.waiting import explain
from bot.corridor.wake import wake
from bot.errors import AccessionError
from bot.gateways.call_ledger import CallLedger
from bot.gateways.circuit import Circuit
from bot.gateways.clock import SystemClock
from bot.gateways.engine_dbos import DbosEngine
from bot.gateways.engine_dbos_ground import Pace
from bot.gateways.engine_dbos_ticks import SCHEDULES
from bot.gateways.pace import Limits
from bot.gateways.pacer import SharedPacer
from bot.gateways.stores import open_store
from bot.gateways.work_beside import WorkBeside
from bot.gateways.work_queue import WorkQueue
from bot.records.event import ChoreSubject
from bot.serving.app import Door, Readiness, build
from bot.serving.buffer import Buffer
from bot.serving.metrics import Metrics
from bot.serving.run import serving
from bot.settings import GITHUB_WRITES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.corridor.desk import Desk
    from bot.records.answer import Answer
    from bot.records.event import Hint, Subject
    from bot.settings import Settings

LOST = 75
"""Exit code after another process took over this one's work (EX_TEMPFAIL of sysexits.h): start it again."""
WAKE = 0.2
"""Seconds between two looks at which questions were answered."""
_LOOK = 0.2
_QUIET = 60.0
"""Seconds between two lines in the log about the same trouble."""
_LEAVE = 10.0
"""Seconds for a thread that may hang at a door; it ends with the process."""
_PACER_PATIENCE = 120.0
"""Seconds a look waits for a place to write; then its subject goes back into the queue."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """Where the door listens; port 0 takes a free one. `beside`: a worker is started beside the service."""

    host: str
    port: int
    beside: bool


def serve(
    settings: Settings,
    environ: Mapping[str, str],
    place: Place,
    stop: Callable[[], object],
    *,
    bound: Callable[[int], None] = lambda _port: None,
) -> int:
    """Until `stop` says so (0), or until another process took over this one's work (`LOST`)."""
    settings.check_serving()
    with ExitStack() as stack:
        service = Service(settings, environ, stack)
        service.start(stack)
        if place.beside:
            stack.enter_context(WorkBeside(environ, settings.work_database))
        stack.callback(service.over.set)
        bound(stack.enter_context(serving(build(service.door()), place.host, place.port)))
        while not stop() and not service.engine.lost.is_set():
            time.sleep(_LOOK)
        log.info("service_stops", lost=service.engine.lost.is_set())
        return LOST if service.engine.lost.is_set() else 0


@dataclass
class Service:
    """The parts, and how they know each other."""

    settings: Settings
    environ: Mapping[str, str]
    stack: ExitStack = field(repr=False)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        settings, clock = self.settings, SystemClock()
        self.store = open_store(settings.database)
        self.stack.callback(self.store.close)
        self.metrics, self.ledger = Metrics(), CallLedger()
        self.circuit = Circuit("GitHub", "github-down", clock)
        self.queue = WorkQueue(settings.work_database, explain=partial(explain, self.store))
        self.stack.callback(self.queue.close)
        self.engine = DbosEngine(
            engine_url(settings),
            look=self.look,
            store=self.store,
            clock=clock,
            schedules={**SCHEDULES, **settings.schedules},
            pace=Pace(lease=settings.lease),
        )
        limits = limits_for(settings.writes_per_minute / GITHUB_WRITES)
        given = Given(
            store=self.store,
            workshop=self.queue,
            pacer=SharedPacer(self.store, clock, limits=limits, patience=_PACER_PATIENCE),
            circuit=self.circuit,
            ledger=self.ledger,
            fence=self.engine.fence,
        )
        self.desk: Desk = self.stack.enter_context(open_desk(settings, self.environ, given=given))
        self.buffer = Buffer(self.engine.tell, metrics=self.metrics)
        self._viewer = 0

    def start(self, stack: ExitStack) -> None:
        """Take up work; ends in the reverse order."""
        self.engine.start()
        stack.callback(self.engine.close)
        self.buffer.start()
        stack.callback(self.buffer.close)
        for name, work in (("wake", self._wake), ("viewer", self._who)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            stack.callback(thread.join, _LEAVE)
        stack.callback(self.over.set)

    def look(self, subject: Subject, hint: Hint) -> Answer:
        """One look, counted and remembered for the pages."""
        began = time.monotonic()
        answer = pipeline.run(self.desk, self.engine, subject, hint)
        if subject == ChoreSubject("clean-up") and not answer.failed:
            log.info("queues_cleaned", engine=self.engine.clean_up(), work=self.queue.clean_up())
        self.metrics.looked(subject, answer, time.monotonic() - began)
        remember(self.desk, subject, answer)
        return answer

    def door(self) -> Door:
        """What the web door is handed."""
        settings = self.settings
        return Door(
            repository=settings.repository,
            secrets=settings.webhook_secrets,
            notice_tokens=settings.notice_tokens,
            tell=self.buffer.tell,
            standings=self._standings,
            ready=self._ready,
            public_url=settings.public_url,
            archive_url=settings.zenodo_url,
            pulls_url=pulls_url(settings.github_url),
            viewer=lambda: self._viewer,
            queue=self._gauges,
            hide=lambda text: logs.redact(text, settings.secrets),
            metrics=self.metrics,
        )

    def _standings(self) -> dict[str, object]:
        found = board(self.desk, self.engine.state())
        said = [self.circuit.state().sentence, self.engine.state().trouble]
        return {**found, "queue": dict(self._gauges()), "messages": [{"message": text} for text in said if text]}

    def _ready(self) -> Readiness:
        state = self.engine.state()
        reasons = [state.trouble] if state.trouble else []
        if state.lost:
            reasons.append("Another process took over this one's work: it is about to end.")
        if not self.queue.backlog().workers:
            reasons.append("No worker is running: start `accession work`.")
        return Readiness(tuple(reasons))

    def _gauges(self) -> Mapping[str, float]:
        state, backlog = self.engine.state(), self.queue.backlog()
        return {
            "waiting": sum(state.waiting.values()),
            "running": sum(state.running.values()),
            "delayed": sum(state.delayed.values()),
            "parked": len(state.parked),
            "oldest_seconds": round(state.oldest, 1),
            "processes": len(state.processes),
            "workers": backlog.workers,
            "questions_waiting": len(backlog.waiting) + backlog.more,
            "questions_under_way": len(backlog.under_way),
            "github_down": float(self.circuit.state().open),
            **_calls(self.ledger),
        }

    def _wake(self) -> None:
        said: dict[str, float] = {}
        while not self.over.wait(WAKE):
            try:
                wake(self.desk, self.queue, self.engine)
            except AccessionError as error:
                if time.monotonic() - said.get(error.reason, -_QUIET) >= _QUIET:
                    said[error.reason] = time.monotonic()
                    log.warning("wake_failed", reason=error.reason, message=error.message)
            except Exception as error:
                if time.monotonic() - said.get(type(error).__name__, -_QUIET) >= _QUIET:
                    said[type(error).__name__] = time.monotonic()
                    log.exception("wake_failed")

    def _who(self) -> None:
        """Our own numeric id, for telling our own events apart; asked until GitHub answers."""
        while not self.over.is_set():
            try:
                self._viewer = self.desk.github.viewer().user.id
            except AccessionError:
                self.over.wait(10.0)
            else:
                return


def limits_for(times: float) -> Limits:
    """GitHub's pace, and that of a server that takes so many times as much."""
    usual = Limits()
    return Limits(max(1.0, usual.burst * times), usual.per_second * times, max(1, int(usual.per_hour * times)))


def _calls(ledger: CallLedger) -> Mapping[str, float]:
    return {f"calls_{kind}": float(count) for kind, count in ledger.kinds().items()}


def engine_url(settings: Settings) -> str:
    """The engine's tables lie beside the store's: in the same server, or in a file of their own in the cache."""
    if settings.database.startswith("postgresql://"):
        return settings.database
    return f"sqlite:///{settings.cache.absolute() / 'engine.sqlite'}"


def pulls_url(github_url: str) -> str:
    """Where people see what an API address answers for: github.com, or an Enterprise server."""
    return "https://github.com" if github_url == "https://api.github.com" else github_url.removesuffix("/api/v3")
