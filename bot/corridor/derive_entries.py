"""entry.yaml for versions that were merged without one, from forks and by hand: one commit for all that could be derived.

The work side is asked about all of them at once, so that one that is not answered, or never will be, keeps no other waiting.
What cannot be derived is said and left, and nothing is raised for it: the collection is published with what is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.corridor.check_pull import make_job, source_of
from bot.errors import WAITED_FOR, AccessionError, GatewayError, PendingError
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.publishing.read_entries import contents, missing
from bot.publishing.refused import refused

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.github import TreeFile
    from bot.records.policy import Policy

MOST_OPEN = 50
"""Questions that one look leaves open; a matrix of GitHub Actions takes 256."""
_ROUND_SECONDS = 86_400
_TRIES = 3
_REFUSALS = frozenset({403, 409})
_OTHERWISE = "merge pull requests that bring an entry.yaml, or have somebody commit the file"

log = structlog.get_logger()


@dataclass(frozen=True)
class Derived:
    """`committed`: something was brought on. `trouble`: what is to be raised once the collection is published."""

    committed: bool = False
    trouble: AccessionError | None = None


@dataclass
class _Found:
    files: dict[str, bytes | None] = field(default_factory=dict)
    pending: list[PendingError] = field(default_factory=list)
    away: list[GatewayError] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.pending) + len(self.away) >= MOST_OPEN

    @property
    def trouble(self) -> AccessionError | None:
        """Of the open questions the last: when it is answered, the others are, as a rule, and one look takes all answers."""
        return (self.pending or self.away or [None])[-1]


def derive_entries(desk: Desk, policy: Policy) -> Derived:
    """Begins again from the new tip where somebody was faster. Where nobody was, GitHub takes no commit of ours there."""
    branch = desk.github.default_branch()
    for _ in range(_TRIES):
        base = _tip(desk, branch)
        found = _look(desk, policy, base)
        if not found.files:
            return Derived(trouble=found.trouble)
        if _commit(desk, branch, base, found.files):
            return Derived(committed=True, trouble=found.trouble)
        if _tip(desk, branch) == base:
            return Derived(trouble=refused(branch, _named(found.files), _OTHERWISE))
    message = f"`{branch}` keeps moving; entry.yaml files are committed by the next run."
    return Derived(trouble=GatewayError(message, reason="derive-race", transient=True))


def _tip(desk: Desk, branch: str) -> str:
    return desk.github.ref(f"heads/{branch}") or ""


def _named(paths: dict[str, bytes | None]) -> str:
    first, *others = sorted(paths)
    return f"{first} and {len(others)} more" if others else first


def _commit(desk: Desk, branch: str, base: str, files: dict[str, bytes | None]) -> bool:
    message, when = "Derive entry.yaml", datetime.fromtimestamp(0, UTC)
    commit = desk.github.create_commit(parent=base, files=files, message=message, when=when)
    try:
        return desk.github.update_ref(f"heads/{branch}", commit)
    except GatewayError as error:
        if error.transient or error.status not in _REFUSALS:
            raise
        return False


def _look(desk: Desk, policy: Policy, base: str) -> _Found:
    found = _Found()
    listed = {file.path: file for file in desk.github.folder(base, "collection")}
    for file, rdf in contents(desk.github, _in_turn(desk, missing(listed))):
        if found.full:
            break
        try:
            content = _derived(desk, policy, file.path, rdf)
        except PendingError as pending:
            found.pending.append(pending)
        except GatewayError as error:
            _say(file.path, error.reason, error.message)
            found.away += [error] if error.reason in WAITED_FOR else []
        else:
            found.files |= {f"{_folder(file.path)}/entry.yaml": content} if content else {}
    return found


def _in_turn(desk: Desk, rdfs: tuple[TreeFile, ...]) -> tuple[TreeFile, ...]:
    """Where there are too many, the day says at which to begin, so that those that can never be described hide no others."""
    begin = int(desk.clock.now().timestamp() // _ROUND_SECONDS) * MOST_OPEN % len(rdfs) if len(rdfs) > MOST_OPEN else 0
    return rdfs[begin:] + rdfs[:begin]


def _derived(desk: Desk, policy: Policy, path: str, rdf: bytes) -> bytes | None:
    place = naming.place_of(path)
    if place is None:
        return None
    upload, concept = source_of(desk, place)
    submission = desk.workshop.prepare(make_job("prepare", upload, concept, policy, rdf=rdf))
    if submission["outcome"] != "described":
        _say(path, submission["reason"], submission["message"])
        return None
    source = naming.source_hash(upload) if upload else naming.text_hash(concept)
    return entry(place, upload, submission, concept=concept, source=source)


def _say(path: str, reason: str, message: str) -> None:
    log.error("entry_not_derived", folder=_folder(path), reason=reason, message=message)


def _folder(path: str) -> str:
    return path.removesuffix("/rdf.yaml")
