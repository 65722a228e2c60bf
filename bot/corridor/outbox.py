"""Mails due: written down before the comment that promises them, sent after it, each under a name that never changes.

A crash before the comment leaves a row that the next run completes; a crash after sending repeats the mail under the same
Message-ID. What the signed state says was told is never told again, also when the local database is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.records.notice import Notice
from bot.records.stage import Stage
from bot.words import sentences

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import PostReport
    from bot.records.facts import PullFacts

_MAIL = "mail:"

log = structlog.get_logger()


def put(desk: Desk, facts: PullFacts, post: PostReport) -> None:
    """Write down the mails that become due with this comment."""
    room = _room(facts)
    for key in post.tell:
        if key.startswith(_MAIL) and facts.place:
            name = f"{desk.repository.replace('/', '.')}.{facts.pull.number}.{key.removeprefix(_MAIL)}".replace(
                ":", "."
            ).replace(" ", "-")
            if desk.store.get(room, name) is None:
                place, stage = facts.place, Stage(post.stage)
                title = sentences.notice_title(place.id, place.version, stage)
                text = sentences.notice_text(place.id, place.version, post.wait, facts.pull.url)
                row = {"title": title, "text": text, "to": list(facts.policy.mails), "sent": False, "told": key}
                desk.store.put(room, name, row)


def deliver(desk: Desk, facts: PullFacts) -> None:
    """Send what is due for this pull request and promised in its signed state; a failed delivery is tried again by the next sweep."""
    told = set(facts.state.told) if facts.state else set()
    for name, row in desk.store.items(_room(facts)).items():
        if row["sent"] or row["told"] not in told:
            continue
        try:
            desk.notifier.send(Notice(name, row["title"], row["text"], tuple(row["to"])))
        except GatewayError as error:
            log.warning("notice_failed", key=name, reason=error.reason, transient=error.transient)
            if error.transient:
                continue
        desk.store.put(_room(facts), name, {**row, "sent": True})


def _room(facts: PullFacts) -> str:
    return f"outbox:{facts.pull.number}"
