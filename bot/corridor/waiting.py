"""Where open questions stand and when they are usually answered, learned from what past ones took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.corridor.open_questions import ASKED, question_of
from bot.queueing import expected
from bot.queueing.waiting_room import WaitingRoom
from bot.words import waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Store
    from bot.records.backlog import Backlog


def explain(store: Store, backlog: Backlog, question: str) -> str:
    """The sentence of one open question; with the store bound, what a `WorkQueue` is given."""
    place = expected.place(backlog, question)
    return waiting.waiting(place, expected.seconds(backlog, question, expected.durations(store.items(expected.ROOM))))


def explained(desk: Desk) -> Mapping[str, str]:
    """By subject, the sentence of its open question; nothing where the work side has no waiting room."""
    if not isinstance(desk.workshop, WaitingRoom):
        return {}
    asked = {key: str(row.get("subject", "")) for key, row in desk.store.items(ASKED).items()}
    if not asked:
        return {}
    backlog = desk.workshop.backlog()
    return {subject: explain(desk.store, backlog, question_of(key)) for key, subject in asked.items()}


def learn(store: Store, verb: str, weights: tuple[str, ...], seconds: float) -> None:
    """Keep what a question took, for the next of its kind."""
    for kind in expected.kinds_of(verb, weights):
        store.change(expected.ROOM, kind, lambda row: expected.learned_row(row, seconds))
