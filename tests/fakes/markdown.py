"""How GitHub shows a comment, as far as safety goes: CommonMark with tables and bare links, and what it links afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_OURS = re.compile(r"<summary>[a-zA-Z0-9 ]*</summary>|</?(details|sub)>|<!-- accession:[a-z]+ -->")
_MENTION = re.compile(r"(?<![A-Za-z0-9])@[A-Za-z0-9][A-Za-z0-9-]*")
_REFERENCE = re.compile(r"#\d+|\bgh-\d+|\bcve-\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z]+://[^\s]|\bwww\.", re.IGNORECASE)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tokens(text: str) -> Iterator[Token]:
    """All tokens, flat."""
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield token
        yield from token.children or ()


def prose(text: str) -> str:
    """The words that GitHub would look for mentions and references in: text outside code."""
    return "".join(t.content if t.type == "text" else "\n" for t in tokens(text))


def code(text: str) -> list[str]:
    """Contents of all code spans and blocks."""
    return [t.content for t in tokens(text) if t.type in {"code_inline", "fence", "code_block"}]


def html(text: str) -> list[str]:
    """All raw HTML that is not the bot's own."""
    found = (t.content for t in tokens(text) if t.type in {"html_inline", "html_block"})
    return [left for left in (_OURS.sub("", content).strip() for content in found) if left]


def links(text: str) -> list[str]:
    """Targets of links and pictures."""
    return [str(t.attrs.get("href") or t.attrs.get("src")) for t in tokens(text) if t.type in {"link_open", "image"}]


def escapes(text: str, *, mentions: frozenset[str] = frozenset(), addresses: tuple[str, ...] = ()) -> list[str]:
    """Everything that gets out: mentions, references, foreign HTML, links, bare addresses, reordering characters."""
    words = prose(text)
    found = [m for m in _MENTION.findall(words) if m not in mentions]
    found += _REFERENCE.findall(words) + _ADDRESS.findall(words) + html(text) + _BIDI.findall(text)
    found += [link for link in links(text) if link not in addresses]
    return found
