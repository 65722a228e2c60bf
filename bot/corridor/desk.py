"""What every step of the road is handed: the doors, and the few values it may know. Built in `app.py` alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Archive, Clock, GitHub, Notifier, Store, Workshop


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

    def where(self, number: int) -> str:
        """A pull request's full name; state is signed over it, so that it cannot be moved elsewhere."""
        return f"{self.repository}#{number}"

    def environment(self) -> str:
        """What checks run on now: image and rules."""
        return self.workshop.environment()
