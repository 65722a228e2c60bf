"""What a process does beside its looks: beats, takes over the dead, frees what is stuck, tells what the clock names.

One thread, several times in a lease. Each step may fail by itself (a database that is locked, full or gone), says so once a
minute, and is tried again with the next beat.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import structlog

from bot.errors import LostLeaseError
from bot.gateways.engine_dbos_lease import Strangers, reason_of
from bot.gateways.engine_dbos_log import Seldom
from bot.gateways.engine_dbos_tables import LOOK

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.gateways.engine_dbos_ground import Ground
    from bot.gateways.engine_dbos_run import Runs
    from bot.gateways.engine_dbos_ticks import Ticks

BEATS = 8
"""In a lease."""

log = structlog.get_logger()


class Pulse:
    """`lost` is called once, from the pulse's own thread, when another process has taken over."""

    def __init__(self, ground: Ground, runs: Runs, ticks: Ticks, lost: Callable[[], None]) -> None:
        self._ground, self._runs, self._ticks, self._lost = ground, runs, ticks, lost
        self._lease = ground.lease
        self._strangers = Strangers(ground.lease.seconds)
        self._stuck = Strangers(ground.lease.seconds / 4)
        self._seldom = Seldom()
        self._stop, self.closing = threading.Event(), threading.Event()
        self._started = False
        self._thread = threading.Thread(target=self._beat, name="engine-pulse", daemon=True)
        self.trouble: dict[str, str] = {}
        """What failed at its last try, by step."""

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the beat that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _beat(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._steps()
            except LostLeaseError:
                log.warning("lease_lost", executor=self._ground.name)
                self._lost()
                return
            self._stop.wait(max(self._lease.seconds / BEATS - (time.monotonic() - began), 0.01))

    def _steps(self) -> None:
        self._step("renew", self._lease.renew)
        self._step("takeover", self._take_over)
        self._step("stuck", self._free)
        if not self.closing.is_set():
            self._step("ticks", self._tick)

    def _step(self, name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except LostLeaseError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a database raises, the pulse goes on
            self.trouble[name] = " ".join(str(error).split())[:200]
            if self._seldom.now(name):
                log.warning("engine_step_failed", step=name, reason=reason_of(error), message=self.trouble[name])
        else:
            self.trouble.pop(name, None)

    def _take_over(self) -> None:
        """The dead, whose rows in the queue are given back before their row in the store is dropped; and rows of nobody's."""
        with self._ground.database.begin() as c:
            claimed = self._ground.tables.claimed(c)
            self._ground.tables.adopt(c)
        for name in self._lease.dead():
            self._give_back(name)
            self._lease.bury(name)
        known = self._lease.known()
        for name in self._strangers.look({executor for _, executor, _, _ in claimed} - known):
            self._give_back(name)

    def _give_back(self, executor: str) -> None:
        with self._ground.database.begin() as c:
            ids = [row for row, whose, _, _ in self._ground.tables.claimed(c) if whose == executor]
            count = self._ground.tables.put_back(c, ids, [executor])
        log.warning("taken_over", executor=executor, rows=count)

    def _free(self) -> None:
        """Our own claims that nothing looks at: DBOS lost them between claim and start, when its database failed there."""
        with self._ground.database.begin() as c:
            mine = {
                row: (token, name)
                for row, whose, token, name in self._ground.tables.claimed(c)
                if whose == self._ground.name
            }
        idle = {f"{row} {token}": row for row, (token, _) in mine.items() if row not in self._runs.under_way}
        stuck = [idle[key] for key in self._stuck.look(idle)]
        if not stuck:
            return
        foreign = [row for row in stuck if mine[row][1] != LOOK]
        with self._ground.database.begin() as c:
            self._ground.tables.put_back(c, [row for row in stuck if row not in foreign], [self._ground.name])
            self._ground.tables.strike(c, foreign)
        log.warning("freed", rows=len(stuck), foreign=len(foreign))

    def _tick(self) -> None:
        """The first time it is the process's start that is told."""
        if not self._started:
            self._ticks.start()
            self._started = True
        self._ticks.look()
