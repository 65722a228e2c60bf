"""How fast we may write: GitHub asks for a second between writes and allows 80 a minute and 500 an hour.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api (secondary limits) and
best-practices-for-using-the-rest-api. A token bucket lets a short burst through (one submission's report)
and keeps the long run at one write a second.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock

BURST = 18
"""With a write a second afterwards at most 78 in the first minute; GitHub takes 80."""
PER_SECOND = 1.0
PER_HOUR = 480


class Pacer:
    """One per installation; `wait` returns when the next write may go out."""

    def __init__(self, clock: Clock, *, burst: int = BURST, per_hour: int = PER_HOUR) -> None:
        self._clock = clock
        self._burst = float(burst)
        self._tokens = float(burst)
        self._last = clock.now()
        self._hour: deque[float] = deque(maxlen=per_hour)
        self._lock = threading.Lock()
        self._not_before = 0.0

    def wait(self) -> float:
        """Wait for a place; gives the seconds waited."""
        with self._lock:
            pause = self._pause()
            if pause > 0:
                self._clock.sleep(pause)
            self._take()
            return pause

    def hold(self, seconds: float) -> None:
        """GitHub said `Retry-After`: no write before that."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock.now().timestamp() + seconds)

    def _refill(self) -> None:
        now = self._clock.now()
        self._tokens = min(self._burst, self._tokens + (now - self._last).total_seconds() * PER_SECOND)
        self._last = now

    def _pause(self) -> float:
        self._refill()
        now = self._clock.now().timestamp()
        bucket = (1.0 - self._tokens) / PER_SECOND if self._tokens < 1.0 else 0.0
        full = len(self._hour) == self._hour.maxlen
        hour = self._hour[0] + 3600 - now if full else 0.0
        return max(bucket, hour, self._not_before - now, 0.0)

    def _take(self) -> None:
        self._refill()
        self._tokens -= 1.0
        self._hour.append(self._clock.now().timestamp())
