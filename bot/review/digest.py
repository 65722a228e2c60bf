"""The daily mail to the collection's people: whether one is due, and what it lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.words.reminding import digest_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

MOST_LINES = 50


@dataclass(frozen=True)
class Digest:
    """`lines` are the first `MOST_LINES` of `number` submissions, the longest waiting first."""

    number: int
    lines: tuple[str, ...]


def digest(rows: Iterable[Mapping[str, Any]], last: str, now: datetime) -> Digest | None:
    """Everything that waits for the people, on a day on which they are reminded of some of it; None on another day.

    `rows` are of the room `waits`; `last` is the day (ISO 8601) of the last such mail, empty where none is known. Who was
    reminded yesterday was told yesterday: a lost database makes no second mail but that of the same day, under its one name.
    """
    yesterday = (now - timedelta(days=1)).date().isoformat()
    after = last if last and last <= now.date().isoformat() else yesterday
    theirs = sorted((row for row in rows if row["people"]), key=lambda row: (row["since"], row["name"]))
    if not any(_due(row, after, now) for row in theirs):
        return None
    lines = (digest_line(row["name"], row["stage"], _days(row, now), row["url"]) for row in theirs[:MOST_LINES])
    return Digest(len(theirs), tuple(lines))


def _due(row: Mapping[str, Any], after: str, now: datetime) -> bool:
    """It is time to remind them of it, or they were reminded of it since the last mail."""
    until, reminded = row["until"], row["reminded"]
    return bool(until and datetime.fromisoformat(until) <= now) or str(reminded)[:10] > after


def _days(row: Mapping[str, Any], now: datetime) -> int:
    return max(0, (now - datetime.fromisoformat(row["since"])).days)
