"""Pictures and tensors on the evidence branch: what stands there, putting there what is missing.

What is kept in the local store spares tries alone: that something of a check cannot be had. Losing it costs one more try.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.records.evidence import day_of, folder_of, wanted
from bot.words.running import branch_message, branch_readme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.corridor.desk import Desk
    from bot.records.decision import PublishEvidence
    from bot.records.facts import PullFacts

_LOST = "evidence lost"
_GONE = {"blob-gone", "blob-too-large", "work-answer"}
"""Why the work side does not hand out a blob, now or later."""
_TRIES = 3

log = structlog.get_logger()


def standing(desk: Desk, facts: PullFacts) -> PullFacts:
    """The facts with what the branch has; asked only where the report stands and names something."""
    state, checked, named = facts.state, facts.checked, wanted(facts)
    if checked is None or not named:
        return facts
    if facts.policy.evidence_branch == desk.github.default_branch():
        return replace(facts, evidence_lost=frozenset(exhibit.sha256 for exhibit in named))
    facts = replace(facts, evidence_lost=_lost(desk, facts))
    if state is None or state.check_key != facts.check_key or not wanted(facts):
        return facts
    folder = folder_of(checked.report, day_of(facts))
    names = desk.github.names(folder, facts.policy.evidence_branch)
    return replace(facts, evidence=frozenset(f"{folder}/{name}" for name in names))


def publish(desk: Desk, facts: PullFacts, action: PublishEvidence) -> None:
    """One commit; what cannot be had is given up, so that the report goes without it and nothing is tried for ever."""
    hashes = {exhibit.path: exhibit.sha256 for exhibit in wanted(facts) if exhibit.path in action.paths}
    files = {path: content for path, sha256 in hashes.items() if (content := _blob(desk, sha256)) is not None}
    try:
        if files:
            _commit(desk, facts.policy.evidence_branch, files)
    except GatewayError as error:
        if error.transient:
            raise
        log.warning("evidence_refused", pull=facts.pull.number, reason=error.reason, message=error.message)
        files = {}
    _give_up(desk, facts, (sha256 for path, sha256 in hashes.items() if path not in files))


def _blob(desk: Desk, sha256: str) -> bytes | None:
    """None where the work side has it no more."""
    try:
        return desk.workshop.blob(sha256)
    except GatewayError as error:
        if error.reason not in _GONE and error.transient:
            raise
        log.warning("evidence_gone", sha256=sha256, reason=error.reason)
        return None


def _commit(desk: Desk, branch: str, files: Mapping[str, bytes]) -> None:
    """On top of the branch as it is; where somebody was faster, look again. The next look tries what is left undone."""
    for _ in range(_TRIES):
        head = desk.github.ref(f"heads/{branch}") or _begin(desk, branch)
        if head and desk.github.put_files(branch=branch, head=head, files=files, message=branch_message()):
            return
    log.warning("evidence_branch_busy", branch=branch)


def _begin(desk: Desk, branch: str) -> str | None:
    """The branch's first commit, without parents: the same whoever makes it."""
    readme = {"README.md": branch_readme().encode()}
    root = desk.github.create_root(files=readme, kept=(), message=branch_message(), when=datetime.fromtimestamp(0, UTC))
    return root if desk.github.create_ref(f"heads/{branch}", root) else desk.github.ref(f"heads/{branch}")


def _lost(desk: Desk, facts: PullFacts) -> frozenset[str]:
    kept = desk.store.get(_LOST, str(facts.pull.number)) or {}
    return frozenset(kept["hashes"]) if kept.get("of") == _name(facts) else frozenset()


def _give_up(desk: Desk, facts: PullFacts, hashes: Iterable[str]) -> None:
    gone = facts.evidence_lost | set(hashes)
    if gone:
        desk.store.put(_LOST, str(facts.pull.number), {"of": _name(facts), "hashes": sorted(gone)})


def _name(facts: PullFacts) -> str:
    """Of one check: a recheck that somebody asked for makes its evidence anew."""
    checked = facts.checked
    return f"{facts.check_key}:{checked.answered if checked else 0}:{checked.reran if checked else 0}"
