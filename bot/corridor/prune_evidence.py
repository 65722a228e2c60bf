"""Drop what is too old from the evidence branch: a new first commit with the young folders takes its place.

Git keeps what a branch ever held, so that taking files away would free nothing. Folders are named by day, and one listing says
which are over. Looked at once a day; that it was looked at today is in the local store, and losing it costs one look.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.records.evidence import expired
from bot.words.running import branch_message

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.policy import Policy

_LOOKED = ("evidence", "looked")
_FOLDER = "040000"

log = structlog.get_logger()


def prune_evidence(desk: Desk, policy: Policy) -> str | None:
    """The commit that the branch was moved to, None where nothing was too old.

    What another process adds in between is lost with the old commit; its own next look sees that and adds it again.
    """
    today = desk.now_at_github().date()
    if desk.store.get(*_LOOKED) == {"day": today.isoformat(), "branch": policy.evidence_branch}:
        return None
    moved = None
    head = desk.github.ref(f"heads/{policy.evidence_branch}")
    if head is not None and policy.evidence_branch != desk.github.default_branch():
        items = desk.github.top(head)
        old = expired((item.path for item in items if item.mode == _FOLDER), today, policy.evidence_days)
        if old:
            kept = tuple(item for item in items if item.path not in old)
            when = datetime.combine(today, datetime.min.time(), UTC)
            moved = desk.github.create_root(files={}, kept=kept, message=branch_message(), when=when)
            desk.github.update_ref(f"heads/{policy.evidence_branch}", moved, force=True)
            log.info("evidence_pruned", folders=sorted(old))
    desk.store.put(*_LOOKED, {"day": today.isoformat(), "branch": policy.evidence_branch})
    return moved
