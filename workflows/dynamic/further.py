"""Which further runs a model gets, and with which inputs (`.github/BOXES.md`, Further runs)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workflows.dynamic.probes import UnfitPlanError, flipped, noised, resized

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.dynamic.npy import Array

    Inputs = Sequence[Array | None]

RUNS: Mapping[str, str] = {
    "again": "running the model again on its test inputs",
    "flipped": "running the model on its mirrored test inputs",
    "noised": "running the model on its test inputs with noise",
    "smallest": "running the model on the smallest inputs that the description declares",
    "stepped": "running the model on the declared inputs one step above the smallest",
}
"""Name of a run to what is done in it, in the order in which they are made."""
LARGEST = 512 * 1024**2
"""Bytes of all tensors together that further runs may not go beyond: half of the output limit that a box has by default."""
EXTRA_BYTES = 256 * 1024**2
"""Bytes of the further runs' tensors where the job names no others."""


@dataclass(frozen=True)
class Wanted:
    """What the job says of the further runs; `seconds` and `size` (bytes) are for all of them together."""

    seconds: float
    size: int = EXTRA_BYTES
    seed: int = 0
    plan: Mapping[str, Any] = field(default_factory=dict)
    spans: Sequence[tuple[float, float]] = ()
    """Least and most value that the description declares, by input."""


def inputs_for(name: str, test_inputs: Inputs, wanted: Wanted) -> list[Array | None]:
    """The inputs of one further run; UnfitPlanError, whose text is the reason, where there can be none."""
    if name == "again":
        return list(test_inputs)
    if name == "noised":
        return _others(_noised(test_inputs, wanted), test_inputs, "noise changes nothing in the test inputs")
    if name == "flipped":
        return _flipped(test_inputs, wanted.plan.get("inputs", ()))
    shapes = next((one["inputs"] for one in wanted.plan.get("runs", ()) if one["name"] == name), None)
    if shapes is None:
        raise UnfitPlanError("the description leaves no size of the inputs to choose")
    return [None if one is None else resized(one, shape) for one, shape in zip(test_inputs, shapes, strict=True)]


def _flipped(test_inputs: Inputs, planned: Sequence[Mapping[str, Any]]) -> list[Array | None]:
    if not any(one["flip"] for one in planned):
        raise UnfitPlanError("no axis of the inputs can be mirrored")
    pairs = zip(test_inputs, planned, strict=True)
    mirrored = [None if one is None else flipped(one, plan["flip"]) for one, plan in pairs]
    return _others(mirrored, test_inputs, "the test inputs are their own mirror image")


def _noised(test_inputs: Inputs, wanted: Wanted) -> list[Array | None]:
    random = np.random.default_rng(wanted.seed)
    spans = [*wanted.spans, *[(-np.inf, np.inf)] * len(test_inputs)]
    return [None if one is None else noised(one, random, span) for one, span in zip(test_inputs, spans, strict=False)]


def _others(made: list[Array | None], test_inputs: Inputs, reason: str) -> list[Array | None]:
    """Inputs that are not the test inputs: the judge takes the same output for a stored one."""
    if [_bytes(one) for one in made] == [_bytes(one) for one in test_inputs]:
        raise UnfitPlanError(reason)
    return made


def _bytes(array: Array | None) -> bytes | None:
    return None if array is None else array.tobytes()


def elements(inputs: Inputs) -> int:
    """How many elements the inputs have together."""
    return sum(one.size for one in inputs if one is not None)


def too_much(size: float, left: float, seconds: float, left_seconds: float) -> str:
    """Why a run of that expected size (bytes) and time is not made, as a reason; empty where it may be."""
    if left_seconds <= 0:
        return "not tried: the time for further runs was over"
    if seconds > left_seconds:
        return f"not tried: it would take about {seconds:.0f} s, and {left_seconds:.0f} s were left for further runs"
    if size > left:
        return f"not tried: its outputs would take about {size:,.0f} bytes, and {left:,.0f} were left to hand out"
    return ""
