"""The collection as a whole: derive what hand-made entries lack, then publish `collection.json` when it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.corridor import not_derived, sweeping
from bot.corridor.derive_entries import derive_entries
from bot.corridor.observe_pull import base_policy
from bot.corridor.prune_evidence import prune_evidence
from bot.errors import GatewayError, PendingError
from bot.publishing.build_collection import build_collection
from bot.publishing.refused import PROTECTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.corridor.desk import Desk
    from bot.records.policy import Policy


def reconcile_collection(desk: Desk) -> str | None:
    """The publishing commit, None when nothing changed.

    What is open, and what GitHub refuses, is raised after everything that is known was published: no merge has to name it then,
    and what is planned next and the sweep are enough.
    """
    policy = base_policy(desk)
    before = sweeping.tips(desk, policy)
    try:
        commit = _publish(desk, policy)
    except GatewayError as error:
        if error.reason == PROTECTED:  # by every sweep would be too often
            _looked(desk, before)
        raise
    _looked(desk, before)
    return commit


def _publish(desk: Desk, policy: Policy) -> str | None:
    derived = derive_entries(desk, policy)
    prune_evidence(desk, policy)
    commit = build_collection(desk.github, desk.store, policy.name, policy.publish_branch)
    if derived.trouble is None:
        return commit
    desk.store.drop(*sweeping.STALE)
    if isinstance(derived.trouble, PendingError):
        pending = derived.trouble
        raise PendingError(pending.job, pending.message, advanced=derived.committed) from pending
    raise derived.trouble


def _looked(desk: Desk, before: Mapping[str, str]) -> None:
    desk.store.drop(*sweeping.STALE)
    sweeping.collection_looked(desk, before, not_derived.until(desk))
