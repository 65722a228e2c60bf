"""Bases of everything stored: flat frozen records, each with a key and the group it is found by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Key = int | str | tuple[str | int, ...]


@dataclass(frozen=True)
class Record:
    """Base of everything stored. ``key`` is unique per kind; ``group`` is what lists are made of."""

    node: ClassVar[str] = "X"  # GitHub's own prefix of node ids

    @property
    def key(self) -> Key:
        raise NotImplementedError

    @property
    def group(self) -> Key:
        return ""


@dataclass(frozen=True)
class Numbered(Record):
    """A record with a numeric id."""

    id: int

    @property
    def key(self) -> Key:
        return self.id

    @property
    def node_id(self) -> str:
        return f"{self.node}_kwDO{self.id:010d}"


@dataclass(frozen=True)
class InRepository(Numbered):
    """A numbered record that belongs to one repository."""

    repo: str

    @property
    def group(self) -> Key:
        return self.repo.lower()


@dataclass(frozen=True)
class OnThread(InRepository):
    """Something that hangs on an issue or pull request."""

    number: int

    @property
    def group(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class OnCommit(InRepository):
    """Something that hangs on a commit."""

    sha: str

    @property
    def group(self) -> Key:
        return (self.repo.lower(), self.sha)
