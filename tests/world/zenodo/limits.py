"""Rate limits: told on every answer, enforced on request.

Figures and headers from Zenodo's developers page, "Rate limit", and recorded answers: `Retry-After` stands on a 200
too, so a client must look at the status first.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import ZenodoError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Limit:
    count: int
    seconds: int

    def __str__(self) -> str:
        return f"{self.count} per 1 {'minute' if self.seconds == MINUTE else 'hour'}"


MINUTE, HOUR = 60, 3600
GUEST = (Limit(60, MINUTE), Limit(2000, HOUR))
USER = (Limit(100, MINUTE), Limit(5000, HOUR))
SEARCH = (Limit(30, MINUTE),)


class Limits:
    """Counts requests per asker in fixed windows."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._seen: Counter[tuple[str, Limit, bool, int]] = Counter()
        self._lock = threading.Lock()

    def count(self, who: str, *, user: bool, search: bool) -> tuple[dict[str, str], ZenodoError | None]:
        """The headers of this answer, from the tightest limit, and Zenodo's 429 if one is passed."""
        now = self.clock()
        with self._lock:
            states = [self._use(who, limit, now, search=False) for limit in (USER if user else GUEST)]
            states += [self._use(who, limit, now, search=True) for limit in SEARCH if search]
        left, limit = min(states, key=lambda state: state[0])
        reset = (int(now) // limit.seconds + 1) * limit.seconds
        headers = {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": str(reset),
            "Retry-After": str(max(reset - int(now), 1)),
        }
        return headers, ZenodoError(429, str(limit)) if left < 0 else None

    def _use(self, who: str, limit: Limit, now: float, *, search: bool) -> tuple[int, Limit]:
        key = (who, limit, search, int(now) // limit.seconds)
        self._seen[key] += 1
        return limit.count - self._seen[key], limit
