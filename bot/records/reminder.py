"""Who spoke on a pull request and when, and our reminders that stand there; all times are GitHub's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Spoken:
    """A comment or a review by a person; `by` is the account's numeric id."""

    by: int
    at: datetime


@dataclass(frozen=True)
class Reminder:
    """A reminder of ours: its comment, and the key that it carries."""

    comment: int
    key: str
    at: datetime
