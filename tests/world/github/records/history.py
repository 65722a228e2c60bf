"""What happened: events, hooks, deliveries, and the ledger of requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.world.github.records.base import InRepository, Key, Numbered


@dataclass(frozen=True)
class Hook(InRepository):
    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...]
    created: float
    active: bool = True


@dataclass(frozen=True)
class Delivery(Numbered):
    hook_id: int
    guid: str
    event: str
    action: str | None
    repository_id: int
    payload: str = field(repr=False)
    delivered: float
    redelivery: bool = False
    status: str = "pending"
    status_code: int = 0
    duration: float = 0.0
    response: str = ""

    @property
    def group(self) -> Key:
        return self.hook_id


@dataclass(frozen=True)
class Event(InRepository):
    """What happened. Events caused with an Actions token start no workflows (docs: Triggering a workflow)."""

    event: str
    action: str | None
    actor: str
    created: float
    started_workflows: bool
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WriteRecord(Numbered):
    """One mutating API request that was executed: a line of the write ledger."""

    time: float
    method: str
    path: str
    actor: str
    status: int


@dataclass(frozen=True)
class RequestRecord:
    """One API request of any kind; ``conditional`` says that it carried If-None-Match or If-Modified-Since."""

    time: float
    method: str
    path: str
    actor: str
    status: int
    conditional: bool

    @property
    def not_modified(self) -> bool:
        return self.status == 304
