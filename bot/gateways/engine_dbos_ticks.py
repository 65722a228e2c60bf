"""What the clock names: each chore once in its interval, with any number of processes; a tick only tells.

Rows in room `ticks`, changed in one step. Schedules of DBOS's own would not do: they enqueue without a partition, which a
partitioned queue never takes; a tick that falls into a time when no process runs is gone, a week later for a weekly one; and
their interval is a minute at least. Here a tick that is due while nothing runs is told at the next start, and a row that
lies in the future (a clock jumped back) is due at once. A process that dies between claiming a tick and telling it leaves
the row untold: who finds it so, and its claimer not among the living, claims it anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.records.event import ChoreSubject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.gateways.engine_dbos_ground import Ground
    from bot.records.event import Subject

SCHEDULES: Mapping[str, timedelta] = {
    "poll": timedelta(minutes=5),
    "sweep": timedelta(minutes=15),
    "reminders": timedelta(days=1),
    "retest": timedelta(days=7),
    "clean-up": timedelta(days=1),
}
"""Of `records.event.CHORES`."""
AT_START = ("sweep", "poll")
"""What a process tells when it starts, whatever happened before."""
ROOM = "ticks"


class Ticks:
    """`tell` is the engine's."""

    def __init__(self, ground: Ground, schedules: Mapping[str, timedelta], tell: Callable[[Subject], None]) -> None:
        self._store, self._clock, self._name, self._known = ground.store, ground.clock, ground.name, ground.lease.known
        self._schedules, self._tell = schedules, tell

    def start(self) -> None:
        """Heal what was missed while nobody ran. The interval begins anew."""
        for chore in AT_START:
            if chore in self._schedules:
                self._tell(ChoreSubject(chore))
                self._store.put(ROOM, chore, self._row(told=True))

    def look(self) -> None:
        """Tell what is due and nobody has told; an interval that was never begun begins now."""
        rows = self._store.items(ROOM)
        known = self._known()
        for chore, every in self._schedules.items():
            row = rows.get(chore)
            if row is None:
                self._store.change(ROOM, chore, lambda row: row or self._row(told=True))
            elif self._open(row, every, known) and self._claimed(chore, row):
                self._tell(ChoreSubject(chore))
                self._store.change(ROOM, chore, self._told)

    def _open(self, row: dict[str, Any], every: timedelta, known: set[str]) -> bool:
        """It is due; or it was claimed and not told, by us or by somebody who is no more."""
        at = _moment(row)
        if at is None or not timedelta() <= self._clock.now() - at < every:
            return True
        return not row.get("told") and (row.get("by") == self._name or row.get("by") not in known)

    def _claimed(self, chore: str, seen: dict[str, Any]) -> bool:
        """Only what still stands as it was seen: who came between has claimed it."""
        mine = self._row(told=False)
        return self._store.change(ROOM, chore, lambda row: mine if row == seen else row) == mine

    def _told(self, row: dict[str, Any] | None) -> dict[str, Any] | None:
        return {**row, "told": True} if row and row.get("by") == self._name else row

    def _row(self, *, told: bool) -> dict[str, Any]:
        return {"at": self._clock.now().isoformat(), "by": self._name, "told": told}


def _moment(row: dict[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(row["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return at if at.tzinfo else None
