"""A schema as a tree of nodes: references resolved, tests made, so that nothing is looked up while a file is judged."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workflows.document import resolve_pointer
from workflows.static.keywords import KEYWORDS, Test, tests_of
from workflows.static.schema_files import referred

_WORDS = frozenset({"$comment", "default", "deprecated", "description", "examples", "title"})
_ASIDE = frozenset({"$defs", "$id", "$schema", "$ref"})
_BELOW = frozenset(
    {
        *("additionalProperties", "dependentRequired", "patternProperties", "properties", "propertyNames", "required"),
        *("items", "prefixItems"),
        *("allOf", "anyOf", "else", "if", "not", "then"),
    }
)
KNOWN = frozenset(KEYWORDS) | _WORDS | _ASIDE | _BELOW
"""The keywords that are walked or say nothing; a schema with another one is refused."""


@dataclass(eq=False, slots=True)
class Node:
    """One schema. `schema` is it as written, with the words that stand beside a reference to it."""

    schema: dict[str, Any]
    tests: tuple[tuple[str, Test], ...] = ()
    required: tuple[str, ...] = ()
    dependent: dict[str, list[str]] = field(default_factory=dict)
    properties: "dict[str, Node]" = field(default_factory=dict)
    patterns: "tuple[tuple[re.Pattern[str], Node], ...]" = ()
    others: "Node | None" = None
    names: "Node | None" = None
    prefix: "tuple[Node, ...]" = ()
    items: "Node | None" = None
    all: "tuple[Node, ...]" = ()
    any: "tuple[Node, ...]" = ()
    none: "Node | None" = None
    condition: "tuple[Node, Node | None, Node | None] | None" = None
    holds: Test = bool
    """Whether a value is right; made by `schema_holds`."""


class Builder:
    """Makes each place of each schema once, so that schemas may refer to themselves."""

    def __init__(self, schema_of: Callable[[str], dict[str, Any]]) -> None:
        self._schema_of = schema_of
        self._built: dict[tuple[str, str], Node] = {}

    def place(self, name: str, pointer: str = "") -> Node:
        """The node of a place in one of our schemas."""
        if (name, pointer) not in self._built:
            node = self._built[name, pointer] = Node({})
            found = resolve_pointer(self._schema_of(name), pointer)
            if found is None:
                raise ValueError(f"the schema {name} has no {pointer}")
            self._fill(node, found, name)
        return self._built[name, pointer]

    def _build(self, source: Any, name: str) -> Node:
        if isinstance(source, dict) and source.keys() == {"$ref"}:
            return self.place(*referred(source["$ref"], name))
        node = Node({})
        self._fill(node, source, name)
        return node

    def _fill(self, node: Node, source: Any, name: str) -> None:
        if not isinstance(source, dict):
            node.tests = () if source else (("false", lambda _: False),)
            return
        if unknown := source.keys() - KNOWN:
            raise ValueError(f"the schema {name} has keywords that are not walked: {', '.join(sorted(unknown))}")
        node.schema = source
        if "$ref" in source:
            self._refer(node, source, name)
        node.tests = tests_of(source)
        self._fill_mapping(node, source, name)
        self._fill_rest(node, source, name)

    def _refer(self, node: Node, source: dict[str, Any], name: str) -> None:
        """Words beside a reference go before those of its target; keywords beside it are asked for too."""
        target = self.place(*referred(source["$ref"], name))
        own = {word: source[word] for word in source.keys() - {"$ref"}}
        node.schema = {**target.schema, **own}
        node.all = (target,)

    def _fill_mapping(self, node: Node, source: dict[str, Any], name: str) -> None:
        node.required = tuple(source.get("required", ()))
        node.dependent = source.get("dependentRequired", {})
        node.properties = {key: self._build(one, name) for key, one in source.get("properties", {}).items()}
        node.patterns = tuple(
            (re.compile(key), self._build(one, name)) for key, one in source.get("patternProperties", {}).items()
        )
        node.others = self._maybe(source, "additionalProperties", name)
        node.names = self._maybe(source, "propertyNames", name)

    def _fill_rest(self, node: Node, source: dict[str, Any], name: str) -> None:
        node.prefix = tuple(self._build(one, name) for one in source.get("prefixItems", ()))
        node.items = self._maybe(source, "items", name)
        node.all += tuple(self._build(one, name) for one in source.get("allOf", ()))
        node.any = tuple(self._build(one, name) for one in source.get("anyOf", ()))
        node.none = self._maybe(source, "not", name)
        if "if" in source:
            ends = self._maybe(source, "then", name), self._maybe(source, "else", name)
            node.condition = (self._build(source["if"], name), *ends)

    def _maybe(self, source: dict[str, Any], word: str, name: str) -> Node | None:
        return self._build(source[word], name) if word in source else None
