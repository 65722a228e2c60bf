"""The chore of reminding: names the pull requests whose time has come, then sends the day's mail about what waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.corridor import posting, waits
from bot.corridor.observe_pull import base_policy
from bot.records.event import PullSubject
from bot.review.digest import digest
from bot.words import reminding as words

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.event import Subject

ROOM = "digest"


def remind_people(desk: Desk) -> Generator[Subject, None, datetime | None]:
    """No pull request is looked at closely here: what the last look at each found is in the store.

    Returns when to come again where the mail cannot be delivered now: it is the same mail until a newer one is written. That one
    lists what still waits, so nobody wants the older one beside it, whichever channels took it.
    """
    now, rows = desk.now_at_github(), desk.store.items(waits.ROOM)
    for number, row in rows.items():
        if row["until"] and datetime.fromisoformat(row["until"]) <= now:
            yield PullSubject(int(number))
    day = now.date().isoformat()
    letter = desk.store.get(ROOM, day) or _written(desk, rows, day, now)
    newest = day if letter is not None else max(desk.store.items(ROOM), default=None)
    if newest is None:
        return None
    posting.close(desk, ROOM, but=newest)
    return posting.post(desk, ROOM, newest)


def _written(desk: Desk, rows: Mapping[str, Json], day: str, now: datetime) -> Json | None:
    """The day's mail, written down before it is sent, so that every try sends the same; None where none is due."""
    sent = (before for before, letter in desk.store.items(ROOM).items() if posting.told(letter))
    found = digest(rows.values(), max(sent, default=""), now)
    if found is None:
        return None
    policy = base_policy(desk)
    text = words.digest_text(policy.name, found.lines, found.number - len(found.lines))
    letter = {
        "at": now.isoformat(),
        "name": f"{desk.repository}.digest.{day}".replace("/", "."),
        "title": words.digest_title(found.number),
        "text": text,
        "to": list(policy.mails),
        "sent": False,
    }
    desk.store.put(ROOM, day, letter)
    return letter
