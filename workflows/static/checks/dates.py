"""Dates that stand bare where text belongs: `tags: [2020-01-01]` is no list of texts."""

from collections.abc import Iterator
from typing import Any

from workflows.document import LIMITS, pointer_of
from workflows.scalars import Moment
from workflows.static.context import Context
from workflows.static.edits import with_text
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field

_FREE = frozenset({"config", "kwargs", "timestamp"})
"""Below these fields dates may stand; `timestamp` is one, and has a rule of its own."""


def look(context: Context) -> Iterator[Finding]:
    """BioImage.IO's own reader takes a bare date for a date, and refuses it wherever the specification asks for text."""
    for at, moment in _moments(context.data, ()):
        pointer = pointer_of(*at)
        message = f"`{field(pointer)}` is the date {moment} to those who read the file, not text."
        suggestion = with_text(context.document, pointer, f"'{moment}'")
        yield Finding("error", "bare-date", pointer, message, f"Put it in quotes: '{moment}'.", suggestion)


def _moments(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Moment]]:
    """Places of bare dates, no deeper than a document may be."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        kind = type(item)
        if kind is Moment:
            if key not in _FREE:
                yield (*at, key), item
        elif (kind is dict or kind is list) and key not in _FREE and len(at) < LIMITS.depth:
            yield from _moments(item, (*at, key))


CHECK = Check(
    look,
    (
        Rule(
            "bare-date",
            "Dates that are meant as text stand in quotes; without them YAML's readers make dates of them.",
            "Put the value in quotes.",
        ),
    ),
    families=frozenset({"application", "dataset", "notebook", "model-0.4", "model-0.5", "generic-0.3"}),
)
