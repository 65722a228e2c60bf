"""Run somebody's model on its own test inputs: the box that meets foreign code and never the expected outputs.

What was answered leaves the box at once: `produced` and the tensors first, then what further runs give.

Measured on two cores: bioimageio.core 1.2 s, then onnxruntime 0.05 s, torch 1.1 s or TensorFlow 4 s. Hence a box imports
the first before its job, and a framework before its job only where `ACCESSION_PRELOAD` names its format (a warm box has
the time); then it also rehearses with a tiny model, so that whatever is made at first use is made.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.dynamic.blame import judge_exception, tail
from workflows.dynamic.formats import RUNNERS, versions, why_not
from workflows.dynamic.further import EXTRA_BYTES, LARGEST, RUNS, Wanted
from workflows.dynamic.further_runs import First, FurtherRuns
from workflows.dynamic.outcome import Kind, errored, passed, skipped
from workflows.dynamic.pipeline import inputs_of, load, predict, spans
from workflows.dynamic.production import Production, by_index, ran
from workflows.dynamic.rehearsal import rehearse
from workflows.dynamic.warned import listening
from workflows.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflows.dynamic.further import Inputs
    from workflows.dynamic.outcome import Outcome
    from workflows.dynamic.pipeline import Model

    Emit = Callable[[str, bytes], None]


def preload() -> None:
    """Import what every job needs; for each format in `ACCESSION_PRELOAD` (comma-separated) all that can be had before."""
    importlib.import_module("bioimageio.core")
    named = [one.strip() for one in os.environ.get("ACCESSION_PRELOAD", "").split(",")]
    preloaded = [one for one in named if one in RUNNERS and not why_not(one)]
    for weight_format in preloaded:
        import_framework(weight_format)
        versions(weight_format)
    if preloaded:
        rehearse(preloaded)


def finish() -> None:
    """After `done`: end the process of an adapter that has one."""
    node = sys.modules.get("workflows.dynamic.adapters.node")
    if node is not None:
        node.end_all()


def run(job: dict[str, Any], inputs: Path, emit: Emit) -> None:
    """One format of one model: `produced`, `tensor-<i>` for each output that came out, then the further runs.

    The job has `rdf` (local name) and `format`, and may have `files`, `plan`, `seed`, `extra_seconds`, `extra_bytes`.
    Contributed exceptions are answers, not exceptions of this function.
    """
    watch = Stopwatch()
    with listening((inputs, Path.cwd())) as warned:
        attempt = Attempt(job, inputs, watch)
        production = attempt.produce()
        emit("produced", production.frame(watch.seconds, attempt.versions(), warned.tell()))
        for index, tensor in production.tensors.items():
            emit(f"tensor-{index}", tensor)
        if job.get("extra_seconds"):
            try:
                said = attempt.further(production, emit)
            except Exception as error:  # noqa: BLE001 - ours, and it takes nothing from what was answered
                said = none_made(errored("further runs met a fault of the tool", tail(error)))
            emit("extras", json.dumps({**said, "warnings": warned.tell()}).encode())


class Attempt:
    """One job: what was asked for, and the model once it is loaded."""

    def __init__(self, job: Mapping[str, Any], inputs: Path, watch: Stopwatch) -> None:
        self.job = job
        self.format: str = job["format"]
        self.inputs = inputs
        self.rdf = inputs / job["rdf"]
        self.watch = watch
        self.model: Model | None = None
        self.test_inputs: Inputs = ()

    def produce(self) -> Production:
        """Load, then run."""
        reason = why_not(self.format)
        if reason:
            return Production(skipped(reason))
        try:
            with self.watch.part("import"):
                importlib.import_module("bioimageio.core")
                import_framework(self.format)
        except Exception as error:  # noqa: BLE001 - a broken image is an answer too
            return Production(errored("the libraries of this image do not load", tail(error)))
        try:
            with self.watch.part("load"):
                self.model = load(self.rdf, self.format, self.job.get("files") or {})
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever foreign code raises is its answer
            return Production(judge_exception(error, "loading the weights", self.own_folders()))
        return self._ran(self.model, passed(f"loaded in {self.watch.seconds['load']:.2f} s"))

    def _ran(self, model: Model, loads: Any) -> Production:
        try:
            with self.watch.part("first_run"):
                self.test_inputs = inputs_of(model)
                tensors = predict(model, self.test_inputs)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            return Production(loads, judge_exception(error, "running the model", self.own_folders()))
        return Production(loads, ran(tensors, self.watch.seconds["first_run"]), by_index(tensors))

    def further(self, production: Production, emit: Emit) -> dict[str, Any]:
        """What `extras` says of the further runs; none is made of a model that did not run."""
        if self.model is None or production.runs.kind is not Kind.PASSED:
            return none_made(skipped("not tried: the model did not run"))
        size = sum(map(len, production.tensors.values()))
        first = First(self.watch.seconds["first_run"], size)
        wanted = self.wanted(max(0, LARGEST - size))
        return FurtherRuns(self.model, self.test_inputs, wanted, first, emit, self.own_folders()).make()

    def wanted(self, room: int) -> Wanted:
        """What the job says of the further runs, within `room` bytes."""
        plan = self.job.get("plan")
        return Wanted(
            seconds=float(self.job["extra_seconds"]),
            size=min(int(self.job.get("extra_bytes") or EXTRA_BYTES), room),
            seed=int(self.job.get("seed") or 0),
            plan=json.loads((self.inputs / plan).read_bytes()) if plan else {},
            spans=spans(self.model.description) if self.model else (),
        )

    def versions(self) -> dict[str, str]:
        """Versions of what runs the format, and what only the loaded weights know."""
        adapter = getattr(self.model, "adapter", None)
        return {**versions(self.format), **getattr(adapter, "versions", {})}

    def own_folders(self) -> tuple[Path, ...]:
        """Where contributed code may lie: the inputs, and the scratch folder that weights are unpacked into."""
        return self.inputs.resolve(), Path.cwd().resolve()


def none_made(reason: Outcome) -> dict[str, Any]:
    """What `extras` says where no further run was made."""
    return {"runs": {name: {"outcome": reason.as_json(), "seconds": 0.0} for name in RUNS}, "steady_seconds": None}


def import_framework(weight_format: str) -> None:
    """Import what runs that format, our adapter for it too; a format without a framework here needs nothing."""
    runner = RUNNERS.get(weight_format)
    if runner is None:
        return
    for name, value in runner.environ.items():
        os.environ.setdefault(name, value)
    for name in runner.imports:
        importlib.import_module(name)
    if runner.adapter:
        module = importlib.import_module(f"workflows.dynamic.adapters.{runner.adapter.partition(':')[0]}")
        getattr(module, "prepare", _nothing)()


def _nothing() -> None:
    """What an adapter without a process of its own does before its job."""
