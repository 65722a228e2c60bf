"""Reading what a payload says of itself: only the fields that we use, each held to its type and range. Pure."""

from __future__ import annotations

import re
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 2**53
"""The largest number that every reader of JSON keeps (RFC 8259, section 6)."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WORD = re.compile(r"[a-z_]{1,60}")


class ShapeError(ValueError):
    """The payload is not what its event claims; `where` is our own name of the field, never a part of the payload."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} is missing or of another kind")
        self.where = where


def optional(payload: Any, where: str, kind: type[T]) -> T | None:
    """The value below dotted names, None where it or a parent of it is absent or null; a flag is no number."""
    found = payload
    for name in where.split("."):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise ShapeError(where)
        found = found.get(name)
    if found is None:
        return None
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise ShapeError(where)
    return found


def needed(payload: Any, where: str, kind: type[T]) -> T:
    """The value below dotted names; raises `ShapeError` where there is none."""
    found = optional(payload, where, kind)
    if found is None:
        raise ShapeError(where)
    return found


def number(payload: Any, where: str) -> int:
    """A positive number: of a pull request, or an id."""
    found = needed(payload, where, int)
    if not 0 < found <= _MOST:
        raise ShapeError(where)
    return found


def sha(payload: Any, where: str) -> str:
    """The name of a commit."""
    found = needed(payload, where, str)
    if not _SHA.fullmatch(found):
        raise ShapeError(where)
    return found


def action(payload: Any) -> str:
    """What happened, a word of GitHub's."""
    found = needed(payload, "action", str)
    if not _WORD.fullmatch(found):
        raise ShapeError("action")
    return found
