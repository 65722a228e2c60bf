"""The collection as a whole: derive what hand-made entries lack, then publish `collection.json` when it changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.corridor.check_pull import make_job, source_of
from bot.corridor.observe_pull import base_policy
from bot.corridor.prune_evidence import prune_evidence
from bot.errors import GatewayError
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.publishing.build_collection import build_collection, missing_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.corridor.desk import Desk
    from bot.records.github import TreeFile
    from bot.records.policy import Policy

_STATUSES = (b"status: blocked", b"status: withdrawn")

log = structlog.get_logger()


def reconcile_collection(desk: Desk) -> str | None:
    """The publishing commit, None when nothing changed."""
    policy = base_policy(desk)
    _derive(desk, policy)
    prune_evidence(desk, policy)
    return build_collection(desk.github, desk.store, policy.name, policy.publish_branch, hidden(desk, _files(desk)))


def _files(desk: Desk) -> tuple[TreeFile, ...]:
    base = desk.github.ref(f"heads/{desk.github.default_branch()}") or ""
    return desk.github.folder(base, "collection")


def hidden(desk: Desk, files: Iterable[TreeFile]) -> frozenset[str]:
    """Ids whose `concept.yaml` has a line `status: blocked` or `status: withdrawn`; read as lines, not as YAML."""
    concepts = (file for file in files if file.path.endswith("/concept.yaml"))
    blocked = (
        file.path.split("/")[2] for file in concepts if set(desk.github.blob(file.sha).splitlines()) & set(_STATUSES)
    )
    return frozenset(blocked)


def _derive(desk: Desk, policy: Policy) -> None:
    """entry.yaml for versions that were merged without one, in one commit; what cannot be derived is said and left."""
    base = desk.github.ref(f"heads/{desk.github.default_branch()}") or ""
    files: dict[str, bytes | None] = {}
    for folder in missing_entries(desk.github, base):
        content = _derived(desk, policy, folder, base)
        if content:
            files[f"{folder}/entry.yaml"] = content
    if files:
        commit = desk.github.create_commit(
            parent=base, files=files, message="Derive entry.yaml", when=datetime.fromtimestamp(0, UTC)
        )
        desk.github.update_ref(f"heads/{desk.github.default_branch()}", commit)


def _derived(desk: Desk, policy: Policy, folder: str, base: str) -> bytes | None:
    place = naming.place_of(f"{folder}/rdf.yaml")
    rdf = desk.github.file(f"{folder}/rdf.yaml", base)
    if place is None or rdf is None:
        return None
    upload, concept = source_of(desk, place)
    try:
        submission = desk.workshop.prepare(make_job("prepare", upload, concept, policy, rdf=rdf[1]))
    except GatewayError as error:
        log.error("entry_not_derived", folder=folder, reason=error.reason, message=error.message)  # noqa: TRY400 - ours
        return None
    if submission["outcome"] != "described":
        log.error("entry_not_derived", folder=folder, reason=submission["reason"], message=submission["message"])
        return None
    source = naming.source_hash(upload) if upload else naming.text_hash(concept)
    return entry(place, upload, submission, concept=concept, source=source)
