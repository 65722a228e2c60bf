"""An upload notice: which record it names. Pure.

Whoever holds the token speaks for the collection, as somebody does who types `accession submit`: so the record needs no keyword.
A leaked token can have pull requests opened up to the quotas, and nothing merged: checks and approvals are not asked for less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.intake.shape import ShapeError, needed

if TYPE_CHECKING:
    from bot.ports import Json

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_PATH = re.compile(r"/records?/([1-9][0-9]{0,18})/?")


def record_of(payload: Json, archive: str) -> str:
    """The record's number: `{"record": "5764893"}`, or its address at `archive` (a url). Raises `ShapeError`."""
    text = needed(payload, "record", str).strip()
    if _NUMBER.fullmatch(text):
        return text
    found = _PATH.fullmatch(_path(text, archive))
    if not found:
        raise ShapeError("record")
    return found[1]


def _path(text: str, archive: str) -> str:
    """The path of an address of this archive; empty for any other, whose numbers are not the archive's."""
    try:
        given, ours = urlsplit(text), urlsplit(archive)
        same = (given.hostname, given.port) == (ours.hostname, ours.port)
    except ValueError:
        return ""
    return given.path if same and given.scheme in {"http", "https"} else ""
