"""A worker's hand in the questions that it was given: patient while the database is away, and withdrawn when they are given back.

From then on it lays and leaves nothing: what is still found here may only be that this process ended. Whoever was paused, or
was taken over, was never told so: its answer may still be the first one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0
"""Seconds between two tries; doubled each time."""
MOST_TRIES = 360
"""An hour: what a database refuses for longer is no outage, and one question keeps no lane for ever."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Withdrawn(BaseException):
    """The question is for others: its row stays as it is. DBOS records an outcome for every `Exception`."""


class Hand:
    """Of one worker; its lanes share it."""

    def __init__(self) -> None:
        self._writes = threading.Lock()
        self._withdrawn = threading.Event()

    def do(self, step: Callable[[], T]) -> T:
        """Do it, and again while the database does not answer.

        Raises `Withdrawn` once the hand is withdrawn, with nothing done; `GatewayError` after an hour of tries.
        """
        pause = FIRST_PAUSE
        for _ in range(MOST_TRIES - 1):
            try:
                return self._once(step)
            except GatewayError as error:
                log.warning("worker_waits", reason=error.reason, message=error.message)
            self._withdrawn.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return self._once(step)

    def withdraw(self) -> None:
        """What is being done now is waited for, and nothing more is done afterwards."""
        self._withdrawn.set()
        with self._writes:
            pass

    def _once(self, step: Callable[[], T]) -> T:
        with self._writes:
            if self._withdrawn.is_set():
                raise Withdrawn
            return step()
