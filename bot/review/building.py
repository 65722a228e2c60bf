"""What becomes of `/accession ok-to-build`: allowed for the content that was reported on, or answered with the reason. Pure.

Contributed requirements make a container fetch and unpack what others published, so a person of the collection looks at
the report first. The word counts for the content that this report is about, and for no other.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.records.decision import AllowBuild, Reply
from bot.review.replies import answered, followed_key
from bot.words import building as words

if TYPE_CHECKING:
    from bot.records.facts import Command, PullFacts

NAME = "ok-to-build"


def build_due(facts: PullFacts) -> tuple[AllowBuild | Reply, ...]:
    """Answers to all due commands up to the first that allows something, which comes last."""
    due: list[AllowBuild | Reply] = []
    for command in facts.commands:
        step = _step(facts, command) if command.name == NAME and not answered(facts, command.comment) else None
        if step is not None:
            due.append(step)
        if isinstance(step, AllowBuild):
            break
    return tuple(due)


def awaits(facts: PullFacts) -> str:
    """`some` where weights wait for an image, `all` where nothing else is wrong, else empty."""
    return facts.checked.report.awaits_build if facts.checked else facts.state.awaits if facts.state else ""


def _step(facts: PullFacts, command: Command) -> AllowBuild | Reply | None:
    key, state = followed_key(command.comment), facts.state
    if not command.may:
        return None  # `replies` says so
    if facts.trespass or facts.place is None or facts.content.rdf is None:
        return Reply(key, words.reply_human())
    if state is not None and state.build and state.build == state.content_hash:
        return Reply(key, words.reply_allowed())
    if state is None or state.head != facts.pull.head_sha or not _after(command, state.completed_at):
        return Reply(key, words.reply_early())
    if state.check_key != facts.check_key:
        return Reply(key, words.reply_early())
    if not state.awaits:
        return Reply(key, words.reply_nothing())
    # an altered comment is written again by this look, and the command looked at by the next
    return AllowBuild(command, state.content_hash) if facts.intact else None


def _after(command: Command, completed_at: str) -> bool:
    """The report stood there; one that says `errored` was not completed."""
    return bool(completed_at) and command.at is not None and command.at > datetime.fromisoformat(completed_at)
