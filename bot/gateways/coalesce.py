"""Many threads that want the same answer at the same time get it from few requests.

Who asks while a request is under way does not take its answer: it may show the world from before what he heard of. He waits
for the next request, which serves all who wait by then. So any number of threads at once cost two requests at most, and every
answer is at least as new as its question.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")


@dataclass
class _Flight(Generic[T]):
    answers: list[T] = field(default_factory=list)
    trouble: GatewayError | None = None


@dataclass
class _Turn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Coalescer(Generic[T]):
    """One request at a time for each key."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._boarding: dict[Hashable, _Flight[T]] = {}
        self._turns: dict[Hashable, _Turn] = {}

    def ask(self, key: Hashable, send: Callable[[], T]) -> tuple[T, bool]:
        """The answer, and whether this thread sent for it. What `send` raises is raised for all whom it served."""
        with self._guard:
            flight = self._boarding.setdefault(key, _Flight())
        with self._turn(key):
            if not flight.answers and flight.trouble is None:
                with self._guard:
                    if self._boarding.get(key) is flight:
                        del self._boarding[key]
                return self._fly(flight, send), True
        if flight.trouble is not None:
            raise flight.trouble
        return flight.answers[0], False

    def _fly(self, flight: _Flight[T], send: Callable[[], T]) -> T:
        try:
            answer = send()
        except GatewayError as error:
            flight.trouble = error
            raise
        flight.answers.append(answer)
        return answer

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        with self._guard:
            turn = self._turns.setdefault(key, _Turn())
            turn.users += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._guard:
                turn.users -= 1
                if not turn.users:
                    del self._turns[key]
