"""What is said to commands that are not followed: nobody asks and hears nothing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.decision import Action, Reply
from bot.words import sentences

if TYPE_CHECKING:
    from bot.records.facts import Command, PullFacts

COMMANDS = frozenset({"apply", "ok-to-build", "recheck"})
MOST_REPLIES = 5
"""On one pull request, so that a chatterbox cannot make the bot one."""

_COMMAND = "command-"
_FOLLOWED = "followed-"


def followed_key(comment: int) -> str:
    """Names the reply to a command of somebody who may give it; these are not counted."""
    return f"{_FOLLOWED}{comment}"


def answered(facts: PullFacts, comment: int) -> bool:
    """A reply to this command stands on the pull request, whatever became of it and whoever may give it now."""
    return bool({f"{_COMMAND}{comment}", followed_key(comment)} & facts.nudged)


def replies(facts: PullFacts) -> tuple[Action, ...]:
    """Commands that are none, or not theirs who gave them: answered once each, a few on one pull request."""
    done = {one.command for one in facts.applied}
    refused = [c for c in facts.commands if (c.name not in COMMANDS or not c.may) and c.comment not in done]
    room = MOST_REPLIES - sum(key.startswith(_COMMAND) for key in facts.nudged)
    due = [Reply(f"{_COMMAND}{c.comment}", _refusal(c)) for c in refused if not answered(facts, c.comment)]
    return tuple(due[: max(room, 0)])


def _refusal(command: Command) -> str:
    if command.name not in COMMANDS:
        return sentences.reply_unknown(command.name)
    return sentences.reply_may_not(command.by, command.name)
