"""What the work side has before it, as one look at its database shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.turn import TurnKind

RETESTS = "retest"
"""The account of all re-tests; no contributor's, whose names are `archive-number` or `github-login`."""


@dataclass(frozen=True)
class Question:
    """One question without an answer."""

    id: str
    verb: str
    """`prepare`, `check` or `blob`."""
    contributor: str = ""
    kind: TurnKind = "new"
    weights: tuple[str, ...] = ()
    asked: float = 0.0
    """When it came, in seconds of the database's clock: only for the order among those of one contributor."""
    came: int = 0
    """How many questions had been given out when it came."""
    seconds: float = 0.0
    """For how long it has been under way; 0 where it waits."""

    @property
    def account(self) -> str:
        """Who takes turns: its contributor; re-tests, which nobody asked for, take theirs as one."""
        return RETESTS if self.kind == "retest" else self.contributor


@dataclass(frozen=True)
class Backlog:
    """Questions that wait and those under way, oldest first; a look is bounded, so a huge backlog is cut (`more`)."""

    waiting: tuple[Question, ...] = ()
    under_way: tuple[Question, ...] = ()
    served: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """By account, the number that the last of their questions was given out under."""
    given: int = 0
    """How many questions were ever given out: the clock of fairness, which no jump of a clock moves."""
    lanes: int = 0
    """Questions that all living workers answer side by side; 0 where none lives."""
    workers: int = 0
    more: int = 0
    """Questions that wait beside those listed."""


@dataclass(frozen=True)
class Place:
    """`before` others are given out first; 0 where it is next or `under_way`."""

    before: int = 0
    under_way: bool = False
    workers: bool = True
    """False where no worker lives: nobody knows when one comes."""
