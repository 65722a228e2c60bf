"""What is left of GitHub's hourly allowance, and how slowly to read so that it lasts.

Down to a half nothing is slowed. Below, what is left is spread over the time until it is renewed. The last tenth is for looks that
somebody waits for, so that reports and merges go on while a sweep gives way. Every answer tells all processes of an
installation the same figures, so nothing needs to be shared. Source:
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.gateways.backoff import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Clock

SLOWEST = 5.0
"""Seconds that one read is held back at most."""
_RESERVE = 0.1
_EASY = 0.5


@dataclass(frozen=True)
class Left:
    """What an answer said; `ends` on the steady clock."""

    limit: int
    remaining: int
    ends: float

    def pause(self, now: float, *, urgent: bool) -> float | None:
        """Seconds to hold a read back; None where it must not be sent before the renewal."""
        seconds = self.ends - now
        if seconds <= 0 or self.remaining > self.limit * _EASY:
            return 0.0
        own = self.remaining if urgent else self.remaining - int(self.limit * _RESERVE)
        if own <= 0:
            return None
        return 0.0 if urgent and own > self.limit * _RESERVE else min(SLOWEST, seconds / own)


class Allowance:
    """By resource (`core`, `graphql`, `search`), as the newest answer told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: dict[str, Left] = {}
        self._lock = threading.Lock()

    def heard(self, headers: Mapping[str, str], now: float) -> None:
        """Note an answer's figures; `now` is the timestamp that its `reset` is to be compared with."""
        try:
            limit, remaining = (int(float(headers[f"x-ratelimit-{name}"])) for name in ("limit", "remaining"))
            seconds = float(headers["x-ratelimit-reset"]) - now
        except (KeyError, ValueError):
            return
        left = Left(limit, remaining, self._clock.steady() + min(max(seconds, 0.0), LONGEST))
        with self._lock:
            self._left[headers.get("x-ratelimit-resource", "core")] = left

    def pause(self, resource: str, *, urgent: bool) -> float | None:
        """See `Left.pause`."""
        left = self.left(resource)
        return left.pause(self._clock.steady(), urgent=urgent) if left else 0.0

    def seconds(self, resource: str) -> float:
        """Until the renewal."""
        left = self.left(resource)
        return max(0.0, left.ends - self._clock.steady()) if left else 0.0

    def left(self, resource: str = "core") -> Left | None:
        """For the status page and metrics; None before the first answer."""
        with self._lock:
            return self._left.get(resource)
