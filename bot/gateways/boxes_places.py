"""One budget of processors and memory for all boxes that work on a machine, so that none takes time from another's limit.

A box is promised what its limits say for as long as it is there; who finds no room waits for its turn (`boxes_turns.py`).
Nobody is let in before who is next, also where that one does not fit yet and others would. Nobody asks for a place while
holding one of the same budget.
"""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways.boxes_leash import abandoned
from bot.gateways.boxes_turns import Turn, first, given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.records.box import BoxLimits, Machine

LOOK_SECONDS = 0.25
"""How often who waits looks whether anybody still wants the box."""


@dataclass(frozen=True)
class _Promise:
    cpus: int
    memory_bytes: int
    whose: str


class Places:
    """Used by many threads."""

    def __init__(self, machine: Machine, *, most: int | None = None) -> None:
        """`machine`: what may be promised in all; `most`: how many places at the same time, whatever is free."""
        self._machine = machine
        self._most = most
        self._held: list[_Promise] = []
        self._turns: list[Turn] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._shut = False

    @contextmanager
    def hold(self, limits: BoxLimits, gone: Callable[[], bool], *, whose: str = "") -> Iterator[None]:
        """Wait for a place as long as `gone` says no. Raises `GatewayError` where nobody wants it any more, or after `shut`.

        `whose`: the check that it is for, which decides whose turn it is and nothing else. More than the machine has is promised to nobody: one box always fits, by itself.
        """
        need = self._need(limits, whose)
        self._enter(need, gone)
        try:
            yield
        finally:
            with self._changed:
                self._held.remove(need)
                self._changed.notify_all()

    def shut(self) -> None:
        """Let nobody in any more."""
        with self._changed:
            self._shut = True
            self._changed.notify_all()

    def empty(self, seconds: float) -> bool:
        """Wait until all have left, but no longer; whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, seconds)

    def _need(self, limits: BoxLimits, whose: str) -> _Promise:
        machine = self._machine
        return _Promise(min(limits.cpus, machine.cpus), min(limits.memory_bytes, machine.memory_bytes), whose)

    def _enter(self, need: _Promise, gone: Callable[[], bool]) -> None:
        with self._changed:
            turn = Turn(next(self._numbers), need.whose, had=need.whose in self._by_check())
            self._turns.append(turn)
            try:
                while not self._shut and not (self._is_next(turn) and self._fits(need)):
                    if gone():
                        raise abandoned()
                    self._changed.wait(LOOK_SECONDS)
                if self._shut:
                    raise closed()
                self._held.append(need)
                self._turns = given(self._turns, turn)
            finally:
                self._turns = [one for one in self._turns if one.number != turn.number]
                self._changed.notify_all()

    def _is_next(self, turn: Turn) -> bool:
        return first(self._turns, self._by_check()).number == turn.number

    def _by_check(self) -> Counter[str]:
        return Counter(one.whose for one in self._held)

    def _fits(self, need: _Promise) -> bool:
        if self._most is not None and len(self._held) >= self._most:
            return False
        cpus = sum(one.cpus for one in self._held) + need.cpus
        memory = sum(one.memory_bytes for one in self._held) + need.memory_bytes
        return cpus <= self._machine.cpus and memory <= self._machine.memory_bytes


def closed() -> GatewayError:
    """Whoever runs boxes here is ending: they are removed, and what they say meanwhile is nobody's verdict."""
    return GatewayError("Boxes are not run here any more: this process ends.", reason="boxes-closed", transient=True)
