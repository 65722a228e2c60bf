"""Looks at a pull request without a right to write: what it needs, and which question has to be answered for it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.corridor.check_pull import check_pull
from bot.corridor.observe_pull import observe_pull
from bot.errors import PendingError
from bot.records.decision import RunChecks, Wait
from bot.review.decision import decide_pull

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import Action
    from bot.records.facts import PullFacts

PAUSES = (2.0, 5.0, 15.0)
"""Seconds before looking again where GitHub does not show yet what an event saw, or has not computed what it will."""
_SOON = timedelta(seconds=5)
"""What is waited for longer is left to the sweep."""


@dataclass(frozen=True)
class Need:
    """`due`: a step with a token has something to do. `asked`: the questions that jobs without one answer first."""

    due: bool
    asked: tuple[str, ...]
    head: str


def need(desk: Desk, number: int, *, head: str = "") -> Need:
    """What is due on a pull request; `head` is a commit that should be there by now, and is not believed to be."""
    facts = _seen(desk, number, head)
    if facts is None:
        return Need(due=False, asked=(), head="")
    actions = decide_pull(facts)
    return Need(due(actions, facts), _asked(desk, facts, actions), facts.pull.head_sha)


def due(actions: tuple[Action, ...], facts: PullFacts) -> bool:
    """Something is to be done, now or in a moment."""
    return any(
        not isinstance(action, Wait) or (action.until is not None and action.until <= facts.now + _SOON)
        for action in actions
    )


def _seen(desk: Desk, number: int, head: str) -> PullFacts | None:
    facts = observe_pull(desk, number)
    for pause in PAUSES:
        if facts is None or not head or facts.pull.head_sha == head:
            break
        desk.clock.sleep(pause)
        facts = observe_pull(desk, number)
    return facts


def _asked(desk: Desk, facts: PullFacts, actions: tuple[Action, ...]) -> tuple[str, ...]:
    """Where a check is due it is begun: it ends at the first question without an answer. Nothing is kept of it here."""
    for action in actions:
        if isinstance(action, RunChecks):
            try:
                check_pull(desk, facts, action)
            except PendingError as pending:
                return (pending.job,)
    return ()
