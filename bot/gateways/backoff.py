"""Pauses between tries, with full jitter: many who failed at once do not come back at once.

Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 4
PATIENCE = 10.0
"""The longest pause, in seconds, that a read waits for itself; a longer one is handed up as `retry_after`."""
LONGEST = 3600.0
"""No pause that the other side asks for is believed beyond this: both of GitHub's windows are an hour."""
_FIRST = 0.5

chance: Callable[[], float] = random.SystemRandom().random
"""Between 0 and 1, for whoever is not handed another one."""


def backoff(attempt: int, jitter: Callable[[], float] = chance) -> float:
    """Seconds before the try after `attempt` (from 1): anything up to 0.5, 1, 2 and so on, `PATIENCE` at most."""
    return min(PATIENCE, _FIRST * 2.0 ** (attempt - 1)) * jitter()


def seconds_asked(text: str | None) -> float | None:
    """`Retry-After` in seconds, within 0 and `LONGEST`; its other form, a date, and nonsense are as if not given."""
    if text is None or not text.strip().isascii() or not text.strip().isdigit():
        return None
    return min(float(text), LONGEST)
