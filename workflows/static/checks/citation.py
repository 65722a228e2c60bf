"""How the work is cited."""

import re
from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.described import described
from workflows.static.edits import with_key
from workflows.static.family import RENEWED
from workflows.static.finding import Finding, Level
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_DOI = re.compile(r"10\.[0-9]{4,9}/\S+\Z")
_DOI_INSIDE = re.compile(r"10\.[0-9]{4,9}/[^\s?#]+")
_ADDRESS = re.compile(r"https?://\S+\Z")
_TAKEN = re.compile(r"10\.[0-9]{4}.")
_TAKEN_WITH_ADDRESS = re.compile(r"(?:https://doi\.org/|http://dx\.doi\.org/)*10\.[0-9]{4}.")


def look(context: Context) -> Iterator[Finding]:
    """The DOIs of `cite`, also of a dataset that is described inside."""
    for at, part in described(context.data):
        for index, entry in enumerate(items(part.get("cite"))):
            doi = entry.get("doi") if isinstance(entry, dict) else None
            if isinstance(doi, str) and not _DOI.match(doi):
                yield _doi(context, at + pointer_of("cite", index, "doi"), doi, free="url" not in entry)


def _doi(context: Context, pointer: str, doi: str, *, free: bool) -> Finding:
    """The specification only asks for the beginning of a DOI; until 0.2 and 0.4 an address before it is taken off."""
    taken = _TAKEN if context.family in RENEWED else _TAKEN_WITH_ADDRESS
    level: Level = "warning" if taken.match(doi) else "error"
    message = f"`{field(pointer)}` {show(doi)} is not a bare DOI."
    inside = _DOI_INSIDE.search(doi[:2000])
    if inside:
        suggestion = replace_value(context.document, pointer, doi, inside[0])
        return Finding(level, "doi", pointer, message, f"Write {inside[0]}.", suggestion)
    fix = "Write the DOI alone, such as 10.5281/zenodo.5764892, or use `url` for other addresses."
    suggestion = with_key(context.document, pointer, "url") if free and _ADDRESS.match(doi) else None
    return Finding(
        level, "doi", pointer, message, "It is an address: call the field `url`." if suggestion else fix, suggestion
    )


CHECK = Check(
    look,
    (
        Rule(
            "doi",
            "A DOI is written bare, as 10.<registrant>/<suffix>.",
            "Write the DOI alone, such as 10.5281/zenodo.5764892, or use `url` for other addresses.",
            ("error", "warning"),
        ),
    ),
)
