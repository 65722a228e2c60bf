"""The seconds that all files of one submission have together to be fetched, tries and pauses included."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.ports import Clock


class FetchTime:
    """Runs from when it is made; shared by the fetching threads, which change nothing of it."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        self._clock = clock
        self._until = clock.steady() + seconds

    def left(self) -> float:
        """Seconds, at least 0."""
        return max(0.0, self._until - self._clock.steady())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """While something else than fetching goes on, in the only thread."""
        began = self._clock.steady()
        try:
            yield
        finally:
            self._until += self._clock.steady() - began
