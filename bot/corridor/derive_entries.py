"""entry.yaml for versions that were merged without one, from forks and by hand: one commit for all that could be derived.

The work side is asked about all of them at once, so that one that is not answered, or never will be, keeps no other waiting.
What cannot be derived is said and left, and nothing is raised for it: the collection is published with what is known. Trouble of
the work side is tried again (`not_derived.py`); an archive that is away is waited for (`archive_away.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.corridor import archive_away, not_derived
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
_HOUR, _DAY = 3600, 86_400
_TRIES = 3
_REFUSALS = frozenset({403, 409})
_OTHERWISE = "merge pull requests that bring an entry.yaml, or have somebody commit the file"


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
    lacking = missing(listed)
    not_derived.keep_only(desk, lacking)
    for file, rdf in contents(desk.github, _in_turn(desk, lacking)):
        if found.full:
            break
        try:
            content = _derived(desk, policy, file, rdf)
        except PendingError as pending:
            found.pending.append(pending)
        except GatewayError as error:
            if error.reason in WAITED_FOR:
                not_derived.say(file, error.reason, error.message)
                found.away.append(error)
            else:
                not_derived.failed(desk, file, error.reason, error.message)
        else:
            found.files |= {f"{file.path.removesuffix('rdf.yaml')}entry.yaml": content} if content else {}
    return found


def _in_turn(desk: Desk, rdfs: tuple[TreeFile, ...]) -> tuple[TreeFile, ...]:
    """The clock says at which to begin, so that those that can never be described, or not be asked about, hide no others for long.

    Where there are more than are asked about, the next of them have a day, in which they may be answered.
    """
    seconds = int(desk.clock.now().timestamp())
    begin = seconds // _DAY * MOST_OPEN if len(rdfs) > MOST_OPEN else seconds // _HOUR
    begin %= max(len(rdfs), 1)
    return rdfs[begin:] + rdfs[:begin]


def _derived(desk: Desk, policy: Policy, file: TreeFile, rdf: bytes) -> bytes | None:
    place, tried = naming.place_of(file.path), not_derived.tried(desk, file)
    if place is None or tried is None:
        return None
    name = not_derived.key(file)
    tries = (0, tried + archive_away.waited(desk, name))
    upload, concept = source_of(desk, place)
    submission = desk.workshop.prepare(make_job("prepare", upload, concept, policy, rdf=rdf, tries=tries))
    archive_away.check(desk, name, upload, submission)
    if submission["outcome"] == "errored":
        not_derived.failed(desk, file, submission["reason"], submission["message"])
        return None
    not_derived.done(desk, file)
    if submission["outcome"] != "described":
        not_derived.say(file, submission["reason"], submission["message"])
        return None
    source = naming.source_hash(upload) if upload else naming.text_hash(concept)
    return entry(place, upload, submission, concept=concept, source=source)
