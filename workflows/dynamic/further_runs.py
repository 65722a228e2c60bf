"""Run somebody's model again, on other inputs, as long as time and room last: evidence beside the two answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows.dynamic.blame import judge_exception
from workflows.dynamic.further import RUNS, elements, inputs_for, too_much
from workflows.dynamic.outcome import skipped
from workflows.dynamic.pipeline import predict
from workflows.dynamic.probes import UnfitPlanError
from workflows.dynamic.production import by_index, ran

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workflows.dynamic.further import Inputs, Wanted
    from workflows.dynamic.npy import Array
    from workflows.dynamic.outcome import Outcome
    from workflows.dynamic.pipeline import Model


@dataclass(frozen=True)
class First:
    """What the run on the test inputs took: a further one is expected to take as much for each element."""

    seconds: float
    size: int
    """Bytes of its tensors."""


@dataclass
class FurtherRuns:
    """The state of all further runs of one model; each hands its tensors out as soon as it has them."""

    model: Model
    test_inputs: Inputs
    wanted: Wanted
    first: First
    emit: Callable[[str, bytes], None]
    own_folders: Sequence[Path]
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    steady: float | None = None
    _spent: int = 0

    def make(self) -> dict[str, Any]:
        """All of them in their order; what `extras` says of them."""
        end = time.perf_counter() + self.wanted.seconds
        for name in RUNS:
            start = time.perf_counter()
            outcome = self._one(name, end)
            seconds = round(time.perf_counter() - start, 4)
            self.outcomes[name] = {"outcome": outcome.as_json(), "seconds": seconds}
        return {"runs": self.outcomes, "steady_seconds": self.steady}

    def _one(self, name: str, end: float) -> Outcome:
        try:
            inputs = inputs_for(name, self.test_inputs, self.wanted)
            growth = elements(inputs) / max(1, elements(self.test_inputs))
            if reason := self._too_much(growth, end):
                return skipped(reason)
            return self._run(name, inputs)
        except UnfitPlanError as error:
            return skipped(f"not tried: {error}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever foreign code raises is this run's answer
            return judge_exception(error, RUNS[name], self.own_folders)

    def _too_much(self, growth: float, end: float) -> str:
        seconds = (self.first.seconds if self.steady is None else self.steady) * growth
        left = self.wanted.size - self._spent
        return too_much(self.first.size * growth, left, seconds, end - time.perf_counter())

    def _run(self, name: str, inputs: list[Array | None]) -> Outcome:
        start = time.perf_counter()
        tensors = predict(self.model.renewed(), inputs)
        seconds = time.perf_counter() - start
        if self.steady is None:
            self.steady = round(seconds, 4)
        found = by_index(tensors)
        size, left = sum(map(len, found.values())), self.wanted.size - self._spent
        if size > left:
            return skipped(f"its outputs take {size:,} bytes, and {left:,} were left to hand out")
        self._spent += size
        for index, tensor in found.items():
            self.emit(f"{name}-{index}", tensor)
        return ran(tensors, seconds)
