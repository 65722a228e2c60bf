"""From YAML events to plain data and marks, counting before building."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from workflows.scalars import resolve

_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(_CORE + name for name in ("bool", "int", "float", "null", "timestamp"))
_PLAIN_TAGS = frozenset({None, "!", *(_CORE + name for name in ("str", "map", "seq")), *_SCALAR_TAGS})
# what ruamel's scanner lets through on absurd escapes, directives and marks, instead of an error of its own
_SLIPS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 60  # characters of a contributor's text inside a message


@dataclass(frozen=True)
class Limits:
    """`size` in bytes; `nodes` as written, `expanded` with every alias counted as what it stands for."""

    size: int = 1_000_000
    depth: int = 64
    nodes: int = 20_000
    aliases: int = 1_000
    expanded: int = 50_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with the file as YAML; line and column are counted from 1."""

    rule: str
    message: str
    fix: str
    line: int | None = None
    column: int | None = None
    level: str = "error"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an entry begins (its key, if it has one) and the last line of its value, counted from 1."""

    line: int
    column: int
    end_line: int
    children: Mapping[str, "Mark"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Node:
    """A composed value with what it costs: nodes when expanded, levels below it."""

    value: Any
    mark: Mark
    count: int = 1
    height: int = 0


class Refused(Exception):  # noqa: N818 - a refusal is an answer here, caught by the only caller
    """The document cannot be built; says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Composer:
    """Walks the events of one document once. Recursion goes as deep as `limits.depth`, never deeper."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._limits = limits
        self._anchors: dict[str, _Node | None] = {}
        self._nodes = self._aliases = self._expanded = 0
        self._events = _events(text)

    def document(self) -> tuple[Any, Mark]:
        """Data and marks of the only document of the stream; an empty stream is an empty document."""
        next(self._events)
        event = next(self._events)
        if isinstance(event, StreamEndEvent):
            return None, Mark(1, 1, 1)
        node = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise _refuse("many-documents", "The file holds several YAML documents.", "Keep one.", after)
        return node.value, node.mark

    def _node(self, event: Any, depth: int) -> _Node:
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        self._nodes += 1
        self._count(1, event)
        if self._nodes > self._limits.nodes:
            raise _refuse("too-many-nodes", f"The file has over {self._limits.nodes:,} values.", "Shorten it.", event)
        if depth > self._limits.depth:
            raise _refuse("too-deep", f"Values are nested over {self._limits.depth} deep.", "Flatten them.", event)
        if event.tag not in _PLAIN_TAGS:
            message = f"The YAML tag {_shown(event.tag)} asks for something else than plain data."
            raise _refuse("unknown-tag", message, "Remove the tag.", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = self._build(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _build(self, event: Any, depth: int) -> _Node:
        if isinstance(event, ScalarEvent):
            return _Node(_scalar(event), _mark(event, event.end_mark.line + 1))
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _alias(self, event: AliasEvent, depth: int) -> _Node:
        self._aliases += 1
        if self._aliases > self._limits.aliases:
            raise _refuse("alias-bomb", f"Over {self._limits.aliases:,} aliases.", "Write values out.", event)
        if event.anchor not in self._anchors:
            raise _refuse("unknown-alias", f"The alias *{_shown(event.anchor)} has no anchor.", "Define it.", event)
        node = self._anchors[event.anchor]
        if node is None:
            raise _refuse("cyclic-alias", f"The alias *{_shown(event.anchor)} contains itself.", "Remove it.", event)
        if depth + node.height > self._limits.depth:
            raise _refuse("too-deep", "Aliases nest values too deep.", "Flatten them.", event)
        self._count(node.count, event)
        return _Node(node.value, Mark(*_start(event), event.end_mark.line + 1), node.count, node.height)

    def _count(self, nodes: int, event: Any) -> None:
        self._expanded += nodes
        if self._expanded > self._limits.expanded:
            message = f"Aliases expand to over {self._limits.expanded:,} values."
            raise _refuse("alias-bomb", message, "Write the values out, without aliases of aliases.", event)

    def _sequence(self, start: NodeEvent, depth: int) -> _Node:
        values: list[Any] = []
        marks: dict[str, Mark] = {}
        count, height = 1, 0
        while not isinstance(event := next(self._events), SequenceEndEvent):
            node = self._node(event, depth + 1)
            marks[str(len(values))] = node.mark
            values.append(node.value)
            count, height = count + node.count, max(height, node.height + 1)
        return _Node(values, _mark(start, event.end_mark.line + 1, marks), count, height)

    def _mapping(self, start: NodeEvent, depth: int) -> _Node:
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        merged: list[tuple[Any, Any]] = []
        count, height = 1, 0
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, depth)
            node = self._node(next(self._events), depth + 1)
            count, height = count + node.count + 1, max(height, node.height + 1)
            if key == "<<" and event.style is None:
                merged.append((node.value, event))
            elif key in values:
                self._duplicate(key, marks[key], event)
            else:
                values[key] = node.value
                marks[key] = Mark(*_start(event), node.mark.end_line, node.mark.children)
        for value, event_of_key in merged:
            _merge(values, value, event_of_key)
        return _Node(values, _mark(start, event.end_mark.line + 1, marks), count, height)

    def _key(self, event: Any, depth: int) -> str:
        if not isinstance(event, ScalarEvent):
            raise _refuse("non-string-key", "A field name is a list, a mapping or an alias.", "Use plain text.", event)
        key = self._node(event, depth).value
        if not isinstance(key, str):
            message = f"The field name {_shown(event.value)} is not text."
            level = "warning" if depth else "error"
            self.problems.append(Problem("non-string-key", message, "Put it in quotes.", *_start(event), level))
        return str(event.value)

    def _duplicate(self, key: str, first: Mark, event: Any) -> None:
        message = f"The field {_shown(key)} stands here again (first on line {first.line})."
        self.problems.append(Problem("duplicate-key", message, "Keep one of the two.", *_start(event)))


def _events(text: str) -> Iterator[Any]:
    """The events of ruamel's pure parser, whose errors become refusals with a line."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        message = "Not YAML: " + ", ".join(part for part in (error.context, error.problem) if part) + "."
        raise Refused(Problem("syntax", message, "Correct the line.", line, column)) from None
    except (YAMLError, *_SLIPS) as error:
        raise Refused(Problem("syntax", f"Not YAML: {_shown(error)}.", "Correct the file.")) from None


def _scalar(event: ScalarEvent) -> Any:
    if event.tag in _SCALAR_TAGS or (event.tag is None and event.implicit[0]):
        return resolve(event.value)
    if event.style == '"' and _SURROGATE.search(event.value):
        message = "The text holds half a character (an escape from \\ud800 to \\udfff)."
        raise _refuse("control-character", message, "Write the character itself.", event)
    return event.value


def _merge(values: dict[str, Any], value: Any, event: Any) -> None:
    """The merge key `<<`: fields of other mappings that are not given here (YAML 1.1 type `merge`)."""
    for source in value if isinstance(value, list) else [value]:
        if not isinstance(source, dict):
            raise _refuse("merge-key", "The merge key << needs a mapping.", "Name mappings only.", event)
        for key, item in source.items():
            values.setdefault(key, item)


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _mark(event: Any, end_line: int, children: Mapping[str, Mark] | None = None) -> Mark:
    return Mark(*_start(event), end_line, children or {})


def _refuse(rule: str, message: str, fix: str, event: Any) -> Refused:
    return Refused(Problem(rule, message, fix, *_start(event)))


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
