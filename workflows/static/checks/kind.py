"""Whether the file says what kind of resource it describes."""

from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.family import GENERIC, NEWEST
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import near, replace_value, show

_KNOWN = sorted(NEWEST.keys() - {GENERIC})


def look(context: Context) -> Iterator[Finding]:
    """`type` is there and is text; a word that is nearly one of the known ones is told."""
    if "type" not in context.data:
        message, fix = "The field `type` is missing.", f"Add it: one of {', '.join(_KNOWN)}."
        yield Finding("error", "type", "/type", message, fix)
        return
    declared = context.data["type"]
    if not isinstance(declared, str):
        message, fix = f"`type` is {show(declared)}, but has to be text.", f"Write one of {', '.join(_KNOWN)}."
        yield Finding("error", "type", "/type", message, fix)
    elif declared not in NEWEST and (guess := near(declared, _KNOWN)):
        message = f"`type` {show(declared)} is none of the kinds that have a description of their own."
        suggestion = replace_value(context.document, "/type", declared, guess)
        yield Finding("warning", "type", "/type", message, f"Did you mean {guess!r}?", suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "type",
            "The file says what it describes. A kind that has no description of its own is judged by the generic one.",
            "Write `type: model`, or one of application, collection, dataset, notebook.",
            ("error", "warning"),
        ),
    ),
)
