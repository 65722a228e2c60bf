"""One YAML document from bytes that nobody trusts, with the place of everything in it.

Limits stand before construction: bytes before reading, depth, nodes and aliases while the events pass by, so that an alias
bomb (9^9 elements in 400 bytes) costs nothing. What is wrong is a value (`Problem`), never an exception.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflows.compose import Composer
from workflows.events import FAST, exact_events, fast_events, reads_alike
from workflows.json_events import BREAK, is_json, json_events
from workflows.mark import Fields, Mark, mark_at, mark_of
from workflows.problem import Limits, Problem, Refused

__all__ = ["LIMITS", "Document", "Limits", "Mark", "Problem", "load", "pointer_of", "resolve_pointer"]

LIMITS = Limits()
_EXACT = 40_000  # characters: what ruamel's own parser reads in at most half a second, whatever they are
_OVER = frozenset({"alias-bomb", "too-deep", "too-many-nodes"})
_CONFLICT = re.compile(r"^(?:<{7} .*|={7}|>{7} .*)$", re.MULTILINE)
_LONG_TAG = re.compile(r"![^\s,\[\]{}]{1024}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Document:
    """Plain data (`None` with a problem when it could not be read), its problems, and where each part stands.

    `readable`: whether there is data to look at, be it with problems such as duplicate keys.
    """

    data: Any
    problems: tuple[Problem, ...] = ()
    readable: bool = False
    text: str = field(default="", repr=False)
    places: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def mark(self) -> Mark | None:
        """The mark of the whole, with all others below it; made when it is first asked for."""
        if not self.readable:
            return None
        return mark_of(self.places) if self.places is not None else Mark(1, 1, 1)

    def place(self, pointer: str) -> Mark | None:
        """The mark of a JSON pointer (RFC 6901), or of its nearest ancestor that exists."""
        if self.places is None:
            return self.mark
        return mark_at(self.places, _parts(pointer), self._fields) if self.readable else None

    def position(self, pointer: str) -> tuple[int, int] | None:
        """Line and column, counted from 1, of what a JSON pointer names or would be added to."""
        mark = self.place(pointer)
        return (mark.line, mark.column) if mark else None

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its end."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    @cached_property
    def _fields(self) -> Fields:
        return {}

    @cached_property
    def _lines(self) -> list[str]:
        return BREAK.split(self.text)


def load(raw: bytes, limits: Limits = LIMITS) -> Document:
    """Read one document; needs at most about a second and a few megabytes at the default limits."""
    if len(raw) > limits.size:
        message = f"The file has over {limits.size:,} bytes, and no more are read."
        return Document(None, (Problem("too-large", message, "Move long text and data to files of their own."),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        return Document(None, (Problem("not-utf-8", "The file is not UTF-8 text.", "Save it as UTF-8.", line, column),))
    if wrong := next(_text_problems(text), None):
        return Document(None, (wrong,), text=text)
    try:
        return _read(text, limits)
    except Refused as refused:
        return Document(None, (_tabs(text, refused.problem),), text=text)


def resolve_pointer(data: Any, pointer: str) -> Any:
    """What a JSON pointer names, `None` where it names nothing."""
    for part in _parts(pointer):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def pointer_of(*parts: str | int) -> str:
    """A JSON pointer from its parts, escaped as RFC 6901 section 3 says."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _read(text: str, limits: Limits) -> Document:
    """By the fast parser, which also guards the exact one: a text over the limits is refused before that looks at it."""
    if is_json(text):
        return _compose(json_events(text), text, limits)
    if not FAST:
        return _compose(exact_events(text), text, limits)
    exact = len(text) <= _EXACT
    try:
        document = _compose(fast_events(text), text, limits)
        if reads_alike(text) or not exact:
            return document
    except Refused as refused:
        if refused.problem.rule in _OVER or not exact:
            raise
    return _compose(exact_events(text), text, limits)


def _compose(events: Iterator[Any], text: str, limits: Limits) -> Document:
    composer = Composer(events, limits)
    data, places = composer.document()
    return Document(data, tuple(composer.problems), readable=True, text=text, places=places)


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _text_problems(text: str) -> Iterator[Problem]:
    """What a look at the characters alone tells, better said than the parser would."""
    if found := _CONTROL.search(text):
        what = "a NUL byte" if found[0] == "\0" else f"the control character U+{ord(found[0]):04X}"
        yield _at(text, found.start(), "control-character", f"The text holds {what}.", "Remove that character.")
    conflict = ("<<<<<<<" in text or ">>>>>>>" in text) and _CONFLICT.search(text)
    if conflict and len(set(re.findall(r"^[<=>]{7}", text, re.MULTILINE))) > 1:
        message = "The file still holds the markers of an unresolved merge conflict."
        yield _at(text, conflict.start(), "merge-conflict", message, "Keep one side and remove the marker lines.")
    if found := _LONG_TAG.search(text):
        yield _at(text, found.start(), "unknown-tag", "A YAML tag of over 1,000 characters.", "Remove the tag.")


def _at(text: str, offset: int, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule, message, fix, text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1)


def _tabs(text: str, problem: Problem) -> Problem:
    """A syntax error at a tab, or on or after a line that is indented with one, is most often that tab's."""
    if problem.rule != "syntax" or problem.line is None or problem.column is None:
        return problem
    lines = text.split("\n")[: problem.line]
    for number, line in enumerate(lines[-2:], max(1, problem.line - 1)):
        if re.match(r" *\t", line):
            message = "The line is indented with a tab, which YAML does not allow."
            return Problem("tab", message, "Indent with spaces.", number, line.index("\t") + 1)
    if lines[-1][problem.column - 1 : problem.column] == "\t":
        message = "The line holds a tab where BioImage.IO's reader takes spaces only."
        return Problem("tab", message, "Write spaces instead of the tab.", problem.line, problem.column)
    return problem
