"""One record that somebody named by its number: it may not be there, or not be shown yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.corridor import sweeping
from bot.corridor.observe_pull import base_policy
from bot.corridor.reconcile_record import ROOM, Standing, reconcile_record

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.ports import Json

UNSEEN = "unseen"
"""Reason of a record that was announced and is not shown yet."""

PAUSES = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1))
"""After the first, second, third try in vain, and after each further one."""

_SHOWN_WITHIN = timedelta(days=1)
"""So long an announced record is looked for that the archive does not show."""


def named_record(desk: Desk, record: str, *, asked: bool, told: bool = False) -> Standing:
    """Who named a record once need not name it again when the work side answers; `told` says that an event saw it.

    What became of it counts for polls too, which would look once more otherwise.
    """
    kept = desk.store.get(ROOM, record) or {}
    upload = desk.archive.upload(record)
    if upload is None:
        return _no_record(desk, record, kept, told=told)
    conditions = sweeping.conditions_of(sweeping.environment(desk), base_policy(desk))
    return reconcile_record(desk, upload, asked=asked or bool(kept.get("asked")), conditions=conditions)


def again_at(desk: Desk, record: str) -> datetime:
    """When a record is tried again where the trouble was ours; a poll may come first."""
    tried = int((desk.store.get(ROOM, record) or {}).get("attempts", 1))
    return desk.clock.now() + PAUSES[min(max(tried, 1), len(PAUSES)) - 1]


def _no_record(desk: Desk, record: str, kept: Json, *, told: bool) -> Standing:
    """One that was announced may be published and not shown yet: polls look again for a day, then it is forgotten."""
    now = desk.clock.now()
    since = kept["tried"] if kept.get("reason") == UNSEEN else now.isoformat() if told else ""
    if not since or now - datetime.fromisoformat(since) > _SHOWN_WITHIN:
        desk.store.drop(ROOM, record)
        return Standing("refused", "no-record", f"The archive has no record {record}.")
    standing = Standing("held", UNSEEN, f"The archive does not show record {record} yet; it is looked for again.")
    row = {"status": standing.status, "reason": standing.reason, "message": standing.message, "pull": None}
    desk.store.put(ROOM, record, {**row, "concept": "", "asked": True, "tried": since, "attempts": 0})
    return standing
