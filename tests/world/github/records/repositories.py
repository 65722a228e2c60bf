"""Repositories, their labels, and whether their workflows are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.world.github.records.base import InRepository, Numbered


@dataclass(frozen=True)
class Repository(Numbered):
    node: ClassVar[str] = "R"
    owner: str
    name: str
    created: float
    pushed: float
    private: bool = False
    parent: str | None = None
    default_branch: str = "main"
    protected: tuple[str, ...] = ()
    collaborators: tuple[tuple[str, str], ...] = ()
    resolve_conversations: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def key(self) -> str:
        return self.full_name.lower()


@dataclass(frozen=True)
class Label(InRepository):
    node: ClassVar[str] = "LA"
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(frozen=True)
class Workflow(InRepository):
    node: ClassVar[str] = "W"
    file: str
    created: float
    updated: float
    state: str = "active"
