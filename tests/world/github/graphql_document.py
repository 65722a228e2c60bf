"""Reading a GraphQL document: the part of the language (spec October 2021, section 2) that clients of this world write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

_TOKEN = re.compile(r'[\s,]+|#[^\n]*|(\.\.\.|[A-Za-z_]\w*|\$[A-Za-z_]\w*|-?\d+|"(?:[^"\\\n]|\\.)*"|[{}()\[\]:=!])')


class SyntaxFault(Exception):  # noqa: N818 - GraphQL's own word is syntax error, which Python has taken
    """Not a document of this part of the language."""


@dataclass(frozen=True)
class Field:
    """One selected field; `key` is its alias or name, `on` the type that an inline fragment asks for."""

    key: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    on: str = ""


@dataclass(frozen=True)
class Document:
    """One operation: `query` or `mutation`, and what it selects."""

    kind: str
    fields: tuple[Field, ...]


def read(text: str, variables: dict[str, Any]) -> Document:
    """The one operation of a document, variables put in."""
    return _Reader(_tokens(text), variables).document()


def changes_something(text: str) -> bool:
    """Whether the document is a mutation, without reading all of it."""
    return re.match(r"(?:\s|#[^\n]*\n)*mutation\b", text) is not None


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise SyntaxFault(f'Expected one of SCHEMA, QUERY, actual: "{text[at : at + 10]}"')
        if match[1]:
            found.append(match[1])
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, Any]) -> None:
        self._tokens = tokens
        self._at = 0
        self._variables = variables

    def document(self) -> Document:
        kind = "query"
        if self._next in {"query", "mutation"}:
            kind = self._take()
            if self._next not in {"(", "{"}:
                self._take()
            if self._next == "(":
                self._skip_declarations()
        return Document(kind, self._fields())

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._next
        if not token or (wanted and token != wanted):
            raise SyntaxFault(f"Expected {wanted or 'something'}, actual: {token or '(end of document)'}")
        self._at += 1
        return token

    def _skip_declarations(self) -> None:
        """The types of variables are the caller's business."""
        while self._take() != ")":
            pass

    def _fields(self) -> tuple[Field, ...]:
        self._take("{")
        found: list[Field] = []
        while self._next != "}":
            found += self._fragment() if self._next == "..." else [self._field()]
        self._take("}")
        return tuple(found)

    def _fragment(self) -> list[Field]:
        self._take("...")
        self._take("on")
        kind = self._take()
        return [replace(found, on=kind) for found in self._fields()]

    def _field(self) -> Field:
        key = name = self._take()
        if self._next == ":":
            self._take()
            name = self._take()
        arguments = self._pairs("(", ")") if self._next == "(" else {}
        return Field(key, name, arguments, self._fields() if self._next == "{" else ())

    def _pairs(self, begin: str, end: str) -> dict[str, Any]:
        self._take(begin)
        found = {}
        while self._next != end:
            name = self._take()
            self._take(":")
            found[name] = self._value()
        self._take(end)
        return found

    def _value(self) -> Any:
        if self._next == "{":
            return self._pairs("{", "}")
        token = self._take()
        if token.startswith("$"):
            return self._variables.get(token[1:])
        if token.startswith('"'):
            return token[1:-1]
        if token.lstrip("-").isdecimal():
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)
