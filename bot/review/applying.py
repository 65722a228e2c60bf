"""What becomes of `/accession apply [n ...|all]`: done, answered with the reason, or looked at once the report is at hand. Pure.

Numbers are those of the report that stands in the comment. They count for the content it was made on, and for commands that
were given while it stood there; any other command is answered and does nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.records.decision import Apply, Reply, RunChecks
from bot.records.suggestions import offered, offers
from bot.review.replies import answered, followed_key
from bot.words import applying as words

if TYPE_CHECKING:
    from bot.records.facts import Command, PullFacts

NAME = "apply"
_NUMBERS = re.compile(r"[0-9]{1,4}(?:[ ,]+[0-9]{1,4})*[ ,]*")


def apply_due(facts: PullFacts) -> tuple[Apply | RunChecks | Reply, ...]:
    """Answers to all due commands up to the first one that asks for work; that comes last, and alone changes content."""
    due: list[Apply | RunChecks | Reply] = []
    for command in facts.commands:
        step = _step(facts, command) if command.name == NAME and not answered(facts, command.comment) else None
        if step is not None:
            due.append(step)
        if isinstance(step, Apply | RunChecks):
            break
    return tuple(due)


def _step(facts: PullFacts, command: Command) -> Apply | RunChecks | Reply | None:
    key = followed_key(command.comment)
    done = next((one for one in facts.applied if one.command == command.comment), None)
    if done:
        return Reply(key, words.reply_applied(done.lines, done.overlapping))
    if not command.may:
        return None  # `replies` says so
    if not facts.local:
        return Reply(key, words.reply_fork())
    numbers = _numbers(command.words)
    if numbers is None:
        return Reply(key, words.reply_usage())
    if facts.trespass or facts.place is None or facts.content.rdf is None:
        return Reply(key, words.reply_human())
    if not _timely(facts, command):
        return Reply(key, words.reply_outdated())
    return _on_report(facts, command, numbers)


def _timely(facts: PullFacts, command: Command) -> bool:
    """The report in the comment is about what stands at the head, and stood there as it is when the command was given."""
    state, comment = facts.state, facts.comment
    if state is None or comment is None or (state.head, state.check_key) != (facts.pull.head_sha, facts.check_key):
        return False
    return not state.offered or (command.at is not None and command.at > comment.updated_at)


def _on_report(facts: PullFacts, command: Command, numbers: tuple[int, ...]) -> Apply | RunChecks | Reply | None:
    key, state, checked = followed_key(command.comment), facts.state, facts.checked
    if state is None or not state.offered:
        return Reply(key, words.reply_nothing())
    if checked is None:
        return RunChecks()
    if not facts.intact:
        return None  # the comment is written again by this look, and the command looked at by the next
    if offered(checked.report) != state.offered:
        return Reply(key, words.reply_outdated())
    known = [offer.number for offer in offers(checked.report)]
    unknown = [number for number in numbers if number not in known]
    if unknown:
        return Reply(key, words.reply_numbers(tuple(unknown), len(known)))
    return Apply(command, numbers or tuple(known))


def _numbers(text: str) -> tuple[int, ...] | None:
    """The numbers asked for, empty for all of them; None for what is neither."""
    asked = text.strip()
    if asked in {"", "all"}:
        return ()
    return tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", asked))) if _NUMBERS.fullmatch(asked) else None
