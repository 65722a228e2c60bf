"""What the bot remembers after posting: the next state block. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.digests import digest
from bot.records.evidence import remembered
from bot.records.state import State, completed_at, of_turn, since
from bot.records.suggestions import offered

if TYPE_CHECKING:
    from bot.records.decision import PostReport
    from bot.records.facts import PullFacts


def next_state(facts: PullFacts, post: PostReport) -> State:
    """The state that goes with this comment; told keys only grow."""
    before, checked = facts.state, facts.checked
    began = since(facts, post.stage)
    same = before is not None and began == before.since
    told = (*of_turn(before.told if before else (), same=same), *post.told)
    reminded = before.reminded if before and same else ""
    if checked is None:
        return replace(_carried(facts, post, told), since=began, reminded=reminded)
    answered = max(before.answered if before else 0, checked.answered)
    return State(
        head=facts.pull.head_sha,
        check_key=facts.check_key,
        content_hash=checked.report.content_hash,
        outcome=checked.report.outcome,
        completed_at=completed_at(facts),
        stage=post.stage.value,
        wait=digest(post.wait),
        excluded=checked.excluded,
        mentioned=checked.mentions,
        entry_sha=checked.entry_sha,
        told=told,
        attempts=checked.attempts,
        retry_at=checked.retry_at,
        answered=answered,
        offered=offered(checked.report),
        suggested=bool(offered(checked.report) or (before and before.suggested)),
        evidence=remembered(facts),
        awaits=checked.report.awaits_build,
        build=before.build if before else "",
        since=began,
        reminded=reminded,
    )


def _carried(facts: PullFacts, post: PostReport, told: tuple[str, ...]) -> State:
    """The verdict stays what it was: only stage and sentence change."""
    before = facts.state
    if before is None:
        return State(facts.pull.head_sha, facts.check_key, "", "", "", post.stage.value, digest(post.wait), told=told)
    if before.check_key != facts.check_key:  # the verdict was on other content
        empty = State(facts.pull.head_sha, facts.check_key, "", "", "", post.stage.value, digest(post.wait), told=told)
        return replace(
            empty,
            excluded=before.excluded,
            mentioned=before.mentioned,
            entry_sha=before.entry_sha,
            answered=before.answered,
            suggested=before.suggested,
            build=before.build,
        )
    return replace(
        before,
        head=facts.pull.head_sha,
        stage=post.stage.value,
        wait=digest(post.wait),
        told=told,
        completed_at=completed_at(facts),
    )
