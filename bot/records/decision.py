"""What `decide` may answer: actions, each of which looks before it writes, so that doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.records.facts import Command
    from bot.records.stage import Stage


@dataclass(frozen=True)
class RunChecks:
    """Have the work side check what stands at the head; `answers` is the comment that asked for it, 0 for none."""

    answers: int = 0
    rerun: int = 0
    """The check run that somebody wants again, 0 for none (`PullFacts.rerun`)."""


@dataclass(frozen=True)
class PostReport:
    """Make the one comment say this."""

    stage: Stage
    wait: str
    """The sentence about what happens next."""
    told: tuple[str, ...] = ()
    """Keys of what people are told with it: mails, nudges."""


@dataclass(frozen=True)
class Tell:
    """Send the mails of these keys, each once.

    It stands between the comment and the label: a missing label says that it may not have happened, so that nothing is
    lost with the local database.
    """

    keys: tuple[str, ...]
    stage: Stage
    wait: str


@dataclass(frozen=True)
class SetStage:
    """Make the pull request carry this stage label, and none of the other stages'."""

    stage: Stage


@dataclass(frozen=True)
class MarkCommit:
    """Put the verdict on the checked commit, as a check run or a commit status."""


@dataclass(frozen=True)
class Nudge:
    """One short new comment, because editing one notifies nobody."""

    key: str
    stage: Stage


@dataclass(frozen=True)
class Remind:
    """One short new comment to who has the turn; `key` names it, `which` is its number and how many there are at most."""

    key: str
    whom: str
    """`contributor`, `unreachable`, `review` or `blocked`."""
    mentions: tuple[str, ...]
    which: tuple[int, int]
    closes: str = ""
    """The day from which on the bot closes the pull request, where nothing moves."""


@dataclass(frozen=True)
class Remember:
    """Write into the signed state, and nowhere else, that people were told of these keys; the report is not changed."""

    keys: tuple[str, ...]
    reminded: datetime | None = None
    """When the newest of them was posted, by GitHub's clock."""


@dataclass(frozen=True)
class Reply:
    """Answer a command that was not followed, with the reason; each command once."""

    key: str
    text: str


@dataclass(frozen=True)
class Suggest:
    """Post the suggestions of these keys on their lines, in reviews that take no side."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class SettleThreads:
    """Have the threads of our suggestions open for these keys, and resolved for all others."""

    open: frozenset[str]
    name: str
    """What is remembered once they are seen to be so."""


@dataclass(frozen=True)
class DropBlocks:
    """Converge to one comment for each suggestion: the lowest id stays."""

    comments: tuple[int, ...]


@dataclass(frozen=True)
class PublishEvidence:
    """Put these files on the evidence branch, in one commit."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class Apply:
    """Commit the suggestions of these numbers, as the command asked; parent is the checked head."""

    command: Command
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class AllowBuild:
    """Remember in the signed state that images may be built for this content, as the command said."""

    command: Command
    content_hash: str


@dataclass(frozen=True)
class RestoreEntry:
    """Write the derived entry.yaml over whatever stands there (our own branch only)."""


@dataclass(frozen=True)
class DropDuplicates:
    """Converge to one report comment: the lowest id stays."""

    comments: tuple[int, ...]


@dataclass(frozen=True)
class Merge:
    """Merge iff the head is still this sha and the approvals still count."""

    sha: str


@dataclass(frozen=True)
class Close:
    """Close without merging."""

    reason: str


@dataclass(frozen=True)
class DeleteBranch:
    """Our branch has served."""


@dataclass(frozen=True)
class RebuildCollection:
    """The collection has changed."""


@dataclass(frozen=True)
class Wait:
    """Nothing to do now, and why; `until` None means until somebody acts."""

    reason: str
    until: datetime | None = None


Action = (
    RunChecks
    | PostReport
    | Tell
    | SetStage
    | MarkCommit
    | Nudge
    | Remind
    | Remember
    | Reply
    | Suggest
    | SettleThreads
    | DropBlocks
    | PublishEvidence
    | Apply
    | AllowBuild
    | RestoreEntry
    | DropDuplicates
    | Merge
    | Close
    | DeleteBranch
    | RebuildCollection
    | Wait
)


@dataclass(frozen=True)
class Refuse:
    """The upload cannot become a pull request; said in the log and in `status`."""

    reason: str
    message: str


@dataclass(frozen=True)
class Hold:
    """Not now: a quota is full. It is looked at again."""

    reason: str
    message: str


@dataclass(frozen=True)
class Known:
    """Already proposed; nothing to do."""

    message: str
    pull: int


@dataclass(frozen=True)
class Propose:
    """Prepare it and open its pull request."""


Gate = Refuse | Hold | Known | Propose
