"""The chore of reminding: names the pull requests whose time has come, then sends the day's mail about what waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.corridor import waits
from bot.corridor.observe_pull import base_policy
from bot.errors import GatewayError
from bot.records.event import PullSubject
from bot.records.notice import Notice
from bot.review.digest import digest
from bot.words import reminding as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.event import Subject

ROOM = "digest"

log = structlog.get_logger()


def remind_people(desk: Desk) -> Iterator[Subject]:
    """No pull request is looked at closely here: what the last look at each found is in the store.

    Raises `GatewayError` where the mail cannot be delivered now; asked again, it is the same mail.
    """
    now, rows = desk.now_at_github(), desk.store.items(waits.ROOM)
    for number, row in rows.items():
        if row["until"] and datetime.fromisoformat(row["until"]) <= now:
            yield PullSubject(int(number))
    day = now.date().isoformat()
    letter = desk.store.get(ROOM, day) or _written(desk, rows, day, now)
    if letter is not None and not letter["sent"]:
        _send(desk, f"digest.{day}", letter)
        desk.store.put(ROOM, day, {**letter, "sent": True})


def _written(desk: Desk, rows: Mapping[str, Json], day: str, now: datetime) -> Json | None:
    """The day's mail, written down before it is sent, so that every try sends the same; None where none is due."""
    sent = (before for before, letter in desk.store.items(ROOM).items() if letter["sent"])
    found = digest(rows.values(), max(sent, default=""), now)
    if found is None:
        return None
    policy = base_policy(desk)
    text = words.digest_text(policy.name, found.lines, found.number - len(found.lines))
    letter = {
        "at": now.isoformat(),
        "title": words.digest_title(found.number),
        "text": text,
        "to": list(policy.mails),
        "sent": False,
    }
    desk.store.put(ROOM, day, letter)
    return letter


def _send(desk: Desk, name: str, letter: Json) -> None:
    """Under a name that follows from the day: a crash after sending makes no second mail."""
    key = f"{desk.repository}.{name}".replace("/", ".")
    try:
        desk.notifier.send(Notice(key, letter["title"], letter["text"], tuple(letter["to"])))
    except GatewayError as error:
        if error.transient:
            raise
        log.warning("notice_failed", key=key, reason=error.reason, transient=False)
