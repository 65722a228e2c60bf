"""Versions merged without an entry.yaml that could not be described, for a reason of ours: three tries with growing pauses.

Each try is another question, because the same question has the same answer for ever. After the third it is said that somebody has to
look, and only looks that come anyway ask again. Losing the room begins the count anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.corridor.check_pull import PAUSES
from bot.review.decision import MOST_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.github import TreeFile

ROOM = "not derived"
_LATER = timedelta(hours=1)
"""At least so long between two tries, from the third on."""
_MOST = 900
"""`attempt` of a job has four digits, of which `archive_away` takes nine thousand."""

log = structlog.get_logger()


def key(rdf: TreeFile) -> str:
    """The file and its content: a corrected one is tried afresh."""
    return f"{rdf.path}:{rdf.sha}"


def tried(desk: Desk, rdf: TreeFile) -> int | None:
    """How often it was tried in vain; None while it is to be left alone."""
    row = desk.store.get(ROOM, key(rdf))
    if row is None:
        return 0
    return None if _ahead(desk, row) else int(row["tries"]) % _MOST


def failed(desk: Desk, rdf: TreeFile, reason: str, message: str) -> None:
    """Count it, say it, and plan the next try."""
    tries = int((desk.store.get(ROOM, key(rdf)) or {"tries": 0})["tries"]) + 1
    now, pause = desk.clock.now(), PAUSES[tries - 1] if tries < MOST_ATTEMPTS else _LATER
    said = {"path": rdf.path, "tries": tries, "reason": reason, "message": message}
    desk.store.put(ROOM, key(rdf), {**said, "at": now.isoformat(), "again": (now + pause).isoformat()})
    say(rdf, reason, message)


def say(rdf: TreeFile, reason: str, message: str) -> None:
    """For the log: a version has no entry.yaml yet."""
    folder = rdf.path.removesuffix("/rdf.yaml")
    log.error("entry_not_derived", folder=folder, reason=reason, message=message)


def done(desk: Desk, rdf: TreeFile) -> None:
    """It had another answer than trouble of ours."""
    desk.store.drop(ROOM, key(rdf))


def keep_only(desk: Desk, rdfs: Iterable[TreeFile]) -> None:
    """Forget those that have their entry.yaml by now, were corrected, or are gone."""
    kept = {key(rdf) for rdf in rdfs}
    for name in desk.store.items(ROOM):
        if name not in kept:
            desk.store.drop(ROOM, name)


def until(desk: Desk) -> datetime | None:
    """When to look again for the sake of those whose tries are not over."""
    rows = (row for row in desk.store.items(ROOM).values() if not given_up(row) and _ahead(desk, row))
    return min((datetime.fromisoformat(row["again"]) for row in rows), default=None)


def given_up(row: Json) -> bool:
    """Somebody has to look."""
    return int(row["tries"]) >= MOST_ATTEMPTS


def _ahead(desk: Desk, row: Json) -> bool:
    """Its time has not come; what lies farther ahead than any pause was planned before the clock went back."""
    now, again = desk.clock.now(), datetime.fromisoformat(row["again"])
    return now < again <= now + _LATER
