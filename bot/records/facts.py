"""What `decide` looks at: one frozen observation of a subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.records.github import IssueComment, Pull, Review, StatusMark
    from bot.records.policy import Policy
    from bot.records.reminder import Reminder, Spoken
    from bot.records.state import State
    from bot.records.suggestions import Applied, Block
    from bot.records.verdict import Report


@dataclass(frozen=True)
class Place:
    """An entry's folder `collection/entries/<id>/<version>`."""

    id: str
    version: str

    @property
    def folder(self) -> str:
        """Its path, without a trailing slash."""
        return f"collection/entries/{self.id}/{self.version}"


@dataclass(frozen=True)
class Command:
    """A comment command; `by` is the login, `may` whether that person may give it, `words` what follows the name."""

    comment: int
    name: str
    by: str
    may: bool
    words: str = ""
    at: datetime | None = None
    """When the comment was written, by GitHub's clock; whole seconds."""
    named: bool = False
    """Given by a maintainer whom the RDF at the head names."""


@dataclass(frozen=True)
class Content:
    """What stands in the pull request's folder at its head, as git blob shas; bytes are opaque to the key-holding side."""

    rdf: str | None
    entry: str | None


@dataclass(frozen=True)
class Checked:
    """What a finished check left behind in the local store: the verdict, and what follows from the description."""

    report: Report
    excluded: tuple[str, ...]
    mentions: tuple[str, ...]
    entry: bytes
    """The derived entry.yaml."""
    entry_sha: str
    source: str | None
    """Address of the upload."""
    notes: tuple[str, ...] = ()
    attempts: int = 0
    retry_at: str = ""
    answered: int = 0
    reran: int = 0
    """The newest check run that was asked for again and answered by this check."""
    question: int = 0
    """Who asked for this very check, as its question is named; 0 where nobody had to."""
    maintainers: tuple[str, ...] = ()
    """`github_user` of every maintainer whom the RDF names, as it stands there."""


@dataclass(frozen=True)
class PullFacts:
    """One look at a pull request."""

    pull: Pull
    own: bool
    """Opened by the bot from its own branch."""
    place: Place | None
    trespass: str
    """Why the pull request is for human eyes: a sentence, empty when it keeps to its own folder."""
    content: Content
    check_key: str
    policy: Policy
    state: State | None
    comment: IssueComment | None
    duplicates: tuple[int, ...]
    intact: bool
    """The comment's visible text is the one that was signed."""
    checked: Checked | None
    """The check of `check_key`, where it is at hand."""
    reviews: tuple[Review, ...]
    committers: frozenset[str]
    marks: tuple[StatusMark, ...]
    newer: int | None
    """An open pull request with a newer version of the same concept."""
    commands: tuple[Command, ...]
    branch_left: bool
    """Our branch still exists although the pull request is closed."""
    viewer: int
    now: datetime
    merge_refused: str = ""
    """What GitHub said when it did not merge this head a short while ago."""
    nudged: frozenset[str] = field(default_factory=frozenset)
    """Keys of the short comments that already stand on the pull request."""
    local: bool = True
    """The head branch is in the collection's own repository, so that the bot can write there."""
    shown: tuple[tuple[int, int], ...] = ()
    """The lines of rdf.yaml that the diff shows: suggestions can be posted there."""
    blocks: tuple[Block, ...] = ()
    """Our suggestions on lines, oldest first; looked at only where there may be any."""
    blocks_refused: bool = False
    """GitHub did not take the missing ones on this head."""
    threads_settled: str = ""
    """Names the blocks and open suggestions with which the threads were last seen to be as they should be."""
    evidence: frozenset[str] = frozenset()
    """Paths on the evidence branch, of the folder that the standing report names; looked at only where it names some."""
    evidence_lost: frozenset[str] = frozenset()
    """sha256 of pictures and tensors that cannot be shown: the work side has them no more, or GitHub did not take them."""
    at_github: datetime | None = None
    """GitHub's time of the look, where ours has jumped ahead of it; None: `now` is it."""
    reminders: tuple[Reminder, ...] = ()
    """Our reminders that stand on the pull request."""
    spoken: tuple[Spoken, ...] = ()
    """Comments and reviews by people."""
    applied: tuple[Applied, ...] = ()
    """What our correcting commits in the pull request say of themselves."""
    commits: frozenset[str] = frozenset()
    """The pull request's commits by sha, at most 250 (GitHub's own limit)."""
    newest_comment: int = 0
    """The highest id among the comments on the conversation, 0 where there is none."""
    rerun: int = 0
    """Our newest check run at the head, by id, where somebody pressed "Re-run" and no newer one stands there; 0 for none."""

    @property
    def today(self) -> datetime:
        """The moment by which days are counted."""
        return self.at_github or self.now


@dataclass(frozen=True)
class KnownPull:
    """An earlier pull request for the same source."""

    number: int
    state: str
    merged: bool


@dataclass(frozen=True)
class RecordFacts:
    """One look at an upload, before a file of it was fetched."""

    record: str
    access: str
    concept: str
    keywords: tuple[str, ...]
    owners: tuple[str, ...]
    total_bytes: int
    files: int
    known: KnownPull | None
    open_by_owner: int
    open_in_all: int
    policy: Policy
    asked: bool
    """Somebody named this record, so the keyword is not required."""
