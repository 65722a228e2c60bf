"""Of several forms that a value may have, the one that was meant: only its faults help the contributor."""

from collections.abc import Callable, Iterator
from typing import Any

from workflows.document import pointer_of
from workflows.static.schema_fault import At, Fault
from workflows.static.schema_node import Node

Walk = Callable[[Any, Node, At], Iterator[Fault]]


def any_faults(value: Any, node: Node, at: At, walk: Walk) -> Iterator[Fault]:
    """What is wrong where no branch of `anyOf` fits: the faults of the branch that was meant, or one for the place."""
    branches = [one for one in _alternatives(node.any) if one.schema.get("type") != "null"]
    fitting = [one for one in branches if _kind_fits(one, value)]
    if isinstance(value, dict) and len(fitting) > 1:
        told = _tell_apart(value, fitting, at)
        if isinstance(told, Fault):
            yield told
            return
        fitting = told
    meant = fitting or branches
    if len(meant) == 1:
        yield from walk(value, meant[0], at)
        return
    tried = sorted((list(walk(value, one, at)) for one in fitting), key=len)
    if tried and (len(tried[0]) < len(tried[1]) or _alike(tried[0], tried[1])) and not _here(tried[0], at):
        yield from tried[0]
    else:
        yield _none_fits(value, node, at, meant)


def _none_fits(value: Any, node: Node, at: At, meant: list[Node]) -> Fault:
    branches = tuple(one.schema for one in meant)
    words = node.schema if "description" in node.schema else next(iter(branches), node.schema)
    return Fault(pointer_of(*at), "anyOf", value, words, "", branches)


def _alternatives(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """The branches, with those that only name others replaced by them."""
    for one in nodes:
        if one.any and not one.tests and not one.properties and not one.required:
            yield from _alternatives(one.any)
        elif len(one.all) == 1 and not (one.tests or one.properties or one.required or one.condition):
            yield from _alternatives(one.all)
        else:
            yield one


def _kind_fits(node: Node, value: Any) -> bool:
    own = all(test(value) for word, test in node.tests if word in {"type", "false"})
    return own and all(_kind_fits(part, value) for part in node.all)


def _here(faults: list[Fault], at: At) -> bool:
    """Whether the value itself is told to be wrong, not something in it: then each branch would say so of itself."""
    here = pointer_of(*at)
    return any(one.pointer == here and one.keyword != "required" for one in faults)


def _alike(some: list[Fault], others: list[Fault]) -> bool:
    return [(one.pointer, one.keyword, one.name) for one in some] == [
        (one.pointer, one.keyword, one.name) for one in others
    ]


def _tell_apart(value: dict[str, Any], branches: list[Node], at: At) -> list[Node] | Fault:
    """The branches that a field such as `type: channel` chooses; a fault where it chooses none of them."""
    for name in _discriminators(branches):
        words = [word for one in branches for word in _words(one, name)]
        if name not in value and not all(name in _required(one) for one in branches):
            continue
        if name not in value:
            return Fault(pointer_of(*at), "required", value, {"enum": words}, name)
        branches = [one for one in branches if _same_word(value[name], _words(one, name))]
        if not branches:
            return Fault(pointer_of(*at, name), "enum", value[name], {"enum": words})
        if len(branches) == 1:
            break
    return branches


def _same_word(value: Any, words: list[Any]) -> bool:
    return isinstance(value, str) and value in words


def _discriminators(branches: list[Node]) -> Iterator[str]:
    """Fields for which each branch lists words that no other branch has."""
    for name in _properties(branches[0]):
        words = [_words(one, name) for one in branches]
        listed = [word for some in words for word in some]
        if all(words) and len(set(listed)) == len(listed):
            yield name


def _properties(node: Node) -> dict[str, Node]:
    found = {name: one for part in node.all for name, one in _properties(part).items()}
    return {**found, **node.properties}


def _required(node: Node) -> set[str]:
    return set(node.required).union(*map(_required, node.all))


def _words(node: Node, name: str) -> list[str]:
    """The words that a branch lists for a field; none where it lists something else, or nothing."""
    wanted = _properties(node).get(name)
    listed = wanted.schema.get("enum", [wanted.schema.get("const")]) if wanted else []
    return listed if all(isinstance(word, str) for word in listed) else []
