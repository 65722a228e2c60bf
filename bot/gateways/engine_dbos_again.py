"""What follows a look: nothing, another look in a while, or the subject is parked. Pure; the counters are handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import WAITED_FOR

if TYPE_CHECKING:
    from datetime import datetime

    from bot.records.answer import Answer

UNSEEN = (2.0, 5.0, 15.0, 60.0)
"""Seconds until GitHub is asked again for what it does not show yet; after that the sweep remains."""
TRIES = 5
"""Failures of a subject until it is parked."""
BACK_OFF = (5.0, 3.0, 300.0)
"""First pause in seconds, factor, longest pause: 5, 15, 45, 135, 300."""
SOONEST, LATEST = 5.0, 24 * 3600.0
"""Bounds for `Answer.until`: a clock that jumped makes nobody spin or wait for ever."""
ENDLESS = 30
"""Outages in a row, somewhat more than two hours: then it may be this subject alone that the other side cannot show, and it is
parked so that people see it. Sweeps go on naming it, so that the end of a long outage is found all the same."""
DEATHS = 25
"""A look during which its process ended that often is not begun again by itself."""


@dataclass(frozen=True)
class Trouble:
    """What is kept between the looks at a subject that fails."""

    tries: int = 0
    outages: int = 0
    since: str = ""
    reason: str = ""
    message: str = ""
    asked: bool = False
    """The work side was asked since the last failure: its answer is another try, whoever names the subject then."""
    parked: bool = False

    @classmethod
    def read(cls, row: dict[str, Any], *, parked: bool) -> Trouble:
        """From the store."""
        return cls(**{name: row[name] for name in vars(cls()) if name in row and name != "parked"}, parked=parked)

    def row(self) -> dict[str, Any]:
        """For the store."""
        return {name: value for name, value in vars(self).items() if name != "parked"}


@dataclass(frozen=True)
class Next:
    """`after` is the pause before the engine's own next look, None for none."""

    after: float | None = None
    unseen: int = 0
    trouble: Trouble | None = None
    keep: bool = False
    """A look that is planned already stays planned; only where there is none, one is planned in `after` seconds."""


@dataclass(frozen=True)
class Round:
    """What led to the look: the engine's `own` plan, or somebody's event; looks that did not show the hint; past trouble."""

    now: datetime
    own: bool = False
    unseen: int = 0
    trouble: Trouble | None = None
    dice: float = 0.5
    """A random number from 0 to 1, for the jitter."""


def what_next(answer: Answer, before: Round) -> Next:
    """See the module."""
    if answer.status == "failed":
        return _after_failure(answer, before)
    if answer.status == "pending":
        return Next(trouble=_asked(before.trouble))
    if answer.status == "unseen" and before.unseen < len(UNSEEN):
        return Next(UNSEEN[before.unseen], before.unseen + 1)
    if answer.status == "settled" and answer.until is not None:
        return Next(min(max((answer.until - before.now).total_seconds(), SOONEST), LATEST))
    return Next()


def _after_failure(answer: Answer, before: Round) -> Next:
    past = before.trouble or Trouble(since=before.now.isoformat())
    past = replace(past, reason=answer.reason, message=answer.text)
    if answer.transient and answer.reason in WAITED_FOR:
        again = before.own or past.asked or not past.outages
        waited = replace(past, outages=past.outages + 1, asked=False) if again else past
        if waited.outages >= ENDLESS:
            return Next(trouble=replace(waited, tries=max(past.tries, waited.outages), parked=True))
        return Next(_pause(waited.outages, answer, before), before.unseen, waited, keep=waited is past)
    if answer.transient and past.tries and not past.parked and not before.own:
        return Next(_pause(past.tries, answer, before), before.unseen, past, keep=True)
    tried = replace(past, tries=past.tries + 1)
    if not answer.transient or past.parked or tried.tries >= TRIES:
        return Next(trouble=replace(tried, parked=True))
    return Next(_pause(tried.tries, answer, before), before.unseen, tried)


def _asked(past: Trouble | None) -> Trouble | None:
    """An outage is not over because somebody is asked; what was parked is looked at again."""
    return replace(past, asked=True, parked=False) if past is not None and past.outages else None


def _pause(count: int, answer: Answer, before: Round) -> float:
    """With half of it by chance, so that many subjects do not come back at the same moment; never before it was asked for."""
    first, factor, longest = BACK_OFF
    pause = min(first * factor ** min(count - 1, 16), longest)
    return max(pause * (0.75 + before.dice / 2), min(answer.retry_after or 0.0, LATEST))
