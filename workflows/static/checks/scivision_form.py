"""Where a scivision catalog or entry is taken, and published otherwise than it is written."""

from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of, resolve_pointer
from workflows.static.context import Context
from workflows.static.edits import with_value, without
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.scivision_family import FAMILIES, catalog_type
from workflows.static.scivision_form import REMOVED, changes
from workflows.static.strict_json import as_json_readers_do, begins_as_json, show_json
from workflows.static.words import field, show


def look(context: Context) -> Iterator[Finding]:
    """The format of the file, its `catalog_type`, then value by value."""
    if not begins_as_json(context.document.text):
        message = "scivision's client reads JSON only; the file is YAML."
        fix = "It is published as JSON: nothing has to be done."
        yield Finding("warning", "scivision-form", "", message, fix, line=1, column=1)
    if context.kind.endswith("-catalog"):
        yield from _type(context)
    data = as_json_readers_do(context.document, context.data)
    for path, value in changes(data, context.kind):
        found = show(resolve_pointer(data, pointer_of(*path)))
        yield _change(context, pointer_of(*path), found, value)


def _type(context: Context) -> Iterator[Finding]:
    wanted, said = catalog_type(context.kind.split("-")[1]), context.data.get("catalog_type")
    if said is None and "catalog_type" not in context.data:
        message = f"There is no `catalog_type`; it is taken for a {wanted}."
        yield Finding("warning", "scivision-catalog", "/catalog_type", message, f'Add `"catalog_type": "{wanted}"`.')
    elif isinstance(said, str) and said != wanted:
        message = f"`catalog_type` {show(said)} is not known; it is taken for a {wanted}."
        suggestion = with_value(context.document, "/catalog_type", wanted)
        yield Finding("warning", "scivision-catalog", "/catalog_type", message, f'Write "{wanted}".', suggestion)


def _change(context: Context, pointer: str, found: str, value: Any) -> Finding:
    if value is REMOVED:
        message = f"`{field(pointer)}` is a field of the first catalogs; scivision 0.7.4 refuses it."
        fix = "Remove it: it is left out of what is published."
        return Finding("warning", "scivision-form", pointer, message, fix, without(context.document, pointer))
    message = f"`{field(pointer)}` is {found}, and is published as {show_json(value)}."
    suggestion = with_value(context.document, pointer, value)
    return Finding("warning", "scivision-form", pointer, message, f"Write {show_json(value)}.", suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "scivision-form",
            "An entry in the form of the first catalogs (`format`, `pretrained`, `labels_required`, `institution` as text), or one"
            " that says yes for true or a number for text, is taken and published in the form of the released client.",
            "Take over the line that is suggested, or leave it: what is published is right either way.",
            ("warning",),
        ),
        Rule(
            "scivision-catalog",
            "`catalog_type` says of what the catalog is.",
            "Write `scivision model catalog`, `scivision datasource catalog` or `scivision project catalog`.",
            ("warning",),
        ),
    ),
    families=FAMILIES,
)
