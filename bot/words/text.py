"""Contributed text made harmless for a GitHub comment: no mention, reference, closing keyword, HTML or broken fence gets out.

GitHub links mentions and issue numbers after rendering, so HTML entities do not stop them: a zero-width space after the
sign does. Inside code nothing is linked. Bidirectional controls could reorder what a reader sees (CVE-2021-42574).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ZERO = "\u200b"
_BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_LINKED = re.compile(r"(@|#|[Gg][Hh](?=-)|:(?=//)|\bwww(?=\.)|\b[Cc][Vv][Ee](?=-))")
_PIPE = re.compile(r"(?<!\\)\|")
_TICKS = re.compile("`+")
_OTHER_ENDS = re.compile("[\x85\u2028\u2029]")


class Comment(NamedTuple):
    """A sentence of the bot: its text, and the hidden marker it is found by."""

    text: str
    marker: str


def clean(text: str) -> str:
    """Without control and bidirectional characters and lone surrogates (which no UTF-8 can hold); tabs and line ends stay."""
    return _BIDI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str, limit: int = 300) -> str:
    """One line of at most `limit` characters."""
    joined = " ".join(clean(text).split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


def code(text: str, limit: int = 200) -> str:
    """As inline code; the delimiter is longer than any run of back-ticks inside."""
    inner = line(text, limit) or " "
    ticks = "`" * (max((len(run) for run in _TICKS.findall(inner)), default=0) + 1)
    pad = " " if "`" in (inner[0], inner[-1]) else ""
    return f"{ticks}{pad}{inner}{pad}{ticks}"


def row(*cells: str) -> str:
    """A table row of finished cells; pipes in them are escaped, in code too, as GitHub's tables want it."""
    return "| " + " | ".join(_PIPE.sub(r"\\|", cell) for cell in cells) + " |"


def escape(text: str, limit: int = 600) -> str:
    """As plain prose of one line: markdown, HTML, mentions, references and bare addresses disarmed."""
    return _disarm(line(text, limit))


def prose(text: str, limit: int = 600) -> str:
    """Prose that keeps paired back-ticks as code; every other part is escaped."""
    parts = line(text, limit).split("`")
    if len(parts) % 2 == 0:
        return escape(text, limit)
    return "".join(code(part) if odd % 2 and part.strip() else _disarm(part) for odd, part in enumerate(parts))


def _disarm(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _LINKED.sub(lambda found: found[0] + _ZERO, text))


def fence(text: str, limit: int = 4000, language: str = "text") -> str:
    """As a code block whose fence is longer than any run of back-ticks inside; keeps the tail when it is too long."""
    body = clean(text).strip("\n")
    body = body if len(body) <= limit else "…" + body[-limit:]
    ticks = _ticks(body)
    return f"{ticks}{language}\n{body}\n{ticks}"


def verbatim(text: str, language: str) -> str:
    """As a code block that holds the text byte for byte, for text that is `exact`; no line at all where it is empty."""
    ticks = _ticks(text)
    return f"{ticks}{language}\n{text}\n{ticks}" if text else f"{ticks}{language}\n{ticks}"


def exact(text: str) -> bool:
    """Nothing in it that a comment would lose or hide: other line ends than LF, control and bidirectional characters."""
    return clean(text) == text and not _OTHER_ENDS.search(text)


def _ticks(text: str) -> str:
    return "`" * max(3, max((len(run) for run in _TICKS.findall(text)), default=0) + 1)


def count(number: int, one: str, many: str = "") -> str:
    """`1 error`, `2 errors`, `1,234 elements`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
