"""GitHub flavoured markdown as safe HTML: no scripts, no comments, ``details`` and ``summary`` allowed."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

ALLOWED = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
VOID = frozenset({"br", "hr", "img"})
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "details": {"open"}}
ATTRIBUTES |= {"td": {"align"}, "th": {"align"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"", "http", "https", "mailto"}
SWALLOWED = {"script", "style", "iframe", "textarea", "title", "noscript"}
ALIGN = re.compile(r"text-align:(left|right|center)")

_markdown = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])


class _Sanitiser(HTMLParser):
    """Writes again what is allowed and nothing else; tags left open are closed at the end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.swallowing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.swallowing:
            return
        if tag in SWALLOWED:
            self.swallowing = tag
        elif tag in ALLOWED:
            kept = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(tag, attrs))
            self.out.append(f"<{tag}{kept}>")
            if tag not in VOID:
                self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.swallowing:
            self.swallowing = "" if tag == self.swallowing else self.swallowing
        elif tag in self.open:
            while (last := self.open.pop()) != tag:
                self.out.append(f"</{last}>")
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.swallowing:
            self.out.append(escape(data, quote=False))

    def finish(self) -> str:
        self.close()
        return "".join(self.out) + "".join(f"</{tag}>" for tag in reversed(self.open))


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    kept = []
    for name, value in attrs:
        text = value or ""
        if name == "style" and (match := ALIGN.search(text)):
            kept.append(("align", match[1]))
        elif name in ATTRIBUTES.get(tag, ()) and (name not in {"href", "src"} or _safe(text)):
            kept.append((name, text))
    return kept + ([("rel", "nofollow")] if tag == "a" else [])


def _safe(url: str) -> bool:
    try:
        return urlsplit("".join(url.split())).scheme.lower() in SCHEMES
    except ValueError:
        return False


def render(text: str) -> str:
    sanitiser = _Sanitiser()
    sanitiser.feed(_markdown.render(text))
    return sanitiser.finish()
