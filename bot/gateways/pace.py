"""How fast content may be made: a token bucket, an hour's count, and what GitHub asks for. Pure.

GitHub asks for a second between writes and allows 80 a minute and 500 an hour. A bucket lets a short burst through (one
submission's report) and keeps the long run at one write a second. Source:
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api (secondary limits) and
best-practices-for-using-the-rest-api.

Times are seconds on one clock that all who share a pace read. It may jump. Back: nobody waits for it to catch up, the bucket
is taken as it stood. Ahead: the bucket is at most full. What is dated beyond now counts as made now. So no jump blocks longer
than the limits themselves, and none lets more than one burst through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR = 3600.0
SKEW = 60.0
"""Seconds by which clocks of different machines may differ."""


@dataclass(frozen=True)
class Limits:
    """What is allowed: 18 at once and one a second are 78 in the worst minute; GitHub takes 80."""

    burst: float = 18.0
    per_second: float = 1.0
    per_hour: int = 480


@dataclass(frozen=True)
class Pace:
    """Where a pace stands."""

    tokens: float
    """Writes that may go out at once; below 0 where places were taken ahead of time."""
    at: float
    """When `tokens` was true."""
    hour: tuple[float, ...] = ()
    """When the writes of the last hour go out."""
    hold: float = 0.0
    """Nothing before that: GitHub asked for it."""

    def held(self, now: float) -> float:
        """Seconds until what GitHub asked for is over."""
        left = self.hold - now
        return left if 0 < left <= HOUR else 0.0

    def asked(self, now: float, seconds: float) -> Pace:
        """GitHub said `Retry-After`; the longest counts."""
        return replace(self, hold=now + max(self.held(now), min(seconds, HOUR)))

    def taken(self, now: float, limits: Limits) -> tuple[Pace, float]:
        """The next place, and the seconds until it."""
        tokens = min(limits.burst, self.tokens + max(0.0, now - self.at) * limits.per_second) - 1.0
        hour = tuple(moment if moment <= now + HOUR else now for moment in self.hour if moment > now - HOUR)
        full = len(hour) >= limits.per_hour
        until_hour = sorted(hour)[len(hour) - limits.per_hour] + HOUR - now if full else 0.0
        pause = max(-tokens / limits.per_second, until_hour, self.held(now), 0.0)
        return replace(self, tokens=tokens, at=self._at(now), hour=(*hour, now + pause)[-limits.per_hour :]), pause

    def _at(self, now: float) -> float:
        """A clock a little behind moves nothing back, or two that differ would fill the bucket twice."""
        return self.at if now < self.at <= now + SKEW else now

    def as_json(self) -> dict[str, Any]:
        """`pace_of` reads it back."""
        return {
            "tokens": self.tokens,
            "at": self.at,
            "hour": [round(moment, 2) for moment in self.hour],
            "hold": self.hold,
        }


def full(now: float, limits: Limits) -> Pace:
    """Nothing was written for an hour."""
    return Pace(limits.burst, now)


def pace_of(data: Mapping[str, Any] | None, now: float, limits: Limits) -> Pace:
    """From `as_json`; a row that is none begins with an empty bucket, so that spoiling it gains nobody a burst."""
    if data is None:
        return full(now, limits)
    try:
        hour = tuple(float(moment) for moment in data["hour"])
        return Pace(float(data["tokens"]), float(data["at"]), hour, float(data["hold"]))
    except (KeyError, TypeError, ValueError):
        return Pace(0.0, now)
