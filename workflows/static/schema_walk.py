"""Our own schemas' keywords of JSON Schema 2020-12, walked so that each fault can be told in the contributor's words.

A general validator takes 120 ms to import and answers in its own terms; the files stay ordinary JSON Schema, and a test holds
this walker to `jsonschema`'s verdict on every real RDF.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from workflows.document import pointer_of

_LONGEST_MATCHED = 4096  # characters; longer text is refused where a pattern is asked for, so that no pattern runs long
_NULL = {"type": "null"}
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


@dataclass(frozen=True)
class Fault:
    """Where the file leaves the schema: keyword, what stands there, and the schema that asks for something else."""

    pointer: str
    keyword: str
    found: Any
    schema: dict[str, Any]
    name: str = ""


def faults(value: Any, schema: dict[str, Any]) -> list[Fault]:
    """All faults in the order of the schema's walk."""
    return list(_Walk(schema).look(value, schema, ()))


class _Walk:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def look(self, value: Any, schema: Any, at: tuple[str | int, ...]) -> Iterator[Fault]:
        if schema is False:
            yield Fault(pointer_of(*at), "false", value, {})
            return
        if "$ref" in schema:
            schema = {**self._root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], **schema}
            del schema["$ref"]
        keyword = _own_fault(value, schema)
        if keyword:
            yield Fault(pointer_of(*at), keyword, value, schema)
            return
        if isinstance(value, dict):
            yield from self._mapping(value, schema, at)
        elif isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                yield from self.look(item, schema["items"], (*at, index))
        yield from self._combined(value, schema, at)

    def _mapping(self, value: dict[str, Any], schema: dict[str, Any], at: tuple[str | int, ...]) -> Iterator[Fault]:
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield Fault(pointer_of(*at), "required", value, self._resolved(known.get(name, {})), name)
        for name, item in value.items():
            if name in known:
                yield from self.look(item, known[name], (*at, name))
            elif schema.get("additionalProperties") is False:
                yield Fault(pointer_of(*at, name), "unknown", value, schema, name)

    def _resolved(self, schema: Any) -> dict[str, Any]:
        name = schema.get("$ref") if isinstance(schema, dict) else None
        return self._root["$defs"][name.rsplit("/", 1)[-1]] if name else schema or {}

    def _combined(self, value: Any, schema: dict[str, Any], at: tuple[str | int, ...]) -> Iterator[Fault]:
        for part in schema.get("allOf", ()):
            yield from self.look(value, part, at)
        if "if" in schema:
            branch = "else" if any(self.look(value, schema["if"], at)) else "then"
            yield from self.look(value, schema.get(branch, {}), at)
        if "anyOf" in schema:
            yield from self._any(value, schema, at)

    def _any(self, value: Any, schema: dict[str, Any], at: tuple[str | int, ...]) -> Iterator[Fault]:
        """None where one branch fits; else the faults of the branch that was meant: the one that fits deepest."""
        tried = [list(self.look(value, branch, at)) for branch in schema["anyOf"]]
        if not all(tried):
            return
        if len(tried) - (_NULL in schema["anyOf"]) == 1:
            yield from tried[0 if schema["anyOf"][0] != _NULL else 1]
            return
        here = pointer_of(*at)
        meant = [found for found in tried if found[0].keyword not in {"type", "false"} or found[0].pointer != here]
        if len(meant) == 1:
            yield from meant[0]
        else:
            best = next((self._resolved(branch) for branch in schema["anyOf"] if branch != _NULL), {})
            yield Fault(here, "anyOf", value, schema if "description" in schema else best)


def _own_fault(value: Any, schema: dict[str, Any]) -> str | None:
    """The first keyword about the value itself that does not hold."""
    if "type" in schema and not is_type(value, schema["type"]):
        return "type"
    if "const" in schema and (value != schema["const"] or isinstance(value, bool) != isinstance(schema["const"], bool)):
        return "const"
    if "enum" in schema and not any(value == one and isinstance(value, type(one)) for one in schema["enum"]):
        return "enum"
    return _kind_fault(value, schema)


def _kind_fault(value: Any, schema: dict[str, Any]) -> str | None:
    if isinstance(value, str):
        return _text_fault(value, schema)
    if isinstance(value, list):
        return _size_fault(len(value), schema, "minItems", "maxItems")
    if isinstance(value, dict):
        return _size_fault(len(value), schema, "minProperties", "maxProperties")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return _number_fault(value, schema) if number else None


def is_type(value: Any, wanted: str | list[str]) -> bool:
    """JSON's types: `true` is no number, 1.0 is an integer."""
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    if isinstance(value, float) and value.is_integer() and "integer" in names:
        return True
    return any(isinstance(value, _TYPES[name]) for name in names)


def _text_fault(value: str, schema: dict[str, Any]) -> str | None:
    keyword = _size_fault(len(value), schema, "minLength", "maxLength")
    if keyword or "pattern" not in schema:
        return keyword
    return None if len(value) <= _LONGEST_MATCHED and _compiled(schema["pattern"]).search(value) else "pattern"


def _size_fault(size: int, schema: dict[str, Any], least: str, most: str) -> str | None:
    if size < schema.get(least, 0):
        return least
    return most if size > schema.get(most, size) else None


def _number_fault(value: float, schema: dict[str, Any]) -> str | None:
    holds: dict[str, Callable[[float], bool]] = {
        "minimum": lambda bound: value >= bound,
        "maximum": lambda bound: value <= bound,
        "exclusiveMinimum": lambda bound: value > bound,
        "exclusiveMaximum": lambda bound: value < bound,
        "multipleOf": lambda bound: abs(value) < float("inf") and value % bound == 0,
    }
    return next((word for word, test in holds.items() if word in schema and not test(schema[word])), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
