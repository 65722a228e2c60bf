"""Submissions per minute from upload to report, with 1, 2 and 4 workers: real processes on SQLite against the local world.

`waiting` checks take a second each and no processor, as checks on other machines would; two at a time for each worker. `boxes`
runs small ONNX models of the samples, sealed where an engine answers, on this machine's processors: more workers than these
cannot help there. GitHub's pace (80 writes a minute, about 7 submissions) is lifted: it is the service that is measured.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.journeys.conftest import REPOSITORY, rdf
from tests.samples.make import make_good
from tests.trials import run as trials
from tests.trials.crew import SERVE, SERVING, WORK, WORKING, Crew, Member
from tests.trials.world import SECRET, trial_world

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.trials.world import TrialWorld

WORKERS = (1, 2, 4)
UPLOADS, MODELS = 24, 12
PATIENCE = 300.0
HANDED = ("ACCESSION_BOX", "ACCESSION_JOB_PYTHON", "ACCESSION_JOB_IMAGE", "DOCKER_HOST")
NOTHING: Mapping[str, str] = MappingProxyType({})
Files = dict[str, "bytes | os.PathLike[str]"]


def rows() -> list[dict[str, object]]:
    """One for each kind of check and number of workers."""
    handed = {name: os.environ[name] for name in HANDED if name in os.environ}
    return [
        *(measured("waiting", workers, UPLOADS) for workers in WORKERS),
        *(measured("boxes", workers, MODELS, handed) for workers in WORKERS),
    ]


def measured(kind: str, workers: int, uploads: int, handed: Mapping[str, str] = NOTHING) -> dict[str, object]:
    """So many uploads of one kind, by so many workers; `handed` is what of the environment the workers get too."""
    with tempfile.TemporaryDirectory(prefix="throughput-") as made, ExitStack() as stack:
        folder = Path(made)
        packages = [KINDS[kind](folder / "uploads", number) for number in range(uploads + 1)]
        trusted = _trusted(folder / "trusted", packages)
        world = stack.enter_context(trial_world(folder))
        members = _members(folder, world, workers, kind, {**handed, "ACCESSION_TRUSTED": str(trusted)})
        port = int(members[-1].command[-1])
        world.github.add_webhook(REPOSITORY, f"http://127.0.0.1:{port}/webhook", SECRET)
        with Crew(members):
            _warm(world, port, packages[-1])
            began = time.monotonic()
            for owner, package in enumerate(packages[:-1], start=2_000):  # each contributor has a quota
                trials.notify(port, str(world.zenodo.publish(package, title="An upload", owner=owner).id))
            _reported(world, uploads + 1)
            seconds = time.monotonic() - began
    return {
        "checks": f"boxes ({handed.get('ACCESSION_BOX', 'auto')})" if kind == "boxes" else kind,
        "workers": workers,
        "submissions": uploads,
        "seconds": seconds,
        "a minute": uploads * 60 / seconds,
    }


def _waiting(_folder: Path, number: int) -> Files:
    return {"rdf.yaml": rdf(name=f"Model {number}"), "weights.onnx": b"weights %d" % number}


def _model(folder: Path, number: int) -> Files:
    made = make_good(folder / f"model-{number}", seed=number)
    return {path.name: path for path in made.iterdir()}


KINDS: Mapping[str, Callable[[Path, int], Files]] = MappingProxyType({"waiting": _waiting, "boxes": _model})


def _members(folder: Path, world: TrialWorld, workers: int, kind: str, environ: Mapping[str, str]) -> list[Member]:
    what, port = trials.Run(seed=1), trials.free_port()
    beside = {**trials.shared(folder, world, what), "TRIAL_SECONDS": "1", **environ}
    work = WORK if kind == "waiting" else (sys.executable, "-m", "bot", "work")
    found = [Member(f"work-{n}", work, beside, folder / f"work-{n}.log", WORKING) for n in range(workers)]
    serving = trials.serving(folder, world, what)
    return [*found, Member("serve", (*SERVE, "--port", str(port)), serving, folder / "serve.log", SERVING)]


def _warm(world: TrialWorld, port: int, package: Files) -> None:
    """The first one pays for starting everything."""
    record = str(world.zenodo.publish(package, title="The first").id)
    until = time.monotonic() + PATIENCE
    while not _reports(world):
        if time.monotonic() > until:
            raise TimeoutError("the service did not report on the first upload")
        trials.notify(port, record)
        time.sleep(1.0)


def _reported(world: TrialWorld, number: int) -> None:
    until = time.monotonic() + PATIENCE
    while _reports(world) < number:
        if time.monotonic() > until:
            raise TimeoutError(f"{_reports(world)} of {number} reports after {PATIENCE:.0f} s")
        time.sleep(0.05)


def _reports(world: TrialWorld) -> int:
    pulls = world.github.pulls(REPOSITORY)
    return sum(any("accession:report" in c.body for c in world.github.comments(REPOSITORY, p.number)) for p in pulls)


def _trusted(path: Path, packages: list[Files]) -> Path:
    """Without an engine only what is named here is run."""
    contents = (c if isinstance(c, bytes) else Path(c).read_bytes() for package in packages for c in package.values())
    path.write_text("\n".join(sorted({hashlib.sha256(content).hexdigest() for content in contents})) + "\n")
    return path
