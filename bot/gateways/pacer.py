"""When the next write may go out: one pace for an installation, kept by one process or shared by all of them.

A place is taken first and waited for afterwards, so that nobody holds the database while sleeping.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import GatewayError
from bot.gateways.pace import Limits, full, pace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.gateways.pace import Pace
    from bot.ports import Clock, Json, Store

BURST, PER_HOUR = int(Limits.burst), Limits.per_hour
ALONE = Limits(burst=4.0, per_second=0.25, per_hour=Limits.per_hour // 4)
"""While the shared pace is out of reach: so slow that four processes together still keep the limits."""

_ROOM, _KEY = "pacer", "github"
_GLANCE = 1.0
"""Seconds for which it is believed that nobody else was asked to pause."""

log = structlog.get_logger()


class AnyPacer(Protocol):
    """What the transport asks of a pacer."""

    def wait(self) -> float:
        """Wait for a place; gives the seconds waited. Raises `GatewayError` where that is longer than its patience."""

    def hold(self, seconds: float) -> None:
        """GitHub said `Retry-After`: nothing before that."""

    def held(self) -> float:
        """Seconds until that is over; reads wait for it too."""

    def heard(self, now: float) -> None:
        """The time of day by GitHub's clock, which all processes share."""


class Pacer:
    """For one process. `patience` in seconds."""

    def __init__(
        self,
        clock: Clock,
        *,
        burst: float = BURST,
        per_second: float = 1.0,
        per_hour: int = PER_HOUR,
        patience: float = float("inf"),
    ) -> None:
        self._clock, self._limits, self._patience = clock, Limits(burst, per_second, per_hour), patience
        self._pace = full(clock.steady(), self._limits)
        self._lock = threading.Lock()

    def wait(self) -> float:
        """See `AnyPacer`."""
        with self._lock:
            after, pause = self._pace.taken(self._clock.steady(), self._limits)
            if pause <= self._patience:
                self._pace = after
        return _waited(pause, self._patience, self._clock)

    def hold(self, seconds: float) -> None:
        """See `AnyPacer`."""
        with self._lock:
            self._pace = self._pace.asked(self._clock.steady(), seconds)

    def held(self) -> float:
        """See `AnyPacer`."""
        with self._lock:
            return self._pace.held(self._clock.steady())

    def heard(self, now: float) -> None:
        """A process alone needs no common clock."""


class SharedPacer:
    """For all processes of an installation, through one row of their database.

    Its clock is GitHub's, carried on by this machine's steady one; before the first answer it is the time of day. Where the
    database is away, this process goes on alone, at a rate that keeps the limits even if all others do the same.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        limits: Limits | None = None,
        patience: float = float("inf"),
        key: str = _KEY,
    ) -> None:
        self._store, self._clock, self._key, self._patience = store, clock, key, patience
        self._limits = limits or Limits()
        self._alone = Pacer(
            clock, burst=ALONE.burst, per_second=ALONE.per_second, per_hour=ALONE.per_hour, patience=patience
        )
        self._ahead: float | None = None
        self._seen = (float("-inf"), 0.0)

    def wait(self) -> float:
        """See `AnyPacer`."""
        now, pause = self._now(), 0.0

        def take(row: Json | None) -> Json:
            nonlocal pause
            before = pace_of(row, now, self._limits)
            after, pause = before.taken(now, self._limits)
            return (after if pause <= self._patience else before).as_json()

        if not self._change(take):
            return self._alone.wait()
        return _waited(pause, self._patience, self._clock)

    def hold(self, seconds: float) -> None:
        """See `AnyPacer`; this process keeps to it also where the others cannot be told."""
        now = self._now()
        self._alone.hold(seconds)
        self._change(lambda row: pace_of(row, now, self._limits).asked(now, seconds).as_json())
        self._seen = (float("-inf"), 0.0)

    def held(self) -> float:
        """See `AnyPacer`; looked up once a second."""
        seen, until = self._seen
        steady = self._clock.steady()
        if steady - seen >= _GLANCE:
            until = steady + max(self._alone.held(), self._kept().held(self._now()))
            self._seen = (steady, until)
        return max(0.0, until - steady)

    def heard(self, now: float) -> None:
        """See `AnyPacer`."""
        self._ahead = now - self._clock.steady()

    def _now(self) -> float:
        return self._clock.now().timestamp() if self._ahead is None else self._clock.steady() + self._ahead

    def _kept(self) -> Pace:
        now = self._now()
        try:
            return pace_of(self._store.get(_ROOM, self._key), now, self._limits)
        except (GatewayError, sqlite3.Error, ValueError):
            return full(now, self._limits)

    def _change(self, change: Callable[[Json | None], Json]) -> bool:
        """False where the database is away."""
        try:
            self._store.change(_ROOM, self._key, change)
        except (GatewayError, sqlite3.Error, ValueError) as error:
            log.warning("pacer_alone", error=type(error).__name__)
            return False
        return True


def _waited(pause: float, patience: float, clock: Clock) -> float:
    if pause > patience:
        message = f"GitHub's limits on new content are used up for {pause:.0f} s."
        raise GatewayError(message, reason="rate-limited", transient=True, retry_after=pause)
    if pause > 0:
        clock.sleep(pause)
    return pause
