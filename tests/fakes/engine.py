"""An engine that remembers what it was told and runs nothing by itself; `drain` plays the service until nothing is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import pipeline
from bot.ports import NO_HINT

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.answer import Answer
    from bot.records.event import Hint, Subject


class FakeEngine:
    """Fulfils `ports.Engine`; a subject told twice before it was looked at is looked at once."""

    def __init__(self) -> None:
        self.told: list[tuple[Subject, Hint, float]] = []
        """Everything it was ever told, with its hint and delay."""
        self.due: dict[Subject, Hint] = {}
        self.later: dict[Subject, Hint] = {}

    def tell(self, subject: Subject, hint: Hint = NO_HINT, *, after: float = 0.0) -> None:
        self.told.append((subject, hint, after))
        (self.later if after else self.due)[subject] = hint

    def drain(self, desk: Desk, *, most: int = 100) -> list[tuple[Subject, Answer]]:
        """Look at what is due, and at what that leads to; raises where it does not come to an end."""
        done: list[tuple[Subject, Answer]] = []
        while self.due:
            if len(done) == most:
                raise AssertionError(f"still due after {most} looks: {list(self.due)}")
            subject = next(iter(self.due))
            done.append((subject, pipeline.run(desk, self, subject, self.due.pop(subject))))
        return done
