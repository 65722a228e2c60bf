"""What an event may name: a subject. The state of the subject is always looked at, never believed from the event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordSubject:
    """An upload in the archive."""

    record: str

    def __str__(self) -> str:
        return f"record {self.record}"


@dataclass(frozen=True)
class PullSubject:
    """A pull request."""

    number: int

    def __str__(self) -> str:
        return f"pull {self.number}"


@dataclass(frozen=True)
class CollectionSubject:
    """The collection as a whole."""

    def __str__(self) -> str:
        return "collection"


Subject = RecordSubject | PullSubject | CollectionSubject
