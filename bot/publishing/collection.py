"""collection.json: what consumers read, from the entries. Pure, deterministic, strict JSON, sorted; no date of its own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = "collection/collection.json"
_DIGITS = re.compile(r"(\d+)")


def collection(name: str, entries: Iterable[Mapping[str, Any]], hidden: frozenset[str] = frozenset()) -> bytes:
    """The file's bytes; `entries` hold schema-checked entry.yaml data, `hidden` the ids that are blocked or withdrawn."""
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        if entry["id"] not in hidden:
            by_id.setdefault(entry["id"], []).append(entry)
    listed = [_listed(entry_id, versions) for entry_id, versions in sorted(by_id.items())]
    data = {"schema": "accession/collection/1", "name": name, "entries": listed}
    return (json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n").encode()


def _listed(entry_id: str, versions: list[Mapping[str, Any]]) -> dict[str, Any]:
    """An entry as consumers see it: the newest version describes it, the newest stands first."""
    ordered = sorted(versions, key=lambda entry: natural(entry["version"]), reverse=True)
    newest = ordered[0]
    resource, source = newest["resource"], newest["source"]
    return {
        "id": entry_id,
        "type": resource["type"],
        "name": resource["name"],
        "description": resource["description"],
        "license": resource["license"],
        "tags": resource["tags"],
        "authors": resource["authors"],
        "maintainers": resource["maintainers"],
        "concept": source["concept"],
        "concept_doi": source["concept_doi"],
        "covers": [_absolute(cover, newest) for cover in resource["covers"]],
        "documentation": _absolute(resource["documentation"], newest) if resource["documentation"] else None,
        "weights": resource["weights"],
        "versions": [_version(entry) for entry in ordered],
    }


def _version(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": entry["version"],
        "doi": entry["source"]["doi"],
        "created": entry["source"]["created"],
        "rdf": f"collection/entries/{entry['id']}/{entry['version']}/rdf.yaml",
        "rdf_sha256": entry["rdf_sha256"],
        "files": entry["files"],
    }


def _absolute(name: str, entry: Mapping[str, Any]) -> str:
    """A file's address, where it has one of its own."""
    return next((str(file["url"]) for file in entry["files"] if file["name"] == name and file["url"]), name)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Order of versions: numbers by value, other parts by letter."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(text) if part)
