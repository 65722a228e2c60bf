"""Rows of the local database as values. One that is no JSON object is absent: losing a row loses nothing but time. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def read(text: str | None) -> dict[str, Any] | None:
    """The value that was kept as this text."""
    try:
        value = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def readable(rows: Iterable[tuple[str, str | None]]) -> dict[str, dict[str, Any]]:
    """Keys and values of a room, in the order of the rows."""
    found = ((key, read(text)) for key, text in rows)
    return {key: value for key, value in found if value is not None}
