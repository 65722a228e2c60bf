"""GitHub's expressions, as far as the workflows use them; anything else is a loud error.

Source: https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<mark>==|!=|&&|\|\||[!().,\[\]]))"
)
_PART = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
STATUS = ("success", "failure", "cancelled", "always")


class UnknownError(Exception):
    """Something this reader does not know: the workflow is not run on a guess."""


def fill(text: Any, contexts: Mapping[str, Any], status: str = "success") -> Any:
    """A value of the YAML with its `${{ }}` evaluated; one that is an expression as a whole keeps its type."""
    if not isinstance(text, str):
        return text
    whole = _PART.fullmatch(text.strip())
    if whole and text.strip().count("${{") == 1:
        return evaluate(whole[1], contexts, status)
    return _PART.sub(lambda part: as_text(evaluate(part[1], contexts, status)), text)


def condition(text: Any, contexts: Mapping[str, Any], status: str) -> bool:
    """What an `if` says; without a status function it holds only where all went well so far."""
    inner = str(text).strip()
    whole = _PART.fullmatch(inner)
    inner = whole[1] if whole else inner
    if "${{" in inner:
        raise UnknownError(f"an `if` of several parts: {text}")
    asked = any(re.search(rf"\b{name}\(\)", inner) for name in STATUS)
    return (asked or status == "success") and truth(evaluate(inner, contexts, status))


def evaluate(text: str, contexts: Mapping[str, Any], status: str = "success") -> Any:
    return _Reader(text, contexts, status).whole()


def truth(value: Any) -> bool:
    return not (value is None or value is False or value == "" or (value == 0 and not isinstance(value, bool)))


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise UnknownError("an object where a text belongs")
    return str(value)


class _Reader:
    """Recursive descent over one expression."""

    def __init__(self, text: str, contexts: Mapping[str, Any], status: str) -> None:
        self.text, self.contexts, self.status = text, contexts, status
        self.tokens = _tokens(text)
        self.at = 0

    def whole(self) -> Any:
        value = self._or()
        if self.at != len(self.tokens):
            raise UnknownError(f"what follows in {self.text!r}: {self.tokens[self.at :]}")
        return value

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, mark: str) -> bool:
        if self._peek() == ("mark", mark):
            self.at += 1
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise UnknownError(f"{mark} is missing in {self.text!r}")

    def _or(self) -> Any:
        value = self._and()
        while self._take("||"):
            other = self._and()
            value = value if truth(value) else other
        return value

    def _and(self) -> Any:
        value = self._equal()
        while self._take("&&"):
            other = self._equal()
            value = other if truth(value) else value
        return value

    def _equal(self) -> Any:
        value = self._not()
        for mark, wanted in (("==", True), ("!=", False)):
            if self._take(mark):
                return same(value, self._not()) is wanted
        return value

    def _not(self) -> Any:
        if self._take("!"):
            return not truth(self._not())
        return self._path()

    def _path(self) -> Any:
        value = self._primary()
        while self._take("."):
            kind, name = self._peek()
            if kind != "name":
                raise UnknownError(f"a name belongs after the dot in {self.text!r}")
            self.at += 1
            value = member(value, name, self.text)
        return value

    def _primary(self) -> Any:
        kind, text = self._peek()
        self.at += 1
        if kind == "mark" and text == "(":
            value = self._or()
            self._need(")")
            return value
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "name" and self._peek() == ("mark", "("):
            return self._call(text)
        if kind == "name" and text in _WORDS:
            return _WORDS[text]
        if kind == "name" and text in self.contexts:
            return self.contexts[text]
        raise UnknownError(f"{text!r} in {self.text!r}")

    def _call(self, name: str) -> Any:
        self._need("(")
        given = []
        while not self._take(")"):
            given.append(self._or())
            if not self._take(","):
                self._need(")")
                break
        if name in STATUS and not given:
            return {
                "success": self.status == "success",
                "failure": self.status == "failure",
                "cancelled": False,
                "always": True,
            }[name]
        if name not in _FUNCTIONS:
            raise UnknownError(f"the function {name}")
        return _FUNCTIONS[name](*given)


class Strict(dict[str, Any]):
    """A context whose members are all declared: another one is a mistake of the workflow, not an empty text."""


def member(value: Any, name: str, text: str) -> Any:
    if isinstance(value, Strict) and name not in value:
        raise UnknownError(f"{name!r} in {text!r}: only {sorted(value)} are declared")
    return value.get(name) if isinstance(value, dict) else None


def same(one: Any, other: Any) -> bool:
    """Texts without case; of different types, as numbers."""
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    if type(one) is type(other):
        return bool(one == other)
    return _number(one) == _number(other)


def _number(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _contains(where: Any, what: Any) -> bool:
    if isinstance(where, list):
        return any(same(item, what) for item in where)
    return as_text(what).lower() in as_text(where).lower()


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "contains": _contains,
    "fromJSON": lambda text: json.loads(as_text(text)),
}


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnknownError(f"{text[at : at + 20]!r} in {text!r}")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found
