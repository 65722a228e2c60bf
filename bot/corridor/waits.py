"""What open pull requests wait for, as the last look at each found it: whom to remind, and what the daily mail lists.

In the local store only; losing it costs a sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.stage import Stage
from bot.review.reminding import PEOPLES, began

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import Wait
    from bot.records.facts import PullFacts

ROOM = "waits"


def keep(desk: Desk, facts: PullFacts, wait: Wait) -> None:
    """Remember it; written only where something changed."""
    number, state = str(facts.pull.number), facts.state
    if facts.pull.state != "open" or state is None or facts.comment is None:
        desk.store.drop(ROOM, number)
        return
    place = facts.place
    row = {
        "stage": state.stage,
        "people": Stage(state.stage) in PEOPLES,
        "since": began(state, facts.comment).isoformat(),
        "reminded": state.reminded,
        "until": wait.until.isoformat() if wait.until else "",
        "name": f"{place.id} {place.version}" if place else f"pull request {number}",
        "url": facts.pull.url,
    }
    if desk.store.get(ROOM, number) != row:
        desk.store.put(ROOM, number, row)
