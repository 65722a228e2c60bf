"""What an event may name: a subject. The state of the subject is always looked at, never believed from the event."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHORES = ("poll", "sweep", "reminders", "retest", "clean-up")
"""What is looked at by the clock: the archive, all open pull requests, whom to remind, accepted entries, what to forget."""

_NUMBER = re.compile(r"[0-9]{1,20}")


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


@dataclass(frozen=True)
class ChoreSubject:
    """One of `CHORES`."""

    name: str

    def __str__(self) -> str:
        return f"chore {self.name}"


Subject = RecordSubject | PullSubject | CollectionSubject | ChoreSubject


@dataclass(frozen=True)
class Hint:
    """What an event saw, so that a look that does not show it yet is repeated; never taken for state. Empty: nothing."""

    head: str = ""
    """A commit sha."""
    comment: int = 0
    review: int = 0
    run: int = 0
    """A check run that somebody wants again."""
    asked: bool = False
    """Somebody named the record, so no keyword is asked for."""

    def __bool__(self) -> bool:
        return self != Hint()

    def as_json(self) -> dict[str, str | int | bool]:
        """What is not empty; `hint_of` reads it back."""
        return {name: value for name, value in vars(self).items() if value}


def subject_of(text: str) -> Subject:
    """The subject that `str` wrote; raises ValueError for anything else."""
    kind, _, rest = text.partition(" ")
    if kind == "record" and _NUMBER.fullmatch(rest):
        return RecordSubject(rest)
    if kind == "pull" and _NUMBER.fullmatch(rest):
        return PullSubject(int(rest))
    if text == "collection":
        return CollectionSubject()
    if kind == "chore" and rest in CHORES:
        return ChoreSubject(rest)
    raise ValueError(f"{text[:60]!r} names no subject")


def hint_of(data: object) -> Hint:
    """From `as_json`; what is missing or of another type is empty."""
    found = data if isinstance(data, dict) else {}
    head, comment, review, run = (found.get(name) for name in ("head", "comment", "review", "run"))
    return Hint(
        head=head if isinstance(head, str) else "",
        comment=comment if type(comment) is int else 0,
        review=review if type(review) is int else 0,
        run=run if type(run) is int else 0,
        asked=found.get("asked") is True,
    )


def merged(older: Hint, newer: Hint) -> Hint:
    """Of two events that are looked at together: what has to be shown for both. Ids only grow, and events overtake each other."""
    return Hint(
        head=newer.head or older.head,
        comment=max(older.comment, newer.comment),
        review=max(older.review, newer.review),
        run=max(older.run, newer.run),
        asked=older.asked or newer.asked,
    )
