"""From YAML events to plain data and its places, in one pass, counting before building."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from workflows.mark import Places
from workflows.problem import Limits, Problem, problem_at, refused, shown
from workflows.scalars import MEANT, resolve

_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(_CORE + name for name in ("bool", "int", "float", "null", "timestamp"))
_PLAIN_TAGS = frozenset({"!", *(_CORE + name for name in ("str", "map", "seq")), *_SCALAR_TAGS})


class _Anchored(NamedTuple):
    """A value with what an alias of it costs: nodes when expanded, levels below it."""

    value: Any
    nodes: int
    height: int


class Composer:
    """Walks the events of one document once. Recursion goes as deep as `limits.depth`, never deeper."""

    def __init__(self, events: Iterator[Any], limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._limits = limits
        self._unchecked = min(limits.nodes, limits.expanded)
        self._events = events
        self._anchors: dict[str, _Anchored | None] = {}
        self._nodes = self._aliases = self._expanded = 0  # expanded: what aliases add to the nodes
        self._deepest = 0

    def document(self) -> tuple[Any, Any]:
        """Data and place of the only document of the stream; no place for an empty stream, whose data is `None`."""
        next(self._events)
        if isinstance(next(self._events), StreamEndEvent):
            return None, None
        places: Places = []
        value = self._node(next(self._events), 0, places)
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise refused(after, "many-documents", "The file holds several YAML documents.", "Keep one.")
        return value, places[0]

    def _node(self, event: Any, depth: int, places: Places) -> Any:
        """The value that an event begins; its place is added to `places`."""
        kind = event.__class__
        if kind is AliasEvent:
            places.append(event)
            return self._alias(event, depth)
        self._nodes += 1
        if self._nodes + self._expanded > self._unchecked or depth > self._limits.depth:
            self._check_limits(event, depth)
        if event.ctag is not None or event.anchor is not None:
            return self._marked(event, depth, places)
        if kind is ScalarEvent:
            places.append(event)
            text = event.value
            return resolve(text) if event.implicit[0] and text[:1] in MEANT else text
        return self._collection(event, depth, places)

    def _collection(self, start: Any, depth: int, places: Places) -> Any:
        below: Places = [start]
        places.append(below)
        mapping = start.__class__ is MappingStartEvent
        value = self._mapping(depth, below) if mapping else self._sequence(depth, below)
        if len(below) > 2 and depth >= self._deepest:  # noqa: PLR2004 - a start and an end are always there
            self._deepest = depth + 1
        return value

    def _sequence(self, depth: int, places: Places) -> list[Any]:
        values = []
        for event in self._events:
            if event.__class__ is SequenceEndEvent:
                places.append(event)
                break
            values.append(self._node(event, depth + 1, places))
        return values

    def _mapping(self, depth: int, places: Places) -> dict[str, Any]:
        values: dict[str, Any] = {}
        again: list[Any] = []
        merged: list[tuple[Any, Any]] = []
        events = self._events
        for event in events:
            if event.__class__ is MappingEndEvent:
                break
            key = self._key(event, depth)
            follows = next(events)
            if key == "<<" and event.implicit[0]:
                merged.append((self._node(follows, depth + 1, []), event))
            elif key in values:
                again.append(event)
                self._node(follows, depth + 1, [])
            else:
                places.append(event)
                values[key] = self._node(follows, depth + 1, places)
        if again:
            self._say_again(again, places)
        places.append(event)
        for value, key_event in merged:
            _merge(values, value, key_event)
        return values

    def _key(self, event: Any, depth: int) -> str:
        if event.__class__ is not ScalarEvent:
            raise refused(event, "non-string-key", "A field name is a list, a mapping or an alias.", "Use plain text.")
        text: str = event.value
        if event.ctag is None and event.anchor is None:
            self._nodes += 1
            key = resolve(text) if event.implicit[0] and text[:1] in MEANT else text
        else:
            key = self._node(event, depth, [])
        if key.__class__ is not str:
            message = f"The field name {shown(text)} is not text."
            level = "warning" if depth else "error"
            self.problems.append(problem_at(event, "non-string-key", message, "Put it in quotes.", level))
        return text

    def _marked(self, event: Any, depth: int, places: Places) -> Any:
        """A node with a tag or an anchor."""
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            message = f"The YAML tag {shown(event.tag)} asks for something else than plain data."
            raise refused(event, "unknown-tag", message, "Remove the tag.")
        if event.anchor is None:
            return self._build(event, depth, places)
        self._anchors[event.anchor] = None
        before, deepest = self._nodes + self._expanded, self._deepest
        self._deepest = depth
        value = self._build(event, depth, places)
        count = self._nodes + self._expanded - before + 1
        self._anchors[event.anchor] = _Anchored(value, count, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return value

    def _build(self, event: Any, depth: int, places: Places) -> Any:
        if event.__class__ is not ScalarEvent:
            return self._collection(event, depth, places)
        places.append(event)
        meant = event.tag in _SCALAR_TAGS or (event.tag is None and event.implicit[0])
        return resolve(event.value) if meant else event.value

    def _alias(self, event: Any, depth: int) -> Any:
        self._aliases += 1
        name = shown(event.anchor)
        if self._aliases > self._limits.aliases:
            raise refused(event, "alias-bomb", f"Over {self._limits.aliases:,} aliases.", "Write values out.")
        if event.anchor not in self._anchors:
            raise refused(event, "unknown-alias", f"The alias *{name} has no anchor.", "Define it.")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise refused(event, "cyclic-alias", f"The alias *{name} contains itself.", "Remove it.")
        if depth + anchored.height > self._limits.depth:
            raise refused(event, "too-deep", "Aliases nest values too deep.", "Flatten them.")
        self._expanded += anchored.nodes
        self._deepest = max(self._deepest, depth + anchored.height)
        self._check_limits(event, depth)
        return anchored.value

    def _check_limits(self, event: Any, depth: int) -> None:
        limits = self._limits
        if self._nodes + self._expanded > limits.expanded:
            message = f"Aliases expand to over {limits.expanded:,} values."
            raise refused(event, "alias-bomb", message, "Write the values out, without aliases of aliases.")
        if self._nodes > limits.nodes:
            raise refused(event, "too-many-nodes", f"The file has over {limits.nodes:,} values.", "Shorten it.")
        if depth > limits.depth:
            raise refused(event, "too-deep", f"Values are nested over {limits.depth} deep.", "Flatten them.")

    def _say_again(self, again: list[Any], places: Places) -> None:
        lines = {key.value: key.start_mark.line + 1 for key in places[1::2]}
        for event in again:
            message = f"The field {shown(event.value)} stands here again (first on line {lines[event.value]})."
            self.problems.append(problem_at(event, "duplicate-key", message, "Keep one of the two."))


def _merge(values: dict[str, Any], value: Any, event: Any) -> None:
    """The merge key `<<`: fields of other mappings that are not given here (YAML 1.1 type `merge`)."""
    for source in value if isinstance(value, list) else [value]:
        if not isinstance(source, dict):
            raise refused(event, "merge-key", "The merge key << needs a mapping.", "Name mappings only.")
        for key, item in source.items():
            values.setdefault(key, item)
