"""An archive that does not hand out an upload's own files: waited for, and never a try that counts against anybody.

How often it was waited for makes the next question to the work side another one, because the same question has the same
answer for ever. Losing that count costs nothing where the work side remembers nothing either.
"""

from __future__ import annotations

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


def waited(desk: Desk, check_key: str) -> int:
    """How often the archive was away when this was to be checked."""
    row = desk.store.get(_ROOM, check_key)
    return int(row["times"]) % _MOST if row else 0


def check(desk: Desk, check_key: str, upload: Upload | None, submission: Mapping[str, Any]) -> None:
    """Raise where the work side could not fetch because the archive is away; a file that lies elsewhere is another matter."""
    if submission["outcome"] != "errored":
        desk.store.drop(_ROOM, check_key)
        return
    hosts = {urlsplit(file.url).netloc for file in upload.files} if upload else set()
    if submission["reason"] in _PASSING and any(host in submission["message"] for host in hosts):
        row = {"times": waited(desk, check_key) + 1, "at": desk.now().isoformat()}
        desk.store.put(_ROOM, check_key, row)
        raise GatewayError(
            f"The archive is away: {submission['message']}", reason="archive-unreachable", transient=True
        )
