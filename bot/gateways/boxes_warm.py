"""Boxes that wait for a job: started where they take nothing from those that work, used for one submission, destroyed.

A box that waited answered in 0.26 s where one started from nothing took 2.2 s.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import GatewayError
from bot.records.box import Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.gateways.boxes_sealed import SealedBox
    from bot.records.box import BoxLimits

log = structlog.get_logger(__name__)
WARM_BYTES = 384 * 1024**2
"""What one box that waits holds: 110 MB with numpy alone, 350 MB with torch loaded, 400 MB with TensorFlow."""
WARM_SHARE = 8
"""Boxes that wait take an eighth of the machine's memory."""
FEWEST, MOST = 2, 8
QUIET_SECONDS = 2.0
"""Replacements are started when no box has run for so long."""


@dataclass(frozen=True)
class Kind:
    """Boxes that can take each other's jobs."""

    image: str
    """By digest."""
    verb: str
    limits: BoxLimits


class Start(Protocol):
    """Makes a box that is ready for its job."""

    def __call__(self, kind: Kind, preload: str) -> SealedBox:
        """`preload`: weight formats whose frameworks it loads before its job comes."""


def most_warm(machine: Machine) -> int:
    """How many boxes may wait on such a machine."""
    return max(FEWEST, min(MOST, machine.memory_bytes // WARM_SHARE // WARM_BYTES))


def beside_warm(machine: Machine) -> Machine:
    """What boxes that work may be promised, so that those that wait have their memory too; at least something."""
    return Machine(machine.cpus, max(1, machine.memory_bytes - most_warm(machine) * WARM_BYTES))


class WarmBoxes:
    """Keeps started boxes by kind; used by several threads."""

    def __init__(self, start: Start, *, spare: Callable[[Kind], str], most: int, refill: bool) -> None:
        """`spare`: what a box loads for whose job there is no hurry yet, because any may come."""
        self._start = start
        self._spare = spare
        self._most = most
        self._refills = refill
        self._boxes: dict[Kind, list[Future[SealedBox]]] = {}
        self._starters = ThreadPoolExecutor(2, thread_name_prefix="prewarm")
        self._lock = threading.Lock()
        self._working = 0
        self._wanted: dict[Kind, None] = {}
        self._quiet = threading.Timer(0, self._refill)
        self._closed = False

    def prewarm(self, kind: Kind, preload: Sequence[str] = ("",)) -> list[Future[SealedBox]]:
        """Have one wait for each of `preload`; beyond the most that may wait, one of the kind asked for longest ago goes."""
        with self._lock:
            if self._closed:
                return []
            waiting = self._boxes.pop(kind, [])  # and to the end: it is the kind asked for last
            for one in preload[len(waiting) : self._most]:
                self._make_room(len(waiting))
                waiting.append(self._starters.submit(self._start, kind, one))
            self._boxes[kind] = waiting
            return list(waiting)

    def take(self, kind: Kind) -> SealedBox | None:
        """One that is ready, or is being started right now; None where there is none alive."""
        while True:
            future = self._next(kind)
            if future is None:
                return None
            try:
                box = future.result()
            except GatewayError:
                return None  # the cold start that follows tells why
            if box.alive():
                return box
            discard(box)

    @contextmanager
    def working(self, kind: Kind, *, again: bool = True) -> Iterator[None]:
        """While a box runs none is started for later; when the last one is done, and it stays so, they are.

        `again`: one of this kind is among those.
        """
        with self._lock:
            self._working += 1
            self._quiet.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                self._wanted.pop(kind, None)
                if again:
                    self._wanted[kind] = None
                if self._refills and not self._working and not self._closed:
                    self._quiet = threading.Timer(QUIET_SECONDS, self._refill)
                    self._quiet.daemon = True
                    self._quiet.start()

    def close(self) -> None:
        """Remove all that wait, also those that are only being started."""
        with self._lock:
            self._closed = True
            self._quiet.cancel()
            waiting = [future for futures in self._boxes.values() for future in futures]
            self._boxes.clear()
        self._starters.shutdown(wait=True)
        for future in waiting:
            _discard(future)

    def _next(self, kind: Kind) -> Future[SealedBox] | None:
        with self._lock:
            waiting = self._boxes.get(kind)
            if not waiting:
                return None
            future = waiting.pop(0)
            if not waiting:
                del self._boxes[kind]
            return future

    def _make_room(self, beside: int) -> None:
        """For one more beside those of its own kind."""
        while self._boxes and beside + sum(map(len, self._boxes.values())) >= self._most:
            oldest = next(iter(self._boxes))
            self._starters.submit(_discard, self._boxes[oldest].pop(0))
            if not self._boxes[oldest]:
                del self._boxes[oldest]

    def _refill(self) -> None:
        with self._lock:
            kinds, self._wanted = list(self._wanted)[-self._most :], {}
        for kind in kinds:
            self.prewarm(kind, (self._spare(kind),))


def discard(box: SealedBox) -> None:
    """Remove a box that nobody needs; what cannot be removed now is left to the next start."""
    try:
        box.remove()
    except GatewayError as error:
        log.warning("box left behind", reason=error.reason)


def _discard(future: Future[SealedBox]) -> None:
    if future.exception() is None:
        discard(future.result())
