"""How the engine is doing: what the status page, `/ready` and the metrics show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Parked:
    """A subject that failed too often; a new event about it gives it one more look."""

    subject: str
    reason: str
    """A stable word."""
    message: str
    """A sentence for people."""
    tries: int
    since: str
    """ISO 8601, UTC: when it first failed."""


@dataclass(frozen=True)
class EngineProcess:
    """A process that looks at subjects."""

    name: str
    host: str
    pid: int
    started: str
    """ISO 8601, UTC, by its own clock."""
    quiet: float
    """Seconds for which the asked process has seen no sign of life of it."""


@dataclass(frozen=True)
class EngineState:
    """Counts are by kind of subject: `pull`, `record`, `collection`, `chore`."""

    waiting: Mapping[str, int] = field(default_factory=dict)
    running: Mapping[str, int] = field(default_factory=dict)
    delayed: Mapping[str, int] = field(default_factory=dict)
    """To be looked at again later."""
    oldest: float = 0.0
    """Seconds that what waits longest has been waiting."""
    parked: tuple[Parked, ...] = ()
    processes: tuple[EngineProcess, ...] = ()
    trouble: str = ""
    """A sentence where a database does not answer; the counts are then empty or old."""
    lost: bool = False
    """Another process took over: this one is about to end."""

    @property
    def ready(self) -> bool:
        """It can take events and look at subjects."""
        return not self.trouble and not self.lost
