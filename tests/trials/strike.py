"""Chance: who is struck, when, and how long it takes until somebody is there again."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from tests.trials.crew import Crew, Member

EARLY = 0.2
"""So many of the kills fall at any moment of a process's start; the others once it is at work."""
_READY = 20.0


@dataclass
class Strikes:
    """How often it happened."""

    kills: int = 0
    pauses: int = 0
    lost: int = 0
    """Databases deleted before the killed process was there again."""


class Striker:
    """Kills a random member at random moments, `kills` times; pauses `sleeper` for `nap` seconds instead of killing it.

    A moment is after up to `most` more `writes` of the service, or once there is none for a while, whichever comes first: so
    that kills fall on every part of the road, however slow the machine is. `lose` deletes the databases; it is called after a share `losing` of the kills, while nobody runs.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that chance decides
        self,
        crew: Crew,
        seed: int,
        *,
        kills: int,
        writes: Callable[[], int],
        most: int,
        idle: tuple[float, float] = (0.5, 4.0),
        away: tuple[float, float] = (0.0, 0.5),
        sleeper: Member | None = None,
        nap: float = 6.0,
        lose: Callable[[], None] | None = None,
        losing: float = 0.0,
    ) -> None:
        self.strikes = Strikes()
        self._crew, self._chance = crew, random.Random(seed)
        self._kills, self._away = kills, away
        self._writes, self._most, self._idle = writes, most, idle
        self._sleeper, self._nap = sleeper, nap
        self._lose = lose
        self._losses = set(self._chance.sample(range(1, kills + 1), round(kills * losing)))
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
        while self.strikes.kills < self._kills and not self._stop.is_set():
            member = self._chance.choice(mortal)
            if self._chance.random() < EARLY:
                self._stop.wait(self._chance.uniform(0.0, 2.0))
            else:
                self._await(member)
                self._moment()
            if self._crew.kill(member):
                self.strikes.kills += 1
                self._lost()
                self._stop.wait(self._chance.uniform(*self._away))
            self._crew.tend()
        while not self._stop.wait(0.5):
            self._crew.tend()

    def _await(self, member: Member) -> None:
        """Until it is at work."""
        end = time.monotonic() + _READY
        while not member.ready() and time.monotonic() < end and not self._stop.wait(0.05):
            self._crew.tend()

    def _moment(self) -> None:
        """And a little more, so that it falls between two writes as well as upon one."""
        due, idle = self._writes() + self._chance.randint(0, self._most), self._chance.uniform(*self._idle)
        last, since = self._writes(), time.monotonic()
        while last < due and time.monotonic() - since < idle and not self._stop.wait(0.005):
            if self._writes() != last:
                last, since = self._writes(), time.monotonic()
        self._stop.wait(self._chance.uniform(0.0, 0.1))

    def _lost(self) -> None:
        """Nobody may run meanwhile: a process that finds its file gone would rightly refuse to go on."""
        if self._lose is None or self.strikes.kills not in self._losses:
            return
        for member in self._crew.members:
            self._crew.kill(member)
        self._lose()
        self.strikes.lost += 1

    def _lull(self) -> None:
        """Longer than the lease, so that its work is taken over while it sleeps."""
        while self._sleeper is not None and not self._stop.wait(self._chance.uniform(0.5, 3.0)):
            if self._sleeper.ready() and self._crew.pause(self._sleeper):
                self.strikes.pauses += 1
                end = time.monotonic() + self._nap
                while time.monotonic() < end and not self._stop.wait(0.2):
                    pass
                self._crew.wake(self._sleeper)
