"""Compare what a box handed out with what the contributor expects: numpy alone, no contributed code, nothing unpickled."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflows.dynamic.artefact import artefact
from workflows.dynamic.checks import Evidence, checks
from workflows.dynamic.opened import local_file, open_runs, opened
from workflows.dynamic.outcome import Outcome, failed, passed
from workflows.dynamic.picture import pictures, rehearse
from workflows.dynamic.reproduction import reproduce
from workflows.dynamic.tolerance import Ceiling, choose
from workflows.dynamic.verdict import TensorVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOT_COMPARED = failed("not compared")


def preload() -> None:
    """Draw once before the job, so that fonts and the like are there."""
    try:
        rehearse()
    except Exception:  # noqa: BLE001 - without pictures there still is a verdict
        traceback.print_exc()


def run(job: dict[str, Any], inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """One format of one model: `verdict`, then pictures and the tensors. Job and judge-spec are as in `.github/BOXES.md`."""
    spec = json.loads((inputs / job["spec"]).read_bytes())
    ceiling = Ceiling.of(job["tolerance"])
    tensors = [
        judge_output(output, spec, job["format"], named(job, inputs, index), ceiling)
        for index, output in enumerate(spec["outputs"])
    ]
    runs = open_runs(job.get("runs") or {}, [one.name for one in tensors], inputs)
    plan = json.loads((inputs / job["plan"]).read_bytes()) if job.get("plan") else {}
    verdict = {
        "reproduces": overall(tensors).as_json(),
        "tensors": [one.as_json() for one in tensors],
        "checks": checks(Evidence(tensors, runs, job.get("said") or {}, plan, ceiling)) if tensors else [],
    }
    emit("verdict", json.dumps(verdict, allow_nan=False).encode())
    show(tensors, [output["axes"] for output in spec["outputs"]], emit)


def show(tensors: Sequence[TensorVerdict], axes: Sequence[Sequence[str]], emit: Callable[[str, bytes], None]) -> None:
    """Pictures of what is an image, and all tensors in a zip; a fault in showing takes nothing from the verdict."""
    try:
        for index, picture in pictures(tensors, axes):
            emit(f"picture-{index}", picture)
        if kept := artefact([(one.name, one.produced.path) for one in tensors if one.produced]):
            emit("artefact", kept)
    except Exception:  # noqa: BLE001 - see above
        traceback.print_exc()


def named(job: dict[str, Any], inputs: Path, index: int) -> tuple[Path | None, Path | None]:
    """Where the expected and the produced tensor of an output lie; None for one that is not there."""
    return local_file(job["expected"], index, inputs), local_file(job["produced"], index, inputs)


def judge_output(
    output: dict[str, Any],
    spec: dict[str, Any],
    weight_format: str,
    paths: tuple[Path | None, Path | None],
    limits: Ceiling,
) -> TensorVerdict:
    """The verdict on one output; a file that is absent or unreadable is an answer with its name."""
    name, kind = str(output["name"]), str(output["kind"])
    verdict = TensorVerdict(name, kind, choose(spec.get("tolerance", {}), weight_format, name), NOT_COMPARED)
    expected, fault = opened(paths[0], f"output `{name}`: the expected tensor")
    produced, other = opened(paths[1], f"output `{name}`: the tensor from the box")
    verdict = replace(verdict, expected=expected, produced=produced)
    if fault or other:
        return replace(verdict, outcome=failed("; ".join(filter(None, (fault, other)))))
    return reproduce(verdict, limits)


def overall(tensors: Sequence[TensorVerdict]) -> Outcome:
    """All outputs reproduce, or the words of those that do not."""
    if not tensors:
        return failed("the RDF declares no outputs, so nothing is compared")
    bad = [one.outcome.message for one in tensors if one.outcome.kind.value != "passed"]
    if bad:
        return failed("; ".join(bad))
    return passed("; ".join(one.outcome.message for one in tensors))
