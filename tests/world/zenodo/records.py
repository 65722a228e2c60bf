"""What the archive holds: users, files, drafts and published records, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

DOI_PREFIX = "10.5281/zenodo."
Metadata = dict[str, Any]
"""Deposit metadata as the Zenodo developers page, "Deposit metadata", names it."""


@dataclass(frozen=True)
class User:
    id: int
    name: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class StoredFile:
    """A file as promised (`md5`, `size` in bytes) and the blob really `served`: another one, or none ("")."""

    id: str
    key: str
    md5: str
    size: int
    served: str


@dataclass(frozen=True)
class Draft:
    """An unpublished deposit, or the edit of a `published` record; its owner alone sees it."""

    id: int
    concept: int
    index: int
    owner: int
    bucket: str
    metadata: Metadata
    files: tuple[StoredFile, ...]
    created: float
    modified: float
    published: bool = False


@dataclass(frozen=True)
class Record:
    """One published version. Times are seconds since the epoch.

    `updated` moves with every edit, `created` never. Search shows what its index has seen: this state from
    `searchable` on, until then the state `before` (None: nothing yet).
    """

    id: int
    concept: int
    index: int
    owner: int
    bucket: str
    metadata: Metadata
    files: tuple[StoredFile, ...]
    created: float
    updated: float
    searchable: float
    revision: int = 3
    withdrawn: bool = False
    before: Self | None = None

    @property
    def doi(self) -> str:
        return f"{DOI_PREFIX}{self.id}"

    @property
    def conceptdoi(self) -> str:
        return f"{DOI_PREFIX}{self.concept}"

    @property
    def title(self) -> str:
        return str(self.metadata.get("title", ""))

    @property
    def keywords(self) -> list[str]:
        return [str(word) for word in self.metadata.get("keywords", [])]

    @property
    def restricted(self) -> bool:
        """Whether guests see no files; embargoed and closed records are the same to them."""
        return str(self.metadata.get("access_right", "open")) != "open"

    def file(self, key: str) -> StoredFile | None:
        return next((f for f in self.files if f.key == key), None)

    def indexed(self, now: float, lag: float) -> Record | None:
        """The state that search knows `now`; lowering the `lag` brings a waiting state forward."""
        state: Record | None = self
        while state is not None and now < min(state.searchable, state.updated + lag):
            state = state.before
        return state


def moment(seconds: float) -> str:
    """A time as Zenodo writes it: UTC with microseconds, `2024-08-29T16:18:19.637219+00:00`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def file_from_json(raw: dict[str, Any]) -> StoredFile:
    return StoredFile(**raw)


def draft_from_json(raw: dict[str, Any]) -> Draft:
    return Draft(**{**raw, "files": tuple(map(file_from_json, raw["files"]))})


def record_from_json(raw: dict[str, Any]) -> Record:
    before = record_from_json(raw["before"]) if raw["before"] else None
    return Record(**{**raw, "files": tuple(map(file_from_json, raw["files"])), "before": before})
