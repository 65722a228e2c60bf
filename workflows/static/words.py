"""Fields and values in the contributor's words, and the lines that would be right."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from workflows.document import Document
from workflows.static.finding import Suggestion

_SHOWN = 60  # characters of a value inside a message
_QUOTING = frozenset("'\"\\\n")  # a value with these is left to the contributor to write
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/()-]*\Z")


def field(pointer: str) -> str:
    """`/weights/onnx/source` as `weights.onnx.source`, `/inputs/0/name` as `inputs[0].name`."""
    words = ""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        words += f"[{name}]" if name.isdecimal() else f".{name}" if words else name
    return words[:200] or "the file"


def show(value: Any) -> str:
    """A value short enough for a sentence; text in quotes."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if value is None:
        return "empty"
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    return str(value).lower() if isinstance(value, bool) else str(value)[:_SHOWN]


def near(word: str, known: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The known word that was most likely meant."""
    known = list(known)
    folded = {name.lower(): name for name in known}
    if word.lower() in folded:
        return folded[word.lower()]
    found = get_close_matches(word[:100].lower(), folded, 1, cutoff)
    return folded[found[0]] if found else None


def replace_value(document: Document, pointer: str, old: str, new: str) -> Suggestion | None:
    """The line with another value, where the value stands once on a line of its own."""
    mark = document.place(pointer)
    if mark is None or mark.line != mark.end_line or not old or _QUOTING & set(new):
        return None
    line = document.line(mark.line)
    head, tail = line[: mark.column - 1], line[mark.column - 1 :]
    if tail.count(old) != 1:
        return None
    bare = _PLAIN.match(new) or tail[tail.index(old) - 1 : tail.index(old)] in {"'", '"'}
    return Suggestion(mark.line, mark.line, head + tail.replace(old, new if bare else f"'{new}'"))


def replace_key(document: Document, pointer: str, old: str, new: str) -> Suggestion | None:
    """The line with another field name."""
    mark = document.place(pointer)
    if mark is None:
        return None
    line = document.line(mark.line)
    head, tail = line[: mark.column - 1], line[mark.column - 1 :]
    return Suggestion(mark.line, mark.line, head + new + tail[len(old) :]) if tail.startswith(old) else None


def add_after(document: Document, pointer: str, text: str) -> Suggestion | None:
    """A new line after a block entry of one line, indented alike."""
    mark = document.place(pointer)
    if mark is None or mark.line != mark.end_line:
        return None
    line = document.line(mark.line)
    head = line[: mark.column - 1]
    key = pointer.rsplit("/", 1)[-1]
    if head.strip(" -") or not line[mark.column - 1 :].startswith(key + ":"):
        return None
    return Suggestion(mark.line, mark.line, f"{line}\n{' ' * len(head)}{text}")
