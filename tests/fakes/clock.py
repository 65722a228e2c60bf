"""A clock that stands still until somebody sleeps, and jumps when it is told to; it fulfils `ports.Clock`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """`slept` remembers every pause."""

    def __init__(self) -> None:
        self.time = datetime(2024, 5, 1, 12, tzinfo=UTC)
        self.slept: list[float] = []
        self._ran = 0.0

    def now(self) -> datetime:
        return self.time

    def steady(self) -> float:
        return self._ran

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Time goes on, and nobody slept."""
        self.time += timedelta(seconds=seconds)
        self._ran += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the time of day; no time passes."""
        self.time += timedelta(seconds=seconds)
