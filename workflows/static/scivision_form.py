"""A scivision catalog or entry in the form that the released client (0.7.4) writes, and where it has another one.

The first description of the catalog (1/Catalog) has fields and forms that the client refuses: `format`, `pretrained`, `labels_required`,
and `institution` as text. They are a closed list. Beside them stands what the client reads as something else: numbers as text, `yes` as
true. Whatever else it refuses stays as it is. Pure: plain data in, plain data out.
"""

import copy
from collections.abc import Iterator
from typing import Any

from workflows.static.scivision_family import scivision_family

REMOVED = object()
"""In the place of a field that the client's form does not have."""
Change = tuple[tuple[str | int, ...], Any]
"""The path of a value, and what the client's form has in its place."""

_FIRST_TEXTS = {"model": ("format",), "datasource": ("format",)}
_FIRST_SWITCHES = {"model": ("pretrained", "labels_required")}
_FIRST_KINDS = frozenset({"model", "datasource"})
_TEXTS = ("catalog_type", "name", "description", "pkg_url", "url", "header", "page")
_LISTS = ("institution", "tags", "domains", "models", "datasources")
_SWITCHES = ("scivision_usable", "labels_provided")
_READ_AS = {
    **dict.fromkeys(("1", "on", "t", "true", "y", "yes"), True),
    **dict.fromkeys(("0", "off", "f", "false", "n", "no"), False),
}


def normalise(data: dict[str, Any], family: str | None = None) -> dict[str, Any]:
    """A catalog or an entry as it is published; `family` where it does not tell itself. The input stays as it is."""
    whole = copy.deepcopy(data)
    for path, value in changes(data, family):
        holder: Any = whole
        for part in path[:-1]:
            holder = holder[part]
        if value is REMOVED:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
    return whole


def changes(data: dict[str, Any], family: str | None = None) -> Iterator[Change]:
    """What `normalise` changes; a file that is in the client's form already has none."""
    _, kind, form = (family or scivision_family(data) or "scivision-none-entry").split("-")
    if form == "entry":
        yield from _of_entry(data, kind)
        return
    yield from _texts(data)
    entries = data.get("entries")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield from ((("entries", number, *path), value) for path, value in _of_entry(entry, kind))


def switch(value: Any) -> bool | None:
    """True or false as the client reads it, be it written 1, `yes` or `Off`; none for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in {0, 1} else None
    return _READ_AS.get(value.lower()) if isinstance(value, str) else None


def _of_entry(entry: dict[str, Any], kind: str) -> Iterator[Change]:
    yield from (((name,), REMOVED) for name in _first_fields(entry, kind))
    institution = entry.get("institution")
    if isinstance(institution, str) and kind in _FIRST_KINDS:
        yield ("institution",), [institution] if institution.strip() else []
    for name in _SWITCHES:
        if name in entry and not isinstance(entry[name], bool) and switch(entry[name]) is not None:
            yield (name,), switch(entry[name])
    yield from _texts(entry)
    for name in _LISTS:
        for number, item in enumerate(entry[name] if isinstance(entry.get(name), list) else ()):
            if isinstance(item, int | float):
                yield (name, number), str(item)


def _first_fields(entry: dict[str, Any], kind: str) -> Iterator[str]:
    """Fields of 1/Catalog that the client does not know, where they hold what belongs there."""
    yield from (name for name in _FIRST_TEXTS.get(kind, ()) if isinstance(entry.get(name), str))
    yield from (name for name in _FIRST_SWITCHES.get(kind, ()) if switch(entry.get(name)) is not None)


def _texts(data: dict[str, Any]) -> Iterator[Change]:
    for name in _TEXTS:
        value = data.get(name)
        if isinstance(value, int | float):
            yield (name,), str(value)
        elif name == "url" and isinstance(value, str) and value != value.strip():
            yield (name,), value.strip()
