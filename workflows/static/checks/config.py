"""Whether other programs can read what stands below `config`."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show


def look(context: Context) -> Iterator[Finding]:
    """Numbers without an end: bioimageio.spec refuses them here until 0.2 and 0.4, and nowhere else."""
    config = context.data.get("config")
    if isinstance(config, dict):
        for at, value in _endless(config, ("config",)):
            message = f"`{field(pointer_of(*at))}` is {show(value)}; below `config` only numbers with an end are read."
            yield Finding("error", "config", pointer_of(*at), message, "Write a number, or text such as '.inf'.")


def _endless(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], float]]:
    """Places of ±inf and not-a-number; the document's limits bound the depth."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        kind = type(item)
        if kind is float:
            if not isfinite(item):
                yield (*at, key), item
        elif kind is dict or kind is list:
            yield from _endless(item, (*at, key))


CHECK = Check(
    look,
    (
        Rule(
            "config",
            "Numbers below `config` have an end: `.inf` and `.nan` are not read there.",
            "Write a number, or text in quotes.",
        ),
    ),
    families=frozenset(
        {"application-0.2", "collection-0.2", "dataset-0.2", "generic-0.2", "notebook-0.2", "model-0.4"}
    ),
)
