"""Whether scivision's released client takes the catalog or the entry, in the form in which it is published."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.edits import with_key, with_value
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.schema_fault import Fault
from workflows.static.schema_files import schema
from workflows.static.schema_walk import compiled, faults
from workflows.static.scivision_family import FAMILIES, KINDS, catalog_type
from workflows.static.scivision_form import normalise
from workflows.static.strict_json import as_json_readers_do, show_json
from workflows.static.words import field, near, show

_HOSTS = 200  # host names that are looked at, since each takes about a millisecond
_GUESSED = 200  # faults for which it is guessed what was meant


def look(context: Context) -> Iterator[Finding]:
    """What the client refuses; where another kind of catalog would be right, only that."""
    data = as_json_readers_do(context.document, context.data)
    published = normalise(data, context.kind)
    found = faults(published, _schema(context.kind))
    other = _other_kind(context.kind, published) if found else None
    if other:
        yield _wrong_type(context, data, other)
        return
    for number, fault in enumerate(found):
        yield _fault(context, fault, guessed=number < _GUESSED)
    if not found:
        yield from _names(context, published)
        yield from _hosts(published)


def _schema(family: str) -> Any:
    return compiled(family.replace("scivision-", "scivision/", 1))


def _other_kind(family: str, published: dict[str, Any]) -> str | None:
    """The kind of catalog that the entries fit, where it is not the one that is declared."""
    declared = family.split("-")[1]
    if not family.endswith("-catalog") or not published.get("entries"):
        return None
    fits = [kind for kind in KINDS if kind != declared and _schema(f"scivision-{kind}-catalog").holds(published)]
    return fits[0] if fits else None


def _wrong_type(context: Context, data: dict[str, Any], other: str) -> Finding:
    wanted = catalog_type(other)
    message = f"`catalog_type` is {show(data.get('catalog_type'))}, but the entries are {other}s."
    suggestion = with_value(context.document, "/catalog_type", wanted)
    return Finding("error", "scivision-type", "/catalog_type", message, f'Write "{wanted}".', suggestion)


def _fault(context: Context, fault: Fault, *, guessed: bool) -> Finding:
    if fault.keyword == "required":
        return _missing(context, fault)
    if fault.keyword == "unknown":
        return _unknown(context, fault, guessed=guessed)
    return _wrong(context, fault, guessed=guessed)


def _missing(context: Context, fault: Fault) -> Finding:
    within = f"`{field(fault.pointer)}`" if fault.pointer else "The file"
    pointer = fault.pointer + pointer_of(fault.name)
    message = f"{within} has no `{fault.name}` ({_described(context, pointer)})."
    return Finding("error", "scivision-missing", pointer, message, f'Add `"{fault.name}": …`.')


def _unknown(context: Context, fault: Fault, *, guessed: bool) -> Finding:
    free = [name for name in fault.schema.get("properties", {}) if name not in fault.found]
    what = " ".join(
        context.kind.split("-")[1:] if "/" not in fault.pointer[1:] else (context.kind.split("-")[1], "entry")
    )
    message = f"`{field(fault.pointer)}` is no field of a scivision {what}."
    if guessed and (guess := near(fault.name, free)):
        suggestion = with_key(context.document, fault.pointer, guess)
        return Finding("error", "scivision-unknown", fault.pointer, message, f"Did you mean `{guess}`?", suggestion)
    fix = "Remove it." + (f" Known and still free here: {', '.join(sorted(free))}." if free else "")
    return Finding("error", "scivision-unknown", fault.pointer, message, fix)


def _wrong(context: Context, fault: Fault, *, guessed: bool) -> Finding:
    name = fault.pointer.rstrip("0123456789").strip("/").rpartition("/")[2]
    asked = _described(context, fault.pointer)
    message = f"`{field(fault.pointer)}` is {show(fault.found)}, but has to be {asked}."
    if name == "url" and isinstance(fault.found, str):
        message = f"`{field(fault.pointer)}` {show(fault.found)} is no web address: {_amiss(fault.found.strip())}."
    right = _right(name, fault) if guessed else None
    if right is None:
        fix = "Write one of these." if fault.keyword == "enum" else f"Write {asked}."
        return Finding("error", "scivision-value", fault.pointer, message, fix)
    suggestion = with_value(context.document, fault.pointer, right)
    fix = f"Did you mean {show_json(right)}?"
    return Finding("error", "scivision-value", fault.pointer, message, fix, suggestion)


def _right(name: str, fault: Fault) -> Any:
    """What was most likely meant; none where nobody can know."""
    if not isinstance(fault.found, str) or not fault.found.strip():
        return None
    tasks = schema("scivision/common")["$defs"]["task"]["enum"]
    if name == "tasks" and fault.keyword == "enum":
        return near(fault.found.strip().replace(" ", "-").replace("_", "-"), tasks)
    if name == "tasks":
        words = [near(word.strip(), tasks) for word in fault.found.split(",")]
        return words if all(words) else None
    if name == "url":
        whole = "https://" + fault.found.strip().lstrip(":/")
        fits = "." in whole.split("/")[2] and compiled("scivision/model-entry").properties["url"].holds(whole)
        return whole if fits and "://" not in fault.found else None
    return [fault.found] if fault.keyword == "type" and fault.schema.get("type") == "array" else None


def _amiss(url: str) -> str:
    if not url:
        return "it is empty"
    if "://" not in url:
        return "it does not begin with https:// or the like"
    return "there is a blank in it" if len(url.split()) > 1 else "its host, its port or a character in it is wrong"


def _described(context: Context, pointer: str) -> str:
    """What our schema says of the field that a pointer leads to or through."""
    kind = context.kind.split("-")[1]
    parts = pointer.split("/")[1:]
    in_entry = parts[2:] if context.kind.endswith("-catalog") and parts[:1] == ["entries"] else parts
    whole = context.kind.endswith("-catalog") and parts[:1] != ["entries"]
    if not in_entry:
        return "a mapping of fields to values" if len(parts) == 2 else f"a list of {kind}s"  # noqa: PLR2004 - entries/0
    properties = schema(f"scivision/{kind}-{'catalog' if whole else 'entry'}")["properties"]
    if len(in_entry) > 1 and in_entry[0] == "tasks":
        return "one of " + ", ".join(schema("scivision/common")["$defs"]["task"]["enum"])
    return "text" if len(in_entry) > 1 else str(properties[in_entry[0]]["description"])


def _names(context: Context, published: dict[str, Any]) -> Iterator[Finding]:
    """The client refuses a catalog in which two entries have one name."""
    first: dict[str, int] = {}
    for number, entry in enumerate(published["entries"] if context.kind.endswith("-catalog") else ()):
        before = first.setdefault(entry["name"], number)
        if before != number:
            place = context.document.position(pointer_of("entries", before, "name"))
            where = f" (line {place[0]})" if place else ""
            message = (
                f"`entries[{number}].name` {show(entry['name'])} is the name of `entries[{before}]` already{where}."
            )
            fix = "Give each entry a name of its own, or remove one of the two."
            yield Finding("error", "scivision-name", pointer_of("entries", number, "name"), message, fix)


def _hosts(published: dict[str, Any]) -> Iterator[Finding]:
    """Host names beyond ASCII have to be such as the name system can hold (IDNA, RFC 3490)."""
    entries = published.get("entries")
    whole = not isinstance(entries, list)
    urls = [(number, entry.get("url")) for number, entry in enumerate([published] if whole else entries or ())]
    foreign = [(number, url) for number, url in urls if isinstance(url, str) and not url.isascii()]
    for number, url in foreign[:_HOSTS]:
        if not _can_be_looked_up(url):
            pointer = "/url" if whole else pointer_of("entries", number, "url")
            message = f"`{field(pointer)}` {show(url)} has a host name that no name server can know."
            yield Finding("error", "scivision-value", pointer, message, "Correct the name of the host.")


def _can_be_looked_up(url: str) -> bool:
    host = re.split("[/?#]", url.partition("://")[2].rpartition("@")[2], maxsplit=1)[0]
    try:
        host.partition(":")[0].encode("idna")
    except UnicodeError:
        return False
    return True


CHECK = Check(
    look,
    (
        Rule(
            "scivision-missing",
            "A field that scivision's client asks for is not there.",
            "Add the field that is named.",
        ),
        Rule(
            "scivision-unknown",
            "A field that scivision's client does not know, which makes it refuse the whole catalog.",
            "Correct its name, or remove it.",
        ),
        Rule(
            "scivision-value",
            "A value of another kind than scivision's client takes, an unknown task, or an address without its scheme.",
            "Write what the message asks for.",
        ),
        Rule(
            "scivision-name",
            "No two entries of a catalog have one name.",
            "Give each entry a name of its own.",
        ),
        Rule(
            "scivision-type",
            "`catalog_type` says of what the catalog is, and the entries are such.",
            "Write `scivision model catalog`, `scivision datasource catalog` or `scivision project catalog`.",
        ),
    ),
    families=FAMILIES,
)
