"""How much the launcher does at the same time, for all its clients together."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways.boxes_places import Places
from bot.gateways.boxes_warm import beside_warm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.gateways.launcher_forms import Ceilings
    from bot.records.box import Machine

_PREWARM_SECONDS = 10.0


class Slots:
    """Places for runs, builds, connections; used by many threads."""

    def __init__(self, ceilings: Ceilings, machine: Machine) -> None:
        """`places` promise what the boxes promise, so that who was let in waits for nothing more there."""
        self.ceilings = ceilings
        self.places = Places(beside_warm(machine), most=ceilings.runs)
        self.connections = threading.BoundedSemaphore(ceilings.connections)
        self._builds = threading.BoundedSemaphore(ceilings.builds)
        self._prewarms: deque[float] = deque(maxlen=ceilings.prewarms)
        self._lock = threading.Lock()

    @contextmanager
    def build(self) -> Iterator[None]:
        """A place among those that build one after the other; raises `GatewayError` where there is none."""
        if not self._builds.acquire(blocking=False):
            raise GatewayError("The launcher has enough to build for now.", reason="launcher-busy", transient=True)
        try:
            yield
        finally:
            self._builds.release()

    def may_prewarm(self) -> bool:
        """False for a hint too many: each of them may start containers."""
        now = time.monotonic()
        with self._lock:
            full = len(self._prewarms) == self._prewarms.maxlen
            if full and now - self._prewarms[0] < _PREWARM_SECONDS:
                return False
            self._prewarms.append(now)
            return True
