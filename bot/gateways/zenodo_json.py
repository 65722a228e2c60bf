"""Zenodo's record JSON to `Upload`; reads the current format and the legacy one (owners as bare numbers).

Source: https://developers.zenodo.org/#records. Nothing here is trusted beyond its type: names and urls stay opaque text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.records.submission import Upload, UploadFile

_MD5 = "md5:"


class UnreadableRecordError(ValueError):
    """The JSON is not a record as Zenodo writes it; the message names the field."""


def upload(data: Any) -> Upload:
    """One record; raises `UnreadableRecordError` naming what is missing or of another type."""
    try:
        return _upload(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableRecordError(f"the archive's description of the record has no usable {error}") from error


def _upload(data: dict[str, Any]) -> Upload:
    metadata, links = data["metadata"], data.get("links", {})
    record = str(data["id"])
    return Upload(
        archive="zenodo",
        concept=str(data.get("conceptrecid") or record),
        record=record,
        title=str(metadata.get("title") or data.get("title") or ""),
        doi=_text(data.get("doi")),
        concept_doi=_text(data.get("conceptdoi")),
        created=str(data["created"]),
        updated=_when(data.get("updated") or data.get("modified") or data["created"]),
        owners=tuple(sorted({_owner(owner) for owner in _owners(data)})),
        keywords=tuple(str(word) for word in metadata.get("keywords") or ()),
        access="open" if metadata.get("access_right", "open") == "open" else "restricted",
        url=_text(links.get("self_html") or links.get("html")),
        files=tuple(sorted((_file(file) for file in data.get("files") or ()), key=lambda file: file.name)),
    )


def withdrawn(record: str) -> Upload:
    """A record behind a tombstone (410): nothing but its id is known."""
    never = datetime.fromtimestamp(0, UTC)
    return Upload("zenodo", record, record, "", None, None, "", never, (), (), "withdrawn", None, ())


def _owners(data: dict[str, Any]) -> list[Any]:
    owners = data.get("owners") or data.get("owner") or []
    return owners if isinstance(owners, list) else [owners]


def _owner(owner: Any) -> str:
    return str(owner["id"]) if isinstance(owner, dict) else str(owner)


def _file(data: dict[str, Any]) -> UploadFile:
    checksum = str(data.get("checksum") or "")
    links = data["links"]
    md5 = checksum.removeprefix(_MD5) if checksum.startswith(_MD5) else None
    return UploadFile(
        str(data.get("key") or data["filename"]),
        str(links.get("self") or links["download"]),
        int(data.get("size") or data.get("filesize") or 0),
        md5,
    )


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _when(text: str) -> datetime:
    """Zenodo writes microseconds and an offset; without an offset it means UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
