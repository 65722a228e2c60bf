"""The part of Zenodo's query language (Lucene's `query_string`) that clients of a collection use.

Terms, phrases, `field:value` with `*` and `?`, parentheses, AND, OR, NOT and ranges `[a TO b]`, `{a TO b}`. Terms side
by side are joined by OR, as Zenodo's search guide says. A field that the index does not have matches nothing.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .answers import ZenodoError

Document = Mapping[str, list[str]]
"""Field names of the index to their values; what has no field searches in `*`."""
Predicate = Callable[[Document], bool]

DATES = {"created", "updated"}
TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))
    |(?P<op>AND|OR|NOT|&&|\|\|)(?=[\s(]|$)
    |(?P<field>\*|[A-Za-z_][\w.\-]*):
    |(?P<range>[\[{][^\]}]*[\]}])
    |(?P<phrase>"(?:[^"\\]|\\.)*")
    |(?P<word>(?:\\.|[^\s()\[\]{}":\\])+))""",
    re.VERBOSE,
)
RANGE = re.compile(r"""([\[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|\S+?)\s*([\]}])""")
WORD = re.compile(r"\w+(?:[.']\w+)*")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


def syntax_error() -> ZenodoError:
    return ZenodoError(400, "The syntax of the search query is invalid.")


def tokens(query: str) -> list[Token]:
    found, at = [], 0
    while query[at:].strip():
        match = TOKEN.match(query, at)
        if match is None or match.lastgroup is None:
            raise syntax_error()
        found.append(Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def compiled(query: str) -> Predicate:
    """The query as a test on an indexed document; 400 if it cannot be read."""
    if query.strip() in {"", "*", "*:*"}:
        return lambda _: True
    parser = _Parser(tokens(query))
    test = parser.either("*")
    if parser.rest:
        raise syntax_error()
    return test


class _Parser:
    """Recursive descent: either = all (OR? all)*, all = one (AND one)*, one = NOT one | field:one | (either) | value."""

    def __init__(self, found: list[Token]) -> None:
        self.rest = found

    def take(self, kind: str, *texts: str) -> Token | None:
        if self.rest and self.rest[0].kind == kind and (not texts or self.rest[0].text in texts):
            return self.rest.pop(0)
        return None

    def either(self, field: str) -> Predicate:
        tests = [self.all(field)]
        while self.rest and self.rest[0].kind != "close":
            self.take("op", "OR", "||")
            tests.append(self.all(field))
        return lambda document: any(test(document) for test in tests)

    def all(self, field: str) -> Predicate:
        tests = [self.one(field)]
        while self.take("op", "AND", "&&"):
            tests.append(self.one(field))
        return lambda document: all(test(document) for test in tests)

    def one(self, field: str) -> Predicate:
        if self.take("op", "NOT"):
            test = self.one(field)
            return lambda document: not test(document)
        named = self.take("field")
        if named:
            return self.one(named.text)
        if self.take("open"):
            test = self.either(field)
            if not self.take("close"):
                raise syntax_error()
            return test
        return self.value(field)

    def value(self, field: str) -> Predicate:
        token = self.take("range") or self.take("phrase") or self.take("word")
        if token is None:
            raise syntax_error()
        if token.kind == "range":
            return _between(field, token.text)
        return _term(field, re.sub(r"\\(.)", r"\1", token.text.strip('"')), wild=token.kind == "word")


def _term(field: str, text: str, *, wild: bool) -> Predicate:
    """Whole words in a row, whatever their case; `*` and `?` only outside quotes."""
    wanted = WORD.findall(text.lower())

    def test(document: Document) -> bool:
        values = document.get(field, [])
        if wild and set("*?") & set(text):
            return any(fnmatch.fnmatchcase(value.lower(), text.lower()) for value in values)
        return any(_contains(WORD.findall(value.lower()), wanted) for value in values)

    return test


def _contains(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return bool(wanted) and any(words[i : i + size] == wanted for i in range(len(words) - size + 1))


def _between(field: str, text: str) -> Predicate:
    match = RANGE.fullmatch(text)
    if match is None:
        raise syntax_error()
    opening, low, high, closing = match.groups()
    if field in DATES:
        first, last = _bound(low, up=opening == "{"), _bound(high, up=closing == "]")
        return _within(field, _instant, (first, opening == "{"), (last, closing == "}"))
    return _within(field, str, (_text_bound(low), opening == "{"), (_text_bound(high), closing == "}"))


def _within(field: str, key: Callable[[str], Any], low: tuple[Any, bool], high: tuple[Any, bool]) -> Predicate:
    """Bounds are (value or None, exclusive)."""

    def inside(value: Any) -> bool:
        above = low[0] is None or value > low[0] or (value == low[0] and not low[1])
        return bool(above and (high[0] is None or value < high[0] or (value == high[0] and not high[1])))

    return lambda document: any(inside(key(value)) for value in document.get(field, []))


def _text_bound(raw: str) -> str | None:
    return None if raw.strip('"') == "*" else raw.strip('"')


def _bound(raw: str, *, up: bool) -> datetime | None:
    """A date bound; a bare day is rounded down or `up` to its last millisecond, as OpenSearch's date math does."""
    text = raw.replace("\\", "").strip('"')
    if text == "*":
        return None
    try:
        when = _instant(text)
    except ValueError:
        raise syntax_error() from None
    return when + timedelta(days=1, milliseconds=-1) if up and "T" not in text else when


def _instant(text: str) -> datetime:
    """A time in the index's resolution: milliseconds, UTC where no zone is given."""
    when = datetime.fromisoformat(text)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
