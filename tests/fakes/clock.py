"""A clock that stands still until somebody sleeps; it fulfils `ports.Clock`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """`slept` remembers every pause."""

    def __init__(self) -> None:
        self.time = datetime(2024, 5, 1, 12, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
