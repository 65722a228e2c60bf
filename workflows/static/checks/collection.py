"""Whether the entries of a collection can be told apart."""

from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show


def look(context: Context) -> Iterator[Finding]:
    """No id twice, and no collection inside of one (0.2 collection specification, `collection`)."""
    seen: dict[str, int] = {}
    for index, entry in enumerate(items(context.data.get("collection"))):
        if not isinstance(entry, dict):
            continue
        own, at = entry.get("id"), pointer_of("collection", index)
        if isinstance(own, str) and own in seen:
            message = f"`{field(at)}.id` {show(own)} is the id of `collection[{seen[own]}]` already."
            yield Finding("error", "entry", f"{at}/id", message, "Give each entry an id of its own.")
        elif isinstance(own, str):
            seen[own] = index
        if entry.get("type") == "collection":
            message = f"`{field(at)}` is a collection itself; a collection holds none."
            yield Finding("error", "entry", f"{at}/type", message, "List its entries instead.")


CHECK = Check(
    look,
    (
        Rule(
            "entry",
            "The entries of a collection have ids of their own, and none is a collection itself.",
            "Give each entry an id of its own, and list the entries of an inner collection instead of it.",
        ),
    ),
    families=frozenset({"collection-0.2"}),
)
