"""Names of models and tensors."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_LONGEST_NAME = 64
_NAME = re.compile(r"[\w\- ]+\Z")
_NAME_05 = re.compile(r"[\w\- ()+.]+\Z")


def look(context: Context) -> Iterator[Finding]:
    """The model's name, then the tensors'."""
    yield from _name(context)
    yield from _tensor_names(context)


def _name(context: Context) -> Iterator[Finding]:
    """At most 64 letters, digits, spaces and `_-` (0.4 model specification, `name`)."""
    name = context.data.get("name")
    if not isinstance(name, str) or context.kind != "model":
        return
    if len(name) > _LONGEST_NAME:
        message = f"`name` has {len(name)} characters; at most {_LONGEST_NAME} are shown."
        yield Finding("warning" if context.version == "0.5" else "policy", "name", "/name", message, "Shorten it.")
    if not (_NAME_05 if context.version == "0.5" else _NAME).match(name) and name:
        allowed = "letters, digits, spaces, _ and -" + (", ( ) + and ." if context.version == "0.5" else "")
        level: Level = "error" if context.version == "0.5" else "warning"
        message = f"`name` {show(name)} has characters other than {allowed}."
        yield Finding(level, "name", "/name", message, "Leave them out.")


def _tensor_names(context: Context) -> Iterator[Finding]:
    """No name twice among inputs and outputs (0.4 `inputs.name`; 0.5 `id`)."""
    seen: dict[Any, str] = {}
    for group in ("inputs", "outputs"):
        for index, tensor in enumerate(items(context.data.get(group))):
            key = "id" if isinstance(tensor, dict) and "id" in tensor else "name"
            name = tensor.get(key) if isinstance(tensor, dict) else None
            pointer = pointer_of(group, index, key)
            if isinstance(name, str) and name in seen:
                message = f"`{field(pointer)}` {show(name)} is the name of `{field(seen[name])}` already."
                yield Finding("error", "tensor-name", pointer, message, "Give each tensor a name of its own.")
            elif isinstance(name, str):
                seen[name] = pointer.rsplit("/", 1)[0]


CHECK = Check(
    look,
    (
        Rule(
            "name",
            "A name is human-readable: at most 64 letters, digits, spaces, underscores and hyphens.",
            "Shorten it; leave other characters out.",
        ),
        Rule(
            "tensor-name",
            "No two tensors have one name.",
            "Give each tensor a name of its own.",
        ),
    ),
    families=frozenset({"model"}),
)
