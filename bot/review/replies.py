"""What is said to commands that are not followed: nobody asks and hears nothing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.decision import Action, Reply
from bot.words import sentences

if TYPE_CHECKING:
    from bot.records.facts import Command, PullFacts

COMMANDS = frozenset({"recheck"})
MOST_REPLIES = 5
"""On one pull request, so that a chatterbox cannot make the bot one."""

_COMMAND = "command-"


def replies(facts: PullFacts) -> tuple[Action, ...]:
    """Commands that are none, or not theirs who gave them: answered once each, a few on one pull request."""
    refused = {f"{_COMMAND}{c.comment}": _refusal(c) for c in facts.commands if c.name not in COMMANDS or not c.may}
    room = MOST_REPLIES - sum(key.startswith(_COMMAND) for key in facts.nudged)
    due = [Reply(key, text) for key, text in refused.items() if key not in facts.nudged]
    return tuple(due[: max(room, 0)])


def _refusal(command: Command) -> str:
    if command.name not in COMMANDS:
        return sentences.reply_unknown(command.name)
    return sentences.reply_may_not(command.by, command.name)
