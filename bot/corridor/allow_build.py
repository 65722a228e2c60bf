"""Write a maintainer's ok-to-build into the signed state of the report: GitHub is the memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.corridor.observe_pull import writers
from bot.feedback.state_block import remember
from bot.words import building as words

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import AllowBuild
    from bot.records.facts import PullFacts

log = structlog.get_logger()


def allow_build(desk: Desk, facts: PullFacts, action: AllowBuild) -> str:
    """What to answer where nothing was allowed; empty otherwise, for the state speaks to the next look.

    The check has another key from then on, so that the verdict is made anew.
    """
    state, comment = facts.state, facts.comment
    if not writers(desk, (action.command.by,)):
        return words.reply_no_role(action.command.by)
    if state is None or comment is None or state.content_hash != action.content_hash:
        return words.reply_moved()
    allowed = replace(state, build=action.content_hash)
    number = facts.pull.number
    desk.github.edit_comment(comment.id, remember(comment.body, allowed, desk.state_key, desk.where(number)))
    log.info("build_allowed", pull=number, command=action.command.comment, content=action.content_hash)
    return ""
