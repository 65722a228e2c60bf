"""What every step of the road is handed: the doors, and the few values it may know. Built in `app.py` alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.github_port import GitHub
    from bot.ports import Archive, Clock, Notifier, Store, Workshop


@dataclass(frozen=True)
class Desk:
    """The doors of one collection."""

    repository: str
    state_key: bytes = field(repr=False)
    github: GitHub
    archive: Archive
    workshop: Workshop
    notifier: Notifier
    store: Store
    clock: Clock
    public_url: str = ""
    """Where people see the service's pages; empty for none."""
    lasting: bool = True
    """Whether the next look finds the store that this one leaves; a workflow's job takes its own along."""
    shelf: Path | None = None
    """Where a finished retest is written to, by the service; None: nowhere."""

    def where(self, number: int) -> str:
        """A pull request's full name; state is signed over it, so that it cannot be moved elsewhere."""
        return f"{self.repository}#{number}"

    def now(self) -> datetime:
        """Our time, never behind GitHub's: reviews carry that one."""
        return self.clock.now() + self.github.clock_ahead()

    def now_at_github(self) -> datetime:
        """GitHub's time as far as it is known: a clock of ours that jumps does not change what is due by days."""
        return self.now() - self.github.clock_behind()

    def environment(self) -> str:
        """What checks run on now: image and rules."""
        return self.workshop.environment()
