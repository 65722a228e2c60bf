"""Each node's test of a whole value as one closure: most files are right, and nobody asks of those what is wrong where."""

from collections.abc import Callable, Iterable
from typing import Any

from workflows.static.keywords import Test
from workflows.static.schema_node import Node


def prepare(node: Node, done: set[int]) -> Test:
    """Make `holds` of a node and of all nodes below it; `done` has the ids of those that are made or begun."""
    if id(node) in done:
        return node.holds if node.holds is not bool else _late(node)
    done.add(id(node))

    def below(other: Node) -> Test:
        return prepare(other, done)

    node.holds = _all([*(test for _, test in node.tests), *_structure(node, below)])
    return node.holds


def _late(node: Node) -> Test:
    """The test of a node that is still being made, because it is part of itself."""

    def holds(value: Any) -> bool:
        return node.holds(value)

    return holds


def is_false(node: Node | None) -> bool:
    """Whether it is the schema that nothing fits."""
    return node is not None and node.tests[:1] != () and node.tests[0][0] == "false"


Below = Callable[[Node], Test]


def _structure(node: Node, below: Below) -> Iterable[Test]:
    if node.properties or node.required or node.others or node.patterns or node.names or node.dependent:
        yield _mapping(node, below)
    if node.items or node.prefix:
        yield _list(node, below)
    yield from map(below, node.all)
    if node.any:
        yield _any(tuple(map(below, node.any)))
    if node.none:
        denied = below(node.none)
        yield lambda value: not denied(value)
    if node.condition:
        yield _condition(*(below(one) if one else None for one in node.condition))


def _all(tests: list[Test]) -> Test:
    match tests:
        case []:
            return lambda _value: True
        case [only]:
            return only
        case [first, second]:
            return lambda value: first(value) and second(value)
        case [first, *rest]:
            others = _all(rest)
            return lambda value: first(value) and others(value)
    raise AssertionError(tests)  # the cases above are all lists


def _any(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:  # noqa: PLR2004 - most often: this or nothing
        first, second = tests
        return lambda value: first(value) or second(value)
    return lambda value: any(test(value) for test in tests)


def _condition(asked: Test | None, then: Test | None, otherwise: Test | None) -> Test:
    def condition(value: Any) -> bool:
        end = then if asked is None or asked(value) else otherwise
        return end is None or end(value)

    return condition


def _list(node: Node, below: Below) -> Test:
    prefix, rest = tuple(map(below, node.prefix)), below(node.items) if node.items else None

    def holds(value: Any) -> bool:
        if not isinstance(value, list):
            return True
        for test, item in zip(prefix, value, strict=False):
            if not test(item):
                return False
        if rest is not None:
            for item in value[len(prefix) :] if prefix else value:
                if not rest(item):
                    return False
        return True

    return holds


def _mapping(node: Node, below: Below) -> Test:
    known = {name: below(one) for name, one in node.properties.items()}
    unknown = _unknown(node, below)
    required = node.required
    more = _names(node, below)

    def holds(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        for name in required:
            if name not in value:
                return False
        for name, item in value.items():
            test = known.get(name)
            if test is not None:
                if not test(item):
                    return False
            elif unknown is not None and not unknown(name, item):
                return False
        return more is None or more(value)

    return holds


def _unknown(node: Node, below: Below) -> Callable[[str, Any], bool] | None:
    """What is asked of a field that is not listed; of a listed one, patterns are asked by `_names`."""
    if node.others is None:
        return None
    patterns, others = tuple(pattern for pattern, _ in node.patterns), below(node.others)
    if not patterns:
        return lambda _name, item: others(item)
    return lambda name, item: any(one.search(name) for one in patterns) or others(item)


def _names(node: Node, below: Below) -> Test | None:
    """What is asked of names, and of what stands under a kind of name."""
    if not (node.patterns or node.names or node.dependent):
        return None
    patterns = tuple((pattern, below(one)) for pattern, one in node.patterns)
    every, dependent = below(node.names) if node.names else None, node.dependent

    def holds(value: dict[str, Any]) -> bool:
        return (
            all(test(item) for pattern, test in patterns for name, item in value.items() if pattern.search(name))
            and (every is None or all(map(every, value)))
            and all(other in value for name, others in dependent.items() if name in value for other in others)
        )

    return holds
