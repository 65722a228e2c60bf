"""What of the standings everybody may see: known fields of known types, without mail addresses. Pure.

Texts may come from contributors and from errors; they are cleaned here and escaped where they are shown.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.words.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Json

MOST_ROWS = 500
_TEXT = 300
_MAIL = re.compile(r"[^\s@<>(),:;\"'`]+@[^\s<>(),:;\"'`]+\.[^\s<>(),:;\"'`]+")
_STATE = re.compile(r"[a-z][a-z0-9_-]{0,40}")

_SUBMISSION = {
    "pull_request": int, "id": str, "version": str, "stage": str, "waits_for": str, "next_attempt": str, "place": str,
    "expected": str,
}  # fmt: skip
"""`place` and `expected` are coarse already: `next`, `in about 5 minutes`."""
_PARKED = {"subject": str, "reason": str, "message": str, "tries": int, "since": str}
_LISTING = {"complete": bool, "at": str}
_MESSAGES = {"message": str}
_STATES = 40


def public(found: Mapping[str, Any], hide: Callable[[str], str] = str) -> Json:
    """Of `{"submissions": […], "listing": {…}, "parked": […], "queue": {state: number}, "messages": [{"message"}]}`.

    `submissions` and `listing` are `corridor.standings`', `parked` the rows of the engine's room. What is missing is empty,
    what is unknown or of another type is left out.
    """
    submissions = _rows(found.get("submissions"), _SUBMISSION, hide)
    return {
        "submissions": submissions,
        "stages": dict(sorted(Counter(row["stage"] for row in submissions if row["stage"]).items())),
        "parked": _rows(found.get("parked"), _PARKED, hide),
        "listing": _row(found.get("listing"), _LISTING, hide),
        "queue": _numbers(found.get("queue")),
        "messages": [row["message"] for row in _rows(found.get("messages"), _MESSAGES, hide) if row["message"]],
    }


def _rows(found: Any, kinds: Mapping[str, type], hide: Callable[[str], str]) -> list[Json]:
    rows = found if isinstance(found, list | tuple) else []
    return [_row(row, kinds, hide) for row in rows[:MOST_ROWS]]


def _row(found: Any, kinds: Mapping[str, type], hide: Callable[[str], str]) -> Json:
    row = found if isinstance(found, dict) else {}
    return {name: _value(row.get(name), kind, hide) for name, kind in kinds.items()}


def _value(value: Any, kind: type, hide: Callable[[str], str]) -> Any:
    if type(value) is not kind:
        return None
    return _MAIL.sub("…", line(hide(value), _TEXT)) if isinstance(value, str) else value


def _numbers(found: Any) -> dict[str, float]:
    states = found if isinstance(found, dict) else {}
    numbers = {k: v for k, v in states.items() if _STATE.fullmatch(str(k)) and type(v) in {int, float}}
    return dict(sorted(numbers.items())[:_STATES])
