"""One look at whether the other side is there at all: after enough failures in a row, calls fail at once and one in a while asks.

Shared by all threads of a process; nothing is kept over a restart, because the first calls find out again.
Source of the pattern: https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.gateways.backoff import chance

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.ports import Clock

AFTER = 8
"""Failures in a row: two reads with all their tries. At 20 % of failing calls it happens once in 400,000."""
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 60.0
"""Seconds between probes; doubled as long as they fail."""

log = structlog.get_logger()


@dataclass(frozen=True)
class CircuitState:
    """For the status page and metrics."""

    name: str
    open: bool
    failures: int
    """In a row."""
    since: datetime | None
    """When it opened."""
    probe_in: float
    """Seconds until somebody asks again; 0 while it is closed."""

    @property
    def sentence(self) -> str:
        """What people read while it is open, empty otherwise."""
        return f"{self.name} is down, waiting." if self.open else ""


class Circuit:
    """`check` before each call, then `succeeded` or `failed`; `reason` is that of the error while it is open."""

    def __init__(
        self, name: str, reason: str, clock: Clock, *, after: int = AFTER, jitter: Callable[[], float] = chance
    ) -> None:
        self._name, self._reason, self._clock, self._after, self._jitter = name, reason, clock, after, jitter
        self._lock = threading.Lock()
        self._failures = 0
        self._since: datetime | None = None
        self._pause = FIRST_PAUSE
        self._probe_at = 0.0

    def check(self) -> None:
        """Let the call through, or raise; while it is open one caller in a while is the probe."""
        with self._lock:
            if self._since is None:
                return
            left = self._probe_at - self._clock.steady()
            if left <= 0:
                self._plan()
                return
        raise GatewayError(f"{self._name} is down, waiting.", reason=self._reason, transient=True, retry_after=left)

    def succeeded(self) -> None:
        """An answer came, a refusal included."""
        with self._lock:
            was, self._since, self._failures, self._pause = self._since, None, 0, FIRST_PAUSE
        if was is not None:
            log.info("circuit_closed", name=self._name, down=round((self._clock.now() - was).total_seconds()))

    def failed(self, elsewhere: Callable[[], bool] | None = None) -> None:
        """No answer, or a 5xx.

        Where it may be the trouble of the one thing that was asked for, `elsewhere` asks for another: it is called where this
        failure would open the circuit or keep it open, and says whether an answer came.
        """
        if elsewhere is not None and self._at_stake() and elsewhere():
            self.succeeded()
            return
        with self._lock:
            self._failures += 1
            opens = self._since is None and self._failures >= self._after
            if opens:
                self._since = self._clock.now()
            elif self._since is not None:
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
            if self._since is not None:
                self._plan()
        if opens:
            log.warning("circuit_opened", name=self._name, failures=self._after)

    def state(self) -> CircuitState:
        """As it is now."""
        with self._lock:
            opened = self._since is not None
            left = max(0.0, self._probe_at - self._clock.steady()) if opened else 0.0
            return CircuitState(self._name, opened, self._failures, self._since, left)

    def _at_stake(self) -> bool:
        with self._lock:
            return self._since is not None or self._failures + 1 >= self._after

    def _plan(self) -> None:
        """The next probe: a pause, give or take a half, so that processes do not ask in step."""
        self._probe_at = self._clock.steady() + self._pause * (0.5 + self._jitter())


def github_circuit(clock: Clock) -> Circuit:
    """GitHub's."""
    return Circuit("GitHub", "github-down", clock)


def archive_circuit(clock: Clock) -> Circuit:
    """Zenodo's."""
    return Circuit("The archive", "archive-down", clock)
