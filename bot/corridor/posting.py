"""Notices that are written down, sent by each channel by itself: one that is dead makes nobody hear the same thing twice.

A row holds `title`, `text`, `to`, `sent` (nothing is owed any more) and, by channel, how often it was tried, when last, and how
that ended. A channel is tried again with growing pauses, and given up after about five days (RFC 5321 section 4.5.4.1).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.records.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Json

_PAUSES = (
    timedelta(),
    *(timedelta(minutes=pause) for pause in (1, 5, 15)),
    *(timedelta(hours=pause) for pause in (1, 3, 6, 12, 24, 24, 24, 24)),
)
"""After the first, second, ... try of a channel in vain; after one more it is given up."""
_TAKEN, _REFUSED, _GIVEN_UP = "taken", "refused", "given up"
_ENDS = frozenset({_TAKEN, _REFUSED, _GIVEN_UP})

log = structlog.get_logger()


def post(desk: Desk, room: str, key: str) -> datetime | None:
    """Send it by each channel whose turn it is; when to try again, None where nothing is owed any more.

    Its name for ever is the row's `name`, else the key.
    """
    row = desk.store.get(room, key)
    if row is None or row["sent"]:
        return None
    notice = Notice(row.get("name", key), row["title"], row["text"], tuple(row["to"]))
    channels = desk.notifier.channels()
    for channel in channels:
        tried = row.get("channels", {}).get(channel, {})
        if tried.get("end") not in _ENDS and _pause(desk, tried) <= timedelta():
            row = {**row, "channels": {**row.get("channels", {}), channel: _tried(desk, notice, channel, tried)}}
            desk.store.put(room, key, row)
    again = due(desk, row)
    if again is None:
        desk.store.put(room, key, {**row, "sent": True})
    return again


def close(desk: Desk, room: str, *, but: str) -> None:
    """Nothing is owed of a room any more but that one: it says what the others said, and newer."""
    for key, row in desk.store.items(room).items():
        if key != but and not row["sent"]:
            desk.store.put(room, key, {**row, "sent": True})


def due(desk: Desk, row: Json) -> datetime | None:
    """When the next channel's turn is; None where each has come to its end."""
    if row["sent"]:
        return None
    tried = (row.get("channels", {}).get(channel, {}) for channel in desk.notifier.channels())
    pauses = [_pause(desk, one) for one in tried if one.get("end") not in _ENDS]
    return desk.clock.now() + max(min(pauses), timedelta()) if pauses else None


def told(row: Json) -> bool:
    """Somebody heard it, or nobody ever will."""
    return bool(row["sent"]) or any(one["end"] == _TAKEN for one in row.get("channels", {}).values())


def troubles(rows: Iterable[Json]) -> list[Json]:
    """By channel, how many notices it still owes and how many were given up; for `status`."""
    owed, lost = Counter[str](), Counter[str]()
    for row in rows:
        for channel, tried in row.get("channels", {}).items():
            owed[channel] += tried["end"] not in _ENDS and not row["sent"]
            lost[channel] += tried["end"] in {_REFUSED, _GIVEN_UP}
    names = sorted(name for name in owed if owed[name] or lost[name])
    return [{"channel": name, "owed": owed[name], "given_up": lost[name]} for name in names]


def _pause(desk: Desk, tried: Mapping[str, object]) -> timedelta:
    """How long until its turn; a clock that went back makes nobody wait. Where the store does not last, it is always its turn."""
    if not tried or not desk.lasting:
        return timedelta()
    since = abs(desk.clock.now() - datetime.fromisoformat(str(tried["at"])))
    return _PAUSES[int(str(tried["tries"])) - 1] - since


def _tried(desk: Desk, notice: Notice, channel: str, before: Json) -> Json:
    tries = before.get("tries", 0) + 1
    try:
        desk.notifier.send(notice, channel)
        end = _TAKEN
    except GatewayError as error:
        end = "" if error.transient else _REFUSED
        if error.transient and desk.lasting and tries > len(_PAUSES):
            end = _GIVEN_UP
        say = log.error if end else log.warning
        say("notice_failed", key=notice.key, channel=channel, reason=error.reason, tries=tries, end=end)
    return {"tries": tries, "at": desk.clock.now().isoformat(), "end": end}
