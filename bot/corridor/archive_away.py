"""An archive that does not hand out an upload's own files: waited for, and never a try that counts against anybody.

How often it was waited for makes the next question to the work side another one, because the same question has the same
answer for ever; and it makes the pause until then. Losing that count costs nothing where the work side remembers nothing either.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.corridor.desk import Desk
    from bot.records.submission import Upload

_ROOM = "archive away"
_PASSING = frozenset({"busy", "connection", "server", "timeout"})
"""Reasons of `gateways/http_answer.py` that pass by themselves."""
_MOST = 9_000
"""`attempt` of a job has four digits."""
_FIRST, _FACTOR, _LONGEST = 5.0, 3.0, 300.0
"""Pauses in seconds: 5, 15, 45, 135, 300."""


def waited(desk: Desk, check_key: str) -> int:
    """How often the archive was away when this was to be checked; raises while it is to be left alone."""
    row = desk.store.get(_ROOM, check_key)
    if row is None:
        return 0
    times = int(row["times"])
    left = _pause(times) - abs((desk.clock.now() - datetime.fromisoformat(row["at"])).total_seconds())
    if left > 0:
        raise _away(row.get("said", "The archive is away."), left)
    return times % _MOST


def check(desk: Desk, check_key: str, upload: Upload | None, submission: Mapping[str, Any]) -> None:
    """Raise where the work side could not fetch because the archive is away; a file that lies elsewhere is another matter."""
    if submission["outcome"] != "errored":
        desk.store.drop(_ROOM, check_key)
        return
    hosts = {urlsplit(file.url).netloc for file in upload.files} if upload else set()
    if submission["reason"] in _PASSING and any(host in submission["message"] for host in hosts):
        times = int((desk.store.get(_ROOM, check_key) or {"times": 0})["times"]) + 1
        said = f"The archive is away: {submission['message']}"
        desk.store.put(_ROOM, check_key, {"times": times, "at": desk.clock.now().isoformat(), "said": said})
        raise _away(said, _pause(times))


def _pause(times: int) -> float:
    return min(_FIRST * _FACTOR ** min(times - 1, 16), _LONGEST)


def _away(said: str, seconds: float) -> GatewayError:
    return GatewayError(said, reason="archive-unreachable", transient=True, retry_after=seconds)
