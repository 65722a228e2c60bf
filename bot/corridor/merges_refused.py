"""Merges that GitHub refused a short while ago: not tried again at every look, and the reason is told.

In the local store only; losing it costs one more try.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.github import Pull

_ROOM = "merges refused"
_PAUSE = timedelta(minutes=15)


def keep(desk: Desk, number: int, sha: str, reason: str) -> None:
    """Remember why this head was not merged, for a quarter of an hour."""
    until = desk.clock.now() + _PAUSE
    desk.store.put(_ROOM, str(number), {"sha": sha, "reason": reason, "until": until.isoformat()})


def reason(desk: Desk, pull: Pull) -> str:
    """Why this head was not merged just now; empty when it may be tried."""
    kept = desk.store.get(_ROOM, str(pull.number))
    return str(kept["reason"]) if kept and until(desk, pull) else ""


def until(desk: Desk, pull: Pull) -> datetime | None:
    """When it is tried again; None where it may be tried now."""
    kept = desk.store.get(_ROOM, str(pull.number))
    if kept is None or kept["sha"] != pull.head_sha:
        return None
    found, now = datetime.fromisoformat(kept["until"]), desk.clock.now()
    return found if now < found <= now + _PAUSE else None  # more is left only where our clock went back
