"""Mails due: written down, sent, and written down as sent; each under a name that never changes.

A crash after sending repeats the mail under the same Message-ID, which mailboxes fold. Without the local database the stage
label says whether it was done: it is set after the mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.corridor import posting
from bot.records.facts import Place
from bot.words import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.decision import Tell
    from bot.records.facts import PullFacts

_MAIL = "mail:"
INDEX = "outboxes"
"""Room of the pull requests that have mails written down, each in a room of its own, with when the last one was."""


def tell(desk: Desk, facts: PullFacts, action: Tell) -> None:
    """Write the mails down and send them; one that cannot be delivered now is tried again by the next look."""
    for key in action.keys:
        name = _name(desk, facts, key)
        if desk.store.get(room(facts.pull.number), name) is None:
            place = facts.place or Place("pull-request", str(facts.pull.number))
            title = sentences.notice_title(place.id, place.version, action.stage)
            text = sentences.notice_text(place.id, place.version, action.wait, facts.pull.url)
            row = {"title": title, "text": text, "to": list(facts.policy.mails), "sent": False}
            number = facts.pull.number
            desk.store.put(INDEX, str(number), {"at": desk.now().isoformat()})
            desk.store.put(room(number), name, row)
    deliver(desk, facts)


def deliver(desk: Desk, facts: PullFacts) -> None:
    """Send what is written down for this pull request and was not sent yet."""
    for name in desk.store.items(room(facts.pull.number)):
        posting.post(desk, room(facts.pull.number), name)


def undelivered(desk: Desk, number: int) -> bool:
    """Something is written down for that pull request that could not be sent yet.

    Where the store does not last, one channel that took it is enough: the next look would send it there once more.
    """
    rows = desk.store.items(room(number)).values()
    return any(not (row["sent"] if desk.lasting else posting.told(row)) for row in rows)


def due(desk: Desk, number: int) -> datetime | None:
    """When something is to be sent once more; None where nothing is owed."""
    moments = (posting.due(desk, row) for row in desk.store.items(room(number)).values())
    return min(filter(None, moments), default=None)


def rows(desk: Desk) -> Iterator[Json]:
    """Everything that is written down."""
    for number in desk.store.items(INDEX):
        yield from desk.store.items(room(number)).values()


def _name(desk: Desk, facts: PullFacts, key: str) -> str:
    """The mail's name for ever, fit for a Message-ID (RFC 5322 dot-atom)."""
    name = f"{desk.repository}.{facts.pull.number}.{key.removeprefix(_MAIL)}"
    return name.replace("/", ".").replace(":", ".").replace(" ", "-")


def room(number: int | str) -> str:
    """Where the mails of a pull request are written down."""
    return f"outbox:{number}"
