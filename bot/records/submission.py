"""An upload as the archive shows it, before anybody opened a file of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class UploadFile:
    """One file of an upload: size in bytes, md5 as the archive states it (None where it states none)."""

    name: str
    url: str
    size: int
    md5: str | None


@dataclass(frozen=True)
class Upload:
    """One version of a record. `access` is open, restricted or withdrawn; `concept` is shared by all versions."""

    archive: str
    concept: str
    record: str
    title: str
    doi: str | None
    concept_doi: str | None
    created: str
    updated: datetime
    owners: tuple[str, ...]
    keywords: tuple[str, ...]
    access: str
    url: str | None
    files: tuple[UploadFile, ...]
    newest: str | None = None
    """Record id of the newest version of the concept, where the archive says so."""


@dataclass(frozen=True)
class UploadPage:
    """A page of a listing. `complete` is False as long as more may follow: an unfinished listing is a state."""

    uploads: tuple[Upload, ...]
    complete: bool
    unreadable: tuple[str, ...] = ()
    """Record ids whose description could not be read, with the reason: nothing is dropped silently."""
