"""For how long GitHub is left alone after it refused for one of its limits.

It says so in `Retry-After`, or by when the hourly allowance is renewed where that is used up. A secondary limit may say
nothing: then a minute, and twice as long each time it is met again. What the allowance's renewal says is no answer to it.
Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.gateways.github_answers import now_of, pause_of

if TYPE_CHECKING:
    from bot.ports import Clock

FIRST, LONGEST = 60.0, 960.0
"""Seconds, where nothing is said; after as many without a limit as the longest has, it begins anew."""


class Pauses:
    """Of one process; safe between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pause, self._ends = FIRST, float("-inf")
        self._lock = threading.Lock()

    def after(self, headers: dict[str, str]) -> float:
        """Seconds from now, by the headers of a refusal."""
        said = pause_of(headers, now_of(headers, self._clock.now()))
        return self._unsaid() if said is None else said

    def _unsaid(self) -> float:
        """All who meet the limit during one pause are told the same end of it."""
        now = self._clock.steady()
        with self._lock:
            if now >= self._ends:
                self._pause = min(2 * self._pause, LONGEST) if now < self._ends + LONGEST else FIRST
                self._ends = now + self._pause
            return self._ends - now
