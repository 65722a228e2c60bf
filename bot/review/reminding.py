"""Who is reminded when nothing moves, and when a pull request that nobody works on is closed. Pure.

A *turn* begins when a stage begins on a head; a push, a reopening, or another stage begins a new one. It is named by that
moment, which stands in the signed state, so that a lost database reminds nobody twice. All times are GitHub's own: a clock of
ours that jumps neither bursts nor blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.records.decision import Close, DropDuplicates, Remember, Remind, Wait
from bot.records.stage import Stage

if TYPE_CHECKING:
    from bot.records.decision import Action
    from bot.records.facts import PullFacts
    from bot.records.github import IssueComment
    from bot.records.state import State

PEOPLES = frozenset({Stage.AWAITING_REVIEW, Stage.BLOCKED})
"""Stages that wait for the collection's people."""
_TURNS = PEOPLES | {Stage.NEEDS_CHANGES}
_LOGIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,39}(?<!-)")
_MENTIONED = 5


@dataclass(frozen=True)
class _Turn:
    stage: Stage
    name: str
    """Part of the keys: the second in which it began."""
    moved: datetime
    """When who has the turn last did something, or was last reminded."""
    quiet: datetime
    """When anybody last did something; reminders of ours do not count."""
    told: int
    """How often they were reminded."""


def reminding(facts: PullFacts, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions, and where there is nothing to do but wait: a reminder, closing, or until when to wait for these."""
    waits = [action for action in actions if isinstance(action, Wait)]
    if len(waits) < len(actions) or any(wait.until for wait in waits):
        return actions
    turn = _turn(facts)
    surplus = _surplus(facts, turn)
    if surplus:
        return (DropDuplicates(surplus), *actions)
    if turn is None or facts.state is None:
        return actions
    new = [one for one in facts.reminders if one.key not in facts.state.told]
    if new:
        return (Remember(tuple(one.key for one in new), max(one.at for one in new)), *actions)
    return _due(facts, turn, facts.state, actions)


def began(state: State, comment: IssueComment) -> datetime:
    """When the turn began. A report that was last edited earlier says that our clock was ahead when that was remembered."""
    return min(_named(state, comment), comment.updated_at)


def _named(state: State, comment: IssueComment) -> datetime:
    """The moment that names the turn; a state written before there were turns has others that stay."""
    since = state.since or state.completed_at
    return datetime.fromisoformat(since) if since else comment.created_at


def _name(state: State, comment: IssueComment) -> str:
    return str(int(_named(state, comment).timestamp()))


def closed_as_stale(facts: PullFacts) -> bool:
    """We closed it, because nobody moved."""
    state, comment = facts.state, facts.comment
    if state is None or comment is None:
        return False
    return f"stale-{_name(state, comment)}" in state.told


def _turn(facts: PullFacts) -> _Turn | None:
    state, comment = facts.state, facts.comment
    if facts.pull.state != "open" or state is None or comment is None or not facts.intact:
        return None
    stage = Stage(state.stage)
    if stage not in _TURNS:
        return None
    start, name = began(state, comment), _name(state, comment)
    people = {person.id for person in facts.policy.people}
    said = [one.at for one in facts.spoken]
    theirs = [one.at for one in facts.spoken if stage not in PEOPLES or one.by in people]
    reminded = [datetime.fromisoformat(state.reminded)] if state.reminded else []
    told = sum(key.startswith(f"remind-{name}-") for key in state.told)
    return _Turn(stage, name, max([start, *theirs, *reminded]), max([start, *said]), told)


def _surplus(facts: PullFacts, turn: _Turn | None) -> tuple[int, ...]:
    """Reminders of an earlier turn, older ones of this one, and doubles: the newest key stays, with its lowest comment."""
    mine = [one for one in facts.reminders if turn and one.key.startswith(f"remind-{turn.name}-")]
    newest = max((_number(one.key) for one in mine), default=0)
    stays = min((one.comment for one in mine if _number(one.key) == newest), default=0)
    return tuple(sorted(one.comment for one in facts.reminders if one.comment != stays))


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])


def _due(facts: PullFacts, turn: _Turn, state: State, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    closes, again = _closes(facts, turn), _again(facts, turn)
    if closes and facts.today >= closes:
        key = f"stale-{turn.name}"
        first: tuple[Action, ...] = () if key in state.told else (Remember((key,)),)
        return (*first, Close("stale"))
    if again and facts.today >= again:
        return (_remind(facts, turn, closes), *actions)
    moments = [moment for moment in (closes, again) if moment]
    return tuple(
        replace(action, until=min(moments)) if moments and isinstance(action, Wait) else action for action in actions
    )


def _closes(facts: PullFacts, turn: _Turn) -> datetime | None:
    """Only what waits for the contributor is ever closed."""
    days = facts.policy.stale_days
    return turn.quiet + timedelta(days=days) if days and turn.stage is Stage.NEEDS_CHANGES else None


def _again(facts: PullFacts, turn: _Turn) -> datetime | None:
    policy = facts.policy
    days = policy.reviewer_days if turn.stage in PEOPLES else policy.contributor_days
    return turn.moved + timedelta(days=days) if days and turn.told < policy.most_reminders else None


def _remind(facts: PullFacts, turn: _Turn, closes: datetime | None) -> Remind:
    contributors = _contributors(facts) if turn.stage is Stage.NEEDS_CHANGES else ()
    whom = {Stage.AWAITING_REVIEW: "review", Stage.BLOCKED: "blocked"}.get(turn.stage, "contributor")
    if turn.stage is Stage.NEEDS_CHANGES and not contributors:
        whom = "unreachable"
    number = turn.told + 1
    return Remind(
        key=f"remind-{turn.name}-{number}",
        whom=whom,
        mentions=contributors or _people(facts),
        which=(number, facts.policy.most_reminders),
        closes=closes.date().isoformat() if closes else "",
    )


def _contributors(facts: PullFacts) -> tuple[str, ...]:
    """Maintainers that the RDF names, and who opened the pull request by hand."""
    mentions = facts.checked.mentions if facts.checked else facts.state.mentioned if facts.state else ()
    author = () if facts.own else (facts.pull.author.login,)
    return tuple(dict.fromkeys((*author, *mentions)))


def _people(facts: PullFacts) -> tuple[str, ...]:
    """Of the collection, without those who have a part in the submission."""
    excluded = facts.state.excluded if facts.state else ()
    logins = (p.login for p in facts.policy.people if _LOGIN.fullmatch(p.login) and p.login.lower() not in excluded)
    return tuple(logins)[:_MENTIONED]
