"""What the bot remembers on a pull request: the content of the signed state block in its own comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.facts import PullFacts
    from bot.records.stage import Stage


@dataclass(frozen=True)
class State:
    """Durable truth about one pull request. Unsigned or altered means absent.

    `check_key` names what was checked (rdf blob, upload, environment, policy); `completed_at` is when that content was
    first found to pass or fail on this head: approvals before it do not count.
    """

    head: str
    check_key: str
    content_hash: str
    outcome: str
    """`passed`, `failed`, `errored`, or empty where nothing could be checked."""
    completed_at: str
    stage: str
    wait: str
    """Digest of the sentence that says what the pull request waits for."""
    excluded: tuple[str, ...] = ()
    """Lower-case logins named in the RDF, whose approval does not count."""
    mentioned: tuple[str, ...] = ()
    entry_sha: str = ""
    """Git blob sha of the entry.yaml that the bot derived."""
    told: tuple[str, ...] = ()
    """Keys of everything people were told."""
    attempts: int = 0
    retry_at: str = ""
    answered: int = 0
    """Id of the newest comment whose command was answered."""
    offered: str = ""
    """What the numbers of the suggestions in the report mean, as a digest; empty where it has none."""
    suggested: bool = False
    """Suggestions were posted on lines, at some time: threads of ours may stand there."""
    evidence: str = ""
    """Which pictures and tensors the report shows, as a digest; `due` while they are on their way, empty where it has none."""
    awaits: str = ""
    """`some` or `all`: weights that wait for a maintainer's ok-to-build (`Report.awaits_build`); empty for none."""
    build: str = ""
    """Content hash for which a maintainer said ok-to-build; it stays, and counts for no other content."""
    since: str = ""
    """When this stage began on this head; of a final stage, when the one before it did. It names the turn."""
    reminded: str = ""
    """When somebody was last reminded in this turn, by GitHub's clock."""
    body: str = ""
    """Digest of the visible text it was posted with."""


def since(facts: PullFacts, stage: Stage) -> str:
    """When the turn began that a report of this stage belongs to."""
    before = facts.state
    if before is None:
        return facts.today.isoformat()
    same = (before.stage, before.head, before.check_key) == (stage.value, facts.pull.head_sha, facts.check_key)
    return before.since if same or stage.final else facts.today.isoformat()


def of_turn(told: Iterable[str], *, same: bool) -> tuple[str, ...]:
    """Keys to remember: those of an earlier turn's reminders are of no use any more."""
    return tuple(key for key in told if same or not key.startswith(("remind-", "stale-")))


def completed_at(facts: PullFacts) -> str:
    """When this content was first judged so on this head; a later re-check that says the same keeps the approvals."""
    before, checked = facts.state, facts.checked
    if checked is not None and checked.report.outcome == "errored":
        return ""
    if before and before.head == facts.pull.head_sha and before.completed_at:
        same = checked is None or (
            before.content_hash == checked.report.content_hash and before.outcome == checked.report.outcome
        )
        if same:
            return before.completed_at
    return facts.now.isoformat()
