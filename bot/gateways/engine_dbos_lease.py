"""Who is alive: each process beats in the store, and one that is not seen to beat for a while is taken over.

A row in room `processes` holds a counter. Nobody compares the clocks of two machines: an observer counts for how long *it*
has seen a counter stand still, and of the time between two of its own looks it counts no more than `LEASE / 4`, so that an
observer that was itself paused does not take its own pause for somebody else's death.

A process is taken over by marking its row, in one step that its own next beat cannot come between. So a paused process
either finds the mark (and writes nothing any more), or has beaten first (and is not taken over). `fence` is asked before
each write: for free while the last beat is young, with a beat when it is not.

The whole lease is for processes that may live. One below the same kernel that certainly ended (`process_place`) is taken over
after the quarter of a lease within which the fence costs nothing: whatever was taken for certain, a process that beats later
than that finds the mark before it writes.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import AccessionError, GatewayError, LostLeaseError
from bot.gateways.process_place import gone, place
from bot.records.engine import EngineProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.ports import Clock, Store

LEASE = 20.0
"""Seconds without a sign of life until a process is taken for dead."""
ROOM = "processes"

log = structlog.get_logger()


class Lease:
    """This process's place among the others; `lost` is set once, and for ever, when another one has taken over."""

    def __init__(self, store: Store, clock: Clock, name: str, *, seconds: float = LEASE) -> None:
        self._store, self._clock, self._name = store, clock, name
        self.seconds = seconds
        self.lost = threading.Event()
        self.ended = threading.Event()
        """Set with `lost`, and by `shut`: nothing that is under way may wait any longer."""
        self._lock = threading.Lock()
        self._renewed = _Moment()
        self._others = Quiet(seconds / 4)
        self._place = place()

    def join(self) -> None:
        """Be known, before anything is claimed."""
        now = self._clock.now().isoformat()
        about = {"host": socket.gethostname(), "pid": os.getpid(), "place": self._place, "started": now}
        row = {"beat": 0, **about, "at": now}
        self._store.put(ROOM, self._name, row)
        self._renewed = _Moment()

    def leave(self) -> None:
        """Go in an orderly way: there is nothing to take over. Only the row of a process that is not taken over is dropped."""
        self._store.change(ROOM, self._name, lambda row: row if row and row.get("taken") else None)

    def shut(self) -> None:
        """No write from now on: what still runs was given back."""
        self.ended.set()

    def fence(self) -> None:
        """Raises LostLeaseError when this process must write nothing any more.

        Within a quarter of the lease after a beat it costs nothing. After that it beats first; where the store does not
        answer, it lets pass until half of the lease is over, and raises GatewayError(reason="database") from then on.
        """
        if self.ended.is_set():
            raise LostLeaseError
        if self._renewed.age() < self.seconds / 4:
            return
        with self._lock:
            self._fence_anew()

    def _fence_anew(self) -> None:
        age = self._renewed.age()
        if age < self.seconds / 4:
            return
        try:
            with answering():
                self._beat()
        except GatewayError:
            if age >= self.seconds / 2:
                raise

    def renew(self) -> None:
        """Beat; raises LostLeaseError where this process was taken over."""
        with self._lock:
            self._beat()

    def _beat(self) -> None:
        began = _Moment()
        now = self._clock.now().isoformat()
        kept = self._store.change(ROOM, self._name, lambda row: _beaten(row, now))
        if kept is None or kept.get("taken"):
            self.lost.set()
            self.ended.set()
            raise LostLeaseError
        self._renewed = began

    def dead(self) -> list[str]:
        """Processes whose work is to be taken over, now: marked so that they write nothing any more. `bury` them afterwards."""
        rows = {name: row for name, row in self._store.items(ROOM).items() if name != self._name}
        quiet = self._others.look({name: row.get("beat") for name, row in rows.items()})
        marked = [name for name, row in rows.items() if row.get("taken")]
        return marked + [
            name
            for name, row in rows.items()
            if not row.get("taken") and self._silent(row, quiet[name]) and self._mark(name, row)
        ]

    def _silent(self, row: dict[str, Any], quiet: float) -> bool:
        return quiet >= self.seconds or (quiet >= self.seconds / 4 and gone(row.get("place"), self._place))

    def _mark(self, name: str, seen: dict[str, Any]) -> bool:
        def mark(row: dict[str, Any] | None) -> dict[str, Any] | None:
            return {**row, "taken": self._name} if row and row.get("beat") == seen["beat"] else row

        kept = self._store.change(ROOM, name, mark)
        return kept is not None and kept.get("taken") == self._name

    def bury(self, name: str) -> None:
        """Its work was given back. A process that finds no row of its own is lost like one that finds the mark."""
        self._store.drop(ROOM, name)

    def known(self) -> set[str]:
        """Names of all processes that have a row."""
        return {self._name, *self._store.items(ROOM)}

    def processes(self) -> tuple[EngineProcess, ...]:
        """All that have a row, this one included."""
        return tuple(_process(name, row, self._others.seconds(name)) for name, row in self._store.items(ROOM).items())


class _Moment:
    """When something was; its age by whichever clock says more: one that ticks through a suspended machine, or the wall's.

    Too old costs one more beat, too young could cost a write that is not ours to make: so a clock that jumps forward is
    believed, and one that jumps back is not.
    """

    def __init__(self) -> None:
        self._boot, self._wall = _boot(), time.time()

    def age(self) -> float:
        return max(_boot() - self._boot, time.time() - self._wall)


def _boot() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Quiet:
    """For how long this observer has seen each of several values stand still."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._last = time.monotonic()
        self._seen: dict[str, tuple[object, float]] = {}

    def look(self, values: Mapping[str, object]) -> dict[str, float]:
        """Seconds by name; between two looks no more than `most` pass, so that our own pause counts for nobody."""
        now = time.monotonic()
        passed, self._last = min(max(now - self._last, 0.0), self._most), now
        before = self._seen
        self._seen = {name: (value, _still(before.get(name), value, passed)) for name, value in values.items()}
        return {name: seconds for name, (_, seconds) in self._seen.items()}

    def seconds(self, name: str) -> float:
        """As the last look said."""
        return self._seen.get(name, (None, 0.0))[1]


def _still(before: tuple[object, float] | None, value: object, passed: float) -> float:
    return before[1] + passed if before is not None and before[0] == value else 0.0


class Strangers:
    """Names that nobody knows, seen for as long as a lease by this observer's own count."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._quiet = Quiet(seconds / 4)

    def look(self, names: Iterable[str]) -> list[str]:
        """Those of them that have been there for so long."""
        return [name for name, quiet in self._quiet.look(dict.fromkeys(names)).items() if quiet >= self._seconds]


@contextmanager
def answering() -> Iterator[None]:
    """Whatever a store raises leaves as `GatewayError(reason="database")`."""
    try:
        yield
    except AccessionError:
        raise
    except Exception as error:
        raise GatewayError("The store does not answer.", reason="database", transient=True) from error


def _beaten(row: dict[str, Any] | None, now: str) -> dict[str, Any] | None:
    return row if row is None or row.get("taken") else {**row, "beat": row["beat"] + 1, "at": now}


def _process(name: str, row: dict[str, Any], quiet: float) -> EngineProcess:
    return EngineProcess(name, str(row.get("host", "")), int(row.get("pid", 0)), str(row.get("started", "")), quiet)


def reason_of(error: Exception) -> str:
    """For a log line."""
    return error.reason if isinstance(error, AccessionError) else type(error).__name__
