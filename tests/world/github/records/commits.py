"""What is said of a commit by machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.world.github.records.base import Key, OnCommit


@dataclass(frozen=True)
class CheckRun(OnCommit):
    node: ClassVar[str] = "CR"
    name: str
    app_id: int
    created: float
    status: str = "queued"
    conclusion: str | None = None
    external_id: str = ""
    details_url: str | None = None
    started: str | None = None
    completed: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Rerequest(OnCommit):
    """Somebody wants the runs of a suite again; under the suite's id, gone once its app has made or updated a run."""

    app_id: int

    @property
    def key(self) -> Key:
        return (self.repo.lower(), self.id)


@dataclass(frozen=True)
class Status(OnCommit):
    node: ClassVar[str] = "SC"
    context: str
    state: str
    description: str | None
    target_url: str | None
    user: str
    created: float
