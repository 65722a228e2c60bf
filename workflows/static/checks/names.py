"""Names of resources and tensors."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.family import RENEWED
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_LONGEST_NAME = 64
_LONGEST_02 = 128  # 0.2 specification, `name` of other resources
_NAME = re.compile(r"[\w\- ]+\Z")


def look(context: Context) -> Iterator[Finding]:
    """The name of the resource, then those of a model's tensors."""
    yield from _name(context)
    if context.family == "model-0.4":
        yield from _tensor_names(context)


def _name(context: Context) -> Iterator[Finding]:
    """At most 64 letters, digits, spaces and `_-` (0.4 model specification, `name`); since 0.3 and 0.5 the schema asks it."""
    name = context.data.get("name")
    if not isinstance(name, str):
        return
    model = context.family == "model-0.4"
    longest = _LONGEST_NAME if model or context.family in RENEWED else _LONGEST_02
    if longest < len(name) and not (context.family in RENEWED and len(name) > _LONGEST_02):
        message = f"`name` has {len(name)} characters; at most {longest} are shown."
        yield Finding("policy" if model else "warning", "name", "/name", message, "Shorten it.")
    if model and name and not _NAME.match(name):
        message = f"`name` {show(name)} has characters other than letters, digits, spaces, _ and -."
        yield Finding("warning", "name", "/name", message, "Leave them out.")


def _tensor_names(context: Context) -> Iterator[Finding]:
    """No name twice among inputs and outputs (0.4 `inputs.name`)."""
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
            ("policy", "warning"),
        ),
        Rule(
            "tensor-name",
            "No two tensors have one name.",
            "Give each tensor a name of its own.",
        ),
    ),
)
