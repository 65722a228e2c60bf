"""What the archive has that is new or changed, from one listing; and what came to no end yet, once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.corridor import sweeping
from bot.corridor.named_record import named_record
from bot.corridor.observe_pull import base_policy
from bot.corridor.reconcile_record import ROOM, Standing, reconcile_record, settled
from bot.errors import AccessionError
from bot.records.event import PullSubject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.event import Subject

_OVERLAP = timedelta(days=1)

log = structlog.get_logger()


def poll(desk: Desk) -> Iterator[Subject]:
    """Look for new and changed uploads; yields each pull request as soon as it is opened, so that its report comes first.

    The cursor moves only over a complete listing, and never into the future; with a day's overlap, so that a late index loses nothing. What was held
    or errored is looked at again each time, what waits for the work side's answer only where that does not come.
    """
    policy = base_policy(desk)
    conditions = sweeping.conditions_of(sweeping.environment(desk), policy)
    cursor = desk.store.get("poll", "cursor")
    since = datetime.fromisoformat(cursor["updated"]) - _OVERLAP if cursor else None
    newest, complete = since, False
    seen: set[str] = set()
    for page in desk.archive.changed(policy.keywords, since):
        complete = page.complete
        for problem in page.unreadable:
            log.error("record_unreadable", problem=problem)
        for upload in sorted(page.uploads, key=lambda u: u.updated):
            seen.add(upload.record)
            newest = max(newest, upload.updated) if newest else upload.updated
            if not settled(desk, upload, conditions):
                yield from _opened(reconcile_record(desk, upload, conditions=conditions))
    for record, asked in _again(desk, seen):
        try:
            standing = named_record(desk, record, asked=asked)
        except AccessionError as error:
            log.warning("record_failed", record=record, reason=error.reason, message=error.message)
        else:
            yield from _opened(standing)
    desk.store.put("poll", "listing", {"complete": complete, "at": desk.clock.now().isoformat()})
    if complete and newest:
        desk.store.put("poll", "cursor", {"updated": min(newest, desk.now()).isoformat()})
    elif not complete:
        log.warning("listing_incomplete", since=since.isoformat() if since else None)


def _opened(standing: Standing) -> Iterator[Subject]:
    if standing.pull and standing.status == "proposed":
        yield PullSubject(standing.pull)


def _again(desk: Desk, seen: set[str]) -> Iterator[tuple[str, bool]]:
    """Records that are not at their end, and whether somebody had named them (then no keyword is asked for)."""
    now = desk.now()
    for record, row in desk.store.items(ROOM).items():
        if record not in seen and _due(row, now):
            yield record, bool(row["asked"])


def _due(row: Json, now: datetime) -> bool:
    """Held or errored; or waiting for so long that its question may be lost. To ask again is to ask once."""
    if row["status"] != "waiting":
        return row["status"] in {"held", "errored"}
    return abs(now - datetime.fromisoformat(row["tried"])) >= sweeping.PENDING
