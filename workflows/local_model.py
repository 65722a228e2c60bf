"""Run and judge every weight format of a described folder on the contributor's own machine, in processes as in the boxes.

The producing process sees weights, RDF and test inputs only; the judging one sees tensors and the judge-spec only.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.check import UsageError, absent_files, as_object, needed, place
from workflows.local_box import call, interpreter
from workflows.machine import THREAD_SETTINGS, own_cores
from workflows.report import weights_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.check import Described, Target
    from workflows.local_box import BoxAnswer

TOLERANCE = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}
"""The collection's own ceilings where its policy is not at hand."""
EXTRA_SECONDS = 120
"""How long the further runs of one format may take."""
_FURTHER = re.compile(r"(again|flipped|noised|smallest|stepped)-(\d{1,2})")
_TEST = re.compile(r"(tensor)-(\d{1,2})")
_COMPARED = ("tensor", "flipped", "noised")


@dataclass(frozen=True)
class Tried:
    """One format: its entry of the report, and what its two processes handed out."""

    entry: dict[str, Any]
    produced: Mapping[str, bytes]
    judged: Mapping[str, bytes]

    @property
    def format(self) -> str:
        """The weight format."""
        return str(self.entry["format"])


@dataclass(frozen=True)
class Model:
    """A described folder, and the environment in which its processes run."""

    target: Target
    described: Described
    environ: Mapping[str, str]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """The outputs as the judge-spec has them."""
        found: list[dict[str, Any]] = as_object(self.described.frames["judge-spec"])["outputs"]
        return found


def dynamic(model: Model, wanted: Sequence[str]) -> tuple[list[Tried], list[dict[str, Any]]]:
    """Each format (all of them, or the `wanted`), and how they compare; UsageError for one that the RDF does not have."""
    formats = model.described.formats()
    absent = [one for one in wanted if one not in formats]
    if absent:
        raise UsageError(f"the RDF has no {absent[0]} weights; it has: {', '.join(formats) or 'none'}")
    chosen = list(dict.fromkeys(wanted)) or formats
    _programs(model, chosen)
    side_by_side = max(1, min(len(chosen), own_cores()))
    shared = Model(model.target, model.described, {**threads(own_cores() // side_by_side), **model.environ})
    with ThreadPoolExecutor(side_by_side, thread_name_prefix="format") as pool:
        tested = list(pool.map(lambda one: tried(shared, one), chosen))
    return tested, compared(shared, tested)


def _programs(model: Model, formats: Sequence[str]) -> None:
    """UsageError where a setting names an interpreter that is none."""
    for weight_format in ("", *formats):
        python = interpreter(weight_format, model.environ)
        if shutil.which(python) is None:
            raise UsageError(f"{python} is no program: name a Python that has the libraries in ACCESSION_JOB_PYTHON")


def threads(number: int) -> dict[str, str]:
    """How many threads the numeric libraries of one of several processes start."""
    return dict.fromkeys(THREAD_SETTINGS, str(max(1, number)))


def tried(model: Model, weight_format: str) -> Tried:
    """Run one format, then judge what it gave."""
    named = shlex.quote(str(model.target.folder / (model.target.rdf or "")))
    repeat = f"accession-check dynamic {named} --weights {weight_format}"
    faults = absent_files(model.target.folder, needed(model.described.description["references"], weight_format))
    if faults:
        return Tried(weights_entry(weight_format, repeat, fault="; ".join(faults)), {}, {})
    with tempfile.TemporaryDirectory(prefix="accession-in-") as folder:
        produced = _produced(model, weight_format, Path(folder, "produce"))
        verdict = _judged(model, weight_format, produced, Path(folder, "judge"))
    entry = weights_entry(weight_format, repeat, produced=produced, verdict=verdict)
    return Tried(entry, produced.frames, verdict.frames if verdict else {})


def _produced(model: Model, weight_format: str, inputs: Path) -> BoxAnswer:
    references = needed(model.described.description["references"], weight_format)
    place(model.target.folder, references, inputs)
    frames = {"box-rdf.yaml": model.described.frames[f"box-rdf-{weight_format}"]} | _plan(model)
    for name, content in frames.items():
        (inputs / name).write_bytes(content)
    job = {
        "rdf": "box-rdf.yaml",
        "format": weight_format,
        "files": {one["local"]: one["source"] for one in references if one["role"] == f"weights/{weight_format}"},
        "plan": "plan.json" if "plan.json" in frames else None,
        "seed": model.described.seed,
        "extra_seconds": EXTRA_SECONDS,
    }
    return call("produce", job, inputs, model.environ)


def _judged(model: Model, weight_format: str, produced: BoxAnswer, inputs: Path) -> BoxAnswer | None:
    """The judge's answer; None where the model did not run, so that there is nothing to judge."""
    tensors = placed(produced.frames, _TEST, inputs)
    if not tensors:
        return None
    expected = [one for one in model.described.description["references"] if one["role"] == "test_output"]
    place(model.target.folder, expected, inputs)
    for name, content in ({"judge-spec.json": model.described.frames["judge-spec"]} | _plan(model)).items():
        (inputs / name).write_bytes(content)
    job = {
        "spec": "judge-spec.json",
        "plan": "plan.json" if _plan(model) else None,
        "format": weight_format,
        "expected": [one["expected"] for one in model.outputs],
        "produced": tensors["tensor"],
        "runs": placed(produced.frames, _FURTHER, inputs),
        "said": said(produced),
        "tolerance": TOLERANCE,
    }
    return call("judge", job, inputs, model.environ)


def compared(model: Model, tested: Sequence[Tried]) -> list[dict[str, Any]]:
    """The formats that ran against each other; none where fewer than two did."""
    ran = [one for one in tested if any(_TEST.fullmatch(name) for name in one.produced)]
    if len(ran) < 2:  # noqa: PLR2004 - it takes two to compare
        return []
    with tempfile.TemporaryDirectory(prefix="accession-in-") as folder:
        inputs = Path(folder)
        (inputs / "judge-spec.json").write_bytes(model.described.frames["judge-spec"])
        formats = {}
        for one in ran:
            runs = placed(one.produced, _TEST, inputs, one.format) | placed(one.produced, _FURTHER, inputs, one.format)
            formats[one.format] = {name.replace("tensor", "test"): runs[name] for name in _COMPARED if name in runs}
        job = {"spec": "judge-spec.json", "formats": formats, "tolerance": TOLERANCE}
        return call("compare", job, inputs, model.environ).items("comparisons")


def placed(frames: Mapping[str, bytes], pattern: re.Pattern[str], inputs: Path, prefix: str = "") -> dict[str, Any]:
    """Write the tensors of frames of that name into a box's inputs; local names by run, then by output index."""
    inputs.mkdir(parents=True, exist_ok=True)
    runs: dict[str, dict[str, str]] = {}
    for name, content in frames.items():
        match = pattern.fullmatch(name)
        if match:
            local = f"{prefix}-{name}.npy".lstrip("-")
            (inputs / local).write_bytes(content)
            runs.setdefault(match[1], {})[match[2]] = local
    return runs


def said(produced: BoxAnswer) -> dict[str, Any]:
    """What the producing process tells of its further runs: outcome by run."""
    runs = (produced.json("extras") or {}).get("runs")
    found = runs.items() if isinstance(runs, dict) else ()
    return {run: told.get("outcome") for run, told in found if isinstance(told, dict)}


def _plan(model: Model) -> dict[str, bytes]:
    found = model.described.frames.get("plan")
    return {} if found is None else {"plan.json": found}
