"""A value that may take a database to find: asked for in a thread, by one at a time, and kept for some seconds.

However often a page is loaded, the database is asked once; while it does not answer, the last value is shown as old.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog
from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a request waits for a value."""

log = structlog.get_logger()


@dataclass
class Fresh(Generic[T]):
    """`get` is called in one event loop."""

    ask: Callable[[], T]
    clock: Callable[[], float]
    seconds: float
    patience: float = PATIENCE
    _value: T | None = None
    _at: float | None = None
    _task: asyncio.Task[T] | None = field(default=None, repr=False)

    async def get(self) -> tuple[T | None, bool]:
        """The value, None where there never was one; and whether it is younger than `seconds`."""
        if self._young():
            return self._value, True
        if self._task is None:
            self._task = asyncio.create_task(run_in_threadpool(self.ask))
            self._task.add_done_callback(self._answered)
        await asyncio.wait({self._task}, timeout=self.patience)
        return self._value, self._young()

    def _young(self) -> bool:
        return self._at is not None and 0 <= self.clock() - self._at < self.seconds

    def _answered(self, task: asyncio.Task[T]) -> None:
        self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.warning("page_has_no_answer", error=type(error).__name__, message=str(error)[:200])
            return
        self._value, self._at = task.result(), self.clock()
