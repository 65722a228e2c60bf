"""Our own schemas walked so that each fault can be told in the contributor's words.

A general validator takes 120 ms to import, ten times as long for a file, and answers in its own terms; the files stay ordinary JSON Schema, and a
test holds this walker to `jsonschema`'s verdict on every real RDF. The walk goes only where `holds` says that something is wrong:
the verdict and the words have one source.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from workflows.document import pointer_of
from workflows.static.schema_branch import any_faults
from workflows.static.schema_fault import At, Fault
from workflows.static.schema_files import schema
from workflows.static.schema_holds import is_false, prepare
from workflows.static.schema_node import Builder, Node

__all__ = ["Fault", "compile_alone", "compiled", "faults", "walk"]


@cache
def compiled(name: str) -> Node:
    """One of our schemas, ready to judge: `model-0.4`, `scivision/model-catalog`."""
    node = Builder(schema).place(name)
    prepare(node, set())
    return node


def compile_alone(source: dict[str, Any]) -> Node:
    """A schema that is in no file."""
    node = Builder(lambda name: schema(name) if name else source).place("")
    prepare(node, set())
    return node


def faults(value: Any, node: Node) -> list[Fault]:
    """All faults in the order of the schema's walk; none where the value is right."""
    return list(walk(value, node, ()))


def walk(value: Any, node: Node, at: At) -> Iterator[Fault]:
    """The faults of what stands at a place."""
    if node.holds(value):
        return
    wrong = next((word for word, test in node.tests if not test(value)), None)
    if wrong:
        yield Fault(pointer_of(*at), wrong, value, node.schema)
        return
    if isinstance(value, dict):
        yield from _mapping(value, node, at)
    elif isinstance(value, list):
        yield from _list(value, node, at)
    yield from _combined(value, node, at)


def _mapping(value: dict[str, Any], node: Node, at: At) -> Iterator[Fault]:
    asked = [other for name, others in node.dependent.items() if name in value for other in others]
    for name in dict.fromkeys((*node.required, *asked)):
        if name not in value:
            wanted = node.properties.get(name)
            yield Fault(pointer_of(*at), "required", value, wanted.schema if wanted else {}, name)
    for name, item in value.items():
        if node.names and not node.names.holds(name):
            yield Fault(pointer_of(*at, name), "propertyNames", name, node.names.schema, name)
        yield from _field(name, item, value, node, at)


def _field(name: str, item: Any, value: dict[str, Any], node: Node, at: At) -> Iterator[Fault]:
    known = [node.properties[name]] if name in node.properties else []
    known += [one for pattern, one in node.patterns if pattern.search(name)]
    if not known and is_false(node.others):
        yield Fault(pointer_of(*at, name), "unknown", value, node.schema, name)
    elif not known and node.others:
        known = [node.others]
    for one in known:
        yield from walk(item, one, (*at, name))


def _list(value: list[Any], node: Node, at: At) -> Iterator[Fault]:
    for index, item in enumerate(value):
        wanted = node.prefix[index] if index < len(node.prefix) else node.items
        if wanted:
            yield from walk(item, wanted, (*at, index))


def _combined(value: Any, node: Node, at: At) -> Iterator[Fault]:
    for part in node.all:
        yield from walk(value, part, at)
    if node.condition:
        asked, then, otherwise = node.condition
        end = then if asked.holds(value) else otherwise
        if end:
            yield from walk(value, end, at)
    if node.any and not any(one.holds(value) for one in node.any):
        yield from any_faults(value, node, at, walk)
    if node.none and node.none.holds(value):
        yield Fault(pointer_of(*at), "not", value, node.schema)
