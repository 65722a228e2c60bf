"""Which of scivision's six kinds of file it is: a catalog of models, datasources or projects, or one entry of such a catalog.

A catalog says so in `catalog_type`, which the released client does not ask for and never looks at; an entry says it nowhere. What is
not said is told by the fields that only one kind has.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from workflows.static.words import near

KINDS = ("model", "datasource", "project")
FAMILIES = frozenset(f"scivision-{kind}-{form}" for kind in KINDS for form in ("catalog", "entry"))
_OWN = {
    **dict.fromkeys(("pkg_url", "scivision_usable", "pretrained", "labels_required"), "model"),
    **dict.fromkeys(("labels_provided", "domains"), "datasource"),
    **dict.fromkeys(("header", "page", "models", "datasources"), "project"),
}
_MISSPELT = frozenset({"header", "labels_provided", "labels_required", "pkg_url", "scivision_usable", "tasks"})
_GUESSED = 50  # names of fields that are compared letter by letter
_RDF = frozenset({"type", "format_version", "weights", "rdf_source"})


def scivision_family(data: Any) -> str | None:
    """`scivision-model-catalog` for a file's data; none where it is no scivision file."""
    if isinstance(data, list):
        kind = _kind_of(data)
        return f"scivision-{kind}-catalog" if kind else None
    if not isinstance(data, dict):
        return None
    if "catalog_type" in data:
        return f"scivision-{_declared(data) or _kind_of(data.get('entries')) or 'model'}-catalog"
    if not _RDF.isdisjoint(data):
        return None
    if "entries" in data:
        return f"scivision-{_kind_of(data['entries']) or 'model'}-catalog"
    kind = _kind_of([data])
    return f"scivision-{kind}-entry" if kind else None


def catalog_type(kind: str) -> str:
    """What a catalog of this kind says of itself."""
    return f"scivision {kind} catalog"


def _declared(data: dict[str, Any]) -> str | None:
    return next((kind for kind in KINDS if data["catalog_type"] == catalog_type(kind)), None)


def _kind_of(entries: Any) -> str | None:
    """The kind with most fields of its own, then with most fields that are nearly so; tasks alone are a datasource's."""
    mappings = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    names = [name for entry in mappings for name in entry]
    return _most(names) or _most(near(name, _MISSPELT) or "" for name in names[:_GUESSED] if len(name) > len("tag"))


def _most(names: Iterable[str]) -> str | None:
    known = list(names)
    votes = Counter(_OWN[name] for name in known if name in _OWN)
    if votes:
        return votes.most_common(1)[0][0]
    return "datasource" if "tasks" in known else None
