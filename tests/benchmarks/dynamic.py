"""The sealed test of a model beside the bare `bioimageio test` of the same one, in one run on one machine.

Sealed is a `check` without fetching: run, judge, and where there are several formats their comparison. The rules looked
before, and no further runs are made: the bare tool does neither. The rows called whole have both, from the first to the last.
Warm: boxes wait for it. Cold: none does. All three take turns, and the median of each counts. `–` where something is
missing: an engine and the job image, `.venv-job` with torch, or weights that the image cannot run yet.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import docker
from docker.errors import DockerException

from bot.checking.check import check
from bot.checking.check_static import check_static
from bot.checking.prepare import prepare_facts
from bot.errors import GatewayError
from bot.gateways.docker_engine import SPARE, DockerBoxes
from bot.records.box import FIRST
from bot.work_settings import WorkSettings
from tests.agreement.corpus import JOB_PYTHON, REALDATA, ROOT
from tests.benchmarks.sealed_upload import bench_of, copy_with, job_of
from tests.benchmarks.static_check import NOTHING, measured

if TYPE_CHECKING:
    from bot.records.box import BoxLimits

Row = dict[str, object]
REAL = REALDATA / "models" / "unet2d_nuclei_broad"
TURNS = 5
NAMES = {"onnx": "ONNX", "torchscript": "TorchScript", "pytorch_state_dict": "state dict"}


@dataclass(frozen=True)
class Subject:
    """A model in a folder."""

    name: str
    folder: Path
    formats: tuple[str, ...]
    whole: bool = False
    """With the rules and the runs beyond the test inputs; else the three answers alone."""

    @property
    def what(self) -> str:
        formats = ", ".join(NAMES[one] for one in self.formats)
        return f"{self.name}: {formats}{', whole' if self.whole else ''}"


@dataclass(frozen=True)
class Figures:
    """Medians; seconds and megabytes."""

    seconds: float
    megabytes: float


def rows() -> list[Row]:
    """One for each format, then all formats of one model."""
    with tempfile.TemporaryDirectory() as folder:
        return [_row(subject, Path(folder, f"run-{n}")) for n, subject in enumerate(subjects(Path(folder)))]


def subjects(folder: Path) -> list[Subject]:
    """The real model where it is beside this checkout, else the project's own; state dict weights are always its own."""
    own = folder / "own"
    if JOB_PYTHON.exists():
        made = [str(JOB_PYTHON), "-m", "tests.samples", str(own), "torchscript", "state-dict"]
        subprocess.run(made, cwd=ROOT, check=False, capture_output=True)
    name, source = ("unet2d_nuclei_broad", _real(folder / "real")) if REAL.is_dir() else ("own", own / "torchscript")
    wanted = [
        (name, source, ("onnx",)),
        (name, source, ("torchscript",)),
        ("own", own / "state-dict", ("pytorch_state_dict",)),
        (name, source, ("onnx", "torchscript")),
    ]
    found = [
        Subject(name, copy_with(source, folder / "-".join(formats), formats), formats)
        for name, source, formats in wanted
        if source.is_dir()
    ]
    return [*found, *(replace(one, whole=True) for one in (*found[:1], *found[3:]))]


def _real(folder: Path) -> Path:
    shutil.copytree(REAL, folder, ignore=shutil.ignore_patterns("*bioimageio.yaml"))
    folder.chmod(0o755)
    shutil.copyfile(REAL / "local_v0_4_9.bioimageio.yaml", folder / "rdf.yaml")
    return folder


def _row(subject: Subject, folder: Path) -> Row:
    warm, cold, bare = _all(subject, folder)
    return {
        "what": subject.what,
        "warm s": _figure(warm and warm.seconds),
        "cold s": _figure(cold and cold.seconds),
        "bare s": _figure(bare and bare.seconds),
        "warm/bare": _ratio(warm, bare),
        "cold/bare": _ratio(cold, bare),
        "box MB": _figure(warm and warm.megabytes),
        "bare MB": _figure(bare and bare.megabytes),
    }


def _all(subject: Subject, folder: Path) -> tuple[Figures | None, ...]:
    """Warm, cold and bare, in turns."""
    found: dict[str, list[tuple[float, float]]] = {"warm": [], "cold": [], "bare": []}
    works = bool(_sealed(subject, folder, 0, warm=False))  # fetched and described from here on
    for turn in range(1, TURNS + 1):
        if works:
            found["warm"] += _sealed(subject, folder, turn, warm=True)
            found["cold"] += _sealed(subject, folder, TURNS + turn, warm=False)
        found["bare"] += _bare(subject)
    return tuple(_medians(figures) for figures in found.values())


def _sealed(subject: Subject, folder: Path, turn: int, *, warm: bool) -> list[tuple[float, float]]:
    """Nothing without an engine, its image, or weights that run in it and reproduce."""
    with ExitStack() as stack:
        try:
            client = docker.APIClient(version="auto", timeout=120)
            stack.callback(client.close)
            images = WorkSettings.from_env(os.environ).job_images
            boxes = stack.enter_context(DockerBoxes(client, images, folder / "boxes"))
            boxes.images()
        except (DockerException, GatewayError):
            return []
        job = job_of(subject.folder, turn=turn, further=subject.whole)
        bench = bench_of(boxes, subject.folder, folder)
        if not subject.whole:
            check_static(bench, replace(job, limits=job.limits_for("model")), prepare_facts(bench, job))
            boxes.settle()
        if warm:
            _wait_for_boxes(boxes, job.limits.box(), len(subject.formats))
        report = check(bench, job)
    weights = report["weights"]
    if not weights or any(one["reproduces"]["outcome"] != "passed" for one in weights):
        return []
    return [(report["seconds"]["total"], max(one["peak_memory_bytes"] or 0 for one in weights) / 1e6)]


def _wait_for_boxes(boxes: DockerBoxes, limits: BoxLimits, formats: int) -> None:
    """As they wait after a check of such a model."""
    for verb, many in (("static", 1), ("produce", formats), ("judge", formats), ("compare", formats - 1)):
        loaded = SPARE[FIRST] if verb == "produce" else ""
        for waiting in boxes.warm.prewarm(boxes.kind(verb, limits), [loaded] * many):
            waiting.result()


def _bare(subject: Subject) -> list[tuple[float, float]]:
    program = JOB_PYTHON.with_name("bioimageio")
    if not program.exists():
        return []
    only = ["--weight-format", *subject.formats] if len(subject.formats) == 1 else []
    seconds, megabytes = measured([str(program), "test", str(subject.folder / "rdf.yaml"), *only])
    return [(seconds, megabytes)]


def _medians(figures: list[tuple[float, float]]) -> Figures | None:
    if not figures:
        return None
    return Figures(*(statistics.median(column) for column in zip(*figures, strict=True)))


def _ratio(ours: Figures | None, bare: Figures | None) -> object:
    return f"{ours.seconds / bare.seconds:.2f}" if ours and bare else NOTHING


def _figure(value: float | None) -> object:
    return NOTHING if value is None else float(value)
