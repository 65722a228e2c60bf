"""Chance: who is struck, when, and how long it takes until somebody is there again."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from tests.trials.crew import Crew, Member


@dataclass
class Strikes:
    """How often it happened."""

    kills: int = 0
    pauses: int = 0


class Striker:
    """Kills a random member at random moments, at most `kills` times; pauses `sleeper` for `nap` seconds instead of killing it."""

    def __init__(
        self,
        crew: Crew,
        seed: int,
        *,
        kills: int,
        every: tuple[float, float] = (0.3, 2.0),
        away: tuple[float, float] = (0.0, 1.0),
        sleeper: Member | None = None,
        nap: float = 6.0,
    ) -> None:
        self.strikes = Strikes()
        self._crew, self._chance = crew, random.Random(seed)
        self._most, self._every, self._away = kills, every, away
        self._sleeper, self._nap = sleeper, nap
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, name="striker", daemon=True)]
        if sleeper is not None:
            self._threads.append(threading.Thread(target=self._lull, name="lull", daemon=True))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        mortal = [member for member in self._crew.members if member is not self._sleeper]
        while self.strikes.kills < self._most and not self._stop.wait(self._chance.uniform(*self._every)):
            member = self._chance.choice(mortal)
            if self._crew.kill(member):
                self.strikes.kills += 1
                self._stop.wait(self._chance.uniform(*self._away))
            self._crew.tend()
        while not self._stop.wait(1.0):
            self._crew.tend()

    def _lull(self) -> None:
        """Longer than the lease, so that its work is taken over while it sleeps."""
        while self._sleeper is not None and not self._stop.wait(self._chance.uniform(1.0, 4.0)):
            if self._crew.pause(self._sleeper):
                self.strikes.pauses += 1
                end = time.monotonic() + self._nap
                while time.monotonic() < end and not self._stop.wait(0.2):
                    pass
                self._crew.wake(self._sleeper)
