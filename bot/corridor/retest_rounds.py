"""Asks the work side about many versions, several at once, and again after a pause where the trouble is ours."""

from __future__ import annotations

import heapq
import itertools
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.corridor.check_pull import PAUSES
from bot.errors import GatewayError, PendingError
from bot.records.verdict import report
from bot.retesting.row import gone, row, unknown
from bot.review.decision import MOST_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from bot.ports import Clock, Json, Workshop
    from bot.retesting.accepted import Accepted
    from bot.retesting.row import Row

LOOK = 0.2
"""Seconds between two looks at whether the run is to stop."""
ASK_AGAIN = timedelta(seconds=5)
"""Where the work side is a queue that has not answered yet; it counts for no try."""


def anew(job: Json, tried: int) -> Json:
    """The job after so many tries in vain: another question than the one that was answered."""
    return {**job, "attempt": f"{str(job.get('attempt', '0')).partition('.')[0]}.{tried}"} if tried else job


@dataclass(frozen=True)
class Try:
    """One answer; `again` says when it will be asked anew, None where this is the last word of the run."""

    version: Accepted
    row: Row
    tries: int
    again: datetime | None


@dataclass(frozen=True)
class _Asked:
    version: Accepted
    tries: int
    began: datetime


@dataclass
class Rounds:
    """`job` makes the work side's job for a version: None where the archive has its files no more.

    It is called by one thread alone; `workers` jobs are at the work side at a time.
    """

    workshop: Workshop
    clock: Clock
    job: Callable[[Accepted], Json | None]
    workers: int
    stop: Callable[[], object]
    _waiting: list[tuple[datetime, int, int, Accepted]] = field(default_factory=list)
    _running: dict[Future[Json | None], _Asked] = field(default_factory=dict)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def run(self, due: Iterable[Accepted]) -> Iterator[Try]:
        """Every answer as it comes; asked to stop, it finishes what is under way and begins nothing more."""
        now = self.clock.now()
        self._waiting = [(now, next(self._order), 1, version) for version in due]
        with ThreadPoolExecutor(self.workers, thread_name_prefix="retest") as pool:
            while self._running or self._waiting:
                if self.stop():
                    self._waiting.clear()
                self._fill(pool)
                yield from self._finished()

    def _fill(self, pool: ThreadPoolExecutor) -> None:
        while len(self._running) < self.workers and self._waiting:
            when, _, tries, version = self._waiting[0]
            now = self.clock.now()
            if now < when <= now + PAUSES[-1]:  # what lies farther ahead was set before the clock went back
                return
            heapq.heappop(self._waiting)
            self._running[self._begin(pool, version, tries)] = _Asked(version, tries, now)

    def _begin(self, pool: ThreadPoolExecutor, version: Accepted, tries: int) -> Future[Json | None]:
        answered: Future[Json | None] = Future()
        try:
            job = self.job(version)
        except GatewayError as error:
            answered.set_exception(error)
            return answered
        if job is None:
            answered.set_result(None)
            return answered
        return pool.submit(self.workshop.check, anew(job, tries - 1))

    def _finished(self) -> Iterator[Try]:
        if not self._running:
            pause = (self._waiting[0][0] - self.clock.now()).total_seconds() if self._waiting else 0.0
            self.clock.sleep(min(LOOK, max(0.0, pause)))
            return
        done, _ = wait(self._running, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            asked = self._running.pop(future)
            if isinstance(future.exception(), PendingError):
                self._later(asked, ASK_AGAIN, asked.tries)
            else:
                yield self._judged(asked, future)

    def _judged(self, asked: _Asked, future: Future[Json | None]) -> Try:
        seconds = max(0.0, round((self.clock.now() - asked.began).total_seconds(), 3))  # a clock may go back
        passing = True
        try:
            answer = future.result()
            found = gone(asked.version) if answer is None else row(asked.version, report(answer), seconds)
        except GatewayError as error:
            found, passing = unknown(asked.version, error.message, seconds), error.transient
        errored = any(cell.level == "errored" for cell in found.cells)
        again = self._again(asked) if errored and passing and asked.tries < MOST_ATTEMPTS else None
        return Try(asked.version, found, asked.tries, again)

    def _again(self, asked: _Asked) -> datetime:
        """After the pause that a pull request's check is given too."""
        return self._later(asked, PAUSES[min(asked.tries, len(PAUSES)) - 1], asked.tries + 1)

    def _later(self, asked: _Asked, pause: timedelta, tries: int) -> datetime:
        when = self.clock.now() + pause
        heapq.heappush(self._waiting, (when, next(self._order), tries, asked.version))
        return when
