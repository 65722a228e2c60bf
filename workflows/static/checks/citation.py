"""How the work is cited."""

import re
from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_DOI = re.compile(r"10\.[0-9]{4,9}/\S+\Z")
_DOI_INSIDE = re.compile(r"10\.[0-9]{4,9}/[^\s?#]+")
_DOI_PREFIXES = ("https://doi.org/", "http://dx.doi.org/")


def look(context: Context) -> Iterator[Finding]:
    """The DOIs of `cite`."""
    for index, entry in enumerate(items(context.data.get("cite"))):
        if isinstance(entry, dict) and isinstance(entry.get("doi"), str):
            yield from _doi(context, pointer_of("cite", index, "doi"), entry["doi"])


def _doi(context: Context, pointer: str, doi: str) -> Iterator[Finding]:
    if _DOI.match(doi):
        return
    inside = _DOI_INSIDE.search(doi[:2000])
    level: Level = "warning" if doi.startswith(_DOI_PREFIXES) or re.match(r"10\.[0-9]{4}.", doi) else "error"
    message = f"`{field(pointer)}` {show(doi)} is not a bare DOI."
    if inside:
        suggestion = replace_value(context.document, pointer, doi, inside[0])
        yield Finding(level, "doi", pointer, message, f"Write {inside[0]}.", suggestion)
    else:
        fix = "Write the DOI alone, such as 10.5281/zenodo.5764892, or use `url` for other addresses."
        yield Finding(level, "doi", pointer, message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "doi",
            "A DOI is written bare, as 10.<registrant>/<suffix>.",
            "Write the DOI alone, such as 10.5281/zenodo.5764892, or use `url` for other addresses.",
        ),
    ),
)
