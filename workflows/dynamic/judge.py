"""Compare what a box handed out with what the contributor expects: numpy alone, no contributed code, nothing unpickled."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflows.dynamic.npy import NpyError, Tensor, open_tensor
from workflows.dynamic.outcome import Outcome, failed, passed
from workflows.dynamic.reproduction import reproduce
from workflows.dynamic.tolerance import Ceiling, choose
from workflows.dynamic.verdict import TensorVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOT_COMPARED = failed("not compared")


def run(job: dict[str, Any], inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """One format of one model: the frame `verdict`. Job and judge-spec are as in `.github/BOXES.md`."""
    spec = json.loads((inputs / job["spec"]).read_bytes())
    limits = Ceiling(float(job["tolerance"]["relative_ceiling"]), float(job["tolerance"]["mismatch_ppm_ceiling"]))
    tensors = [
        judge_output(output, spec, job["format"], named(job, inputs, index), limits)
        for index, output in enumerate(spec["outputs"])
    ]
    verdict = {"reproduces": overall(tensors).as_json(), "tensors": [one.as_json() for one in tensors]}
    emit("verdict", json.dumps(verdict, allow_nan=False).encode())


def named(job: dict[str, Any], inputs: Path, index: int) -> tuple[Path | None, Path | None]:
    """Where the expected and the produced tensor of an output lie; None for one that is not there."""
    found = []
    for side in ("expected", "produced"):
        names = job[side]
        local = names.get(str(index)) if isinstance(names, dict) else (names[index : index + 1] or [None])[0]
        found.append(None if local is None or not (inputs / local).is_file() else inputs / local)
    return found[0], found[1]


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


def opened(path: Path | None, what: str) -> tuple[Tensor | None, str]:
    """The tensor and no fault, or no tensor and what is wrong with it."""
    if path is None:
        return None, f"{what} is missing"
    try:
        return open_tensor(path), ""
    except NpyError as error:
        return None, f"{what} {error}"


def overall(tensors: Sequence[TensorVerdict]) -> Outcome:
    """All outputs reproduce, or the words of those that do not."""
    if not tensors:
        return failed("the RDF declares no outputs, so nothing is compared")
    bad = [one.outcome.message for one in tensors if one.outcome.kind.value != "passed"]
    if bad:
        return failed("; ".join(bad))
    return passed("; ".join(one.outcome.message for one in tensors))
