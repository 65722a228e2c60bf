"""The static check beside bioimageio.spec, in one run on one machine: to be compared as ratios.

Each measurement is a process of its own. `–` where bioimageio.spec is not installed (`make .venv-job`).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.agreement.corpus import JOB_PYTHON, ROOT
from tests.benchmarks.corpus import copies, valid_models

COLD = 9  # starts, of which the median counts
PEER_FILES = 100
MANY = 10_000
OURS = [sys.executable, "-m", "workflows", "static", "--format", "jsonl"]
PEER = [str(JOB_PYTHON.with_name("bioimageio")), "validate-format", "--no-perform-io-checks"]
NOTHING = "–"

START = """
import os, sys, time
nothing = os.open(os.devnull, os.O_RDWR)
sinks = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (1, 2)]
started = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=sinks)
used = os.wait4(child, 0)[2]
sys.stdout.write(f"[{time.perf_counter() - started}, {used.ru_maxrss}]")
"""
"""Starts and measures a command from a small process: a child counts what its parent had in memory as its own."""

Row = dict[str, object]


def rows() -> list[Row]:
    """Cold start, bulk in one process, and a folder of ten thousand."""
    with tempfile.TemporaryDirectory() as folder:
        models = valid_models(Path(folder, "models"))
        return [*cold(models[0]), *bulk(models), *many(models, Path(folder, "zoo"))]


def cold(model: Path) -> list[Row]:
    """One file by the command line, from nothing."""
    ours, peer = starts([*OURS, str(model)]), starts([*PEER, str(model)])
    return [row("one file, command line, cold: seconds", ours[0], peer[0]), row("the same: peak MB", ours[1], peer[1])]


def starts(command: list[str]) -> tuple[float, float] | None:
    """The median of the seconds and of the peak memory of several starts."""
    if not Path(command[0]).exists():
        return None
    found = [measured(command) for _ in range(COLD)]
    return statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds, and the megabytes that the process (or the largest of its own) had at most."""
    done = subprocess.run([sys.executable, "-ISc", START, *command], cwd=ROOT, capture_output=True, check=True)
    seconds, kilobytes = json.loads(done.stdout)
    return seconds, kilobytes / 1024


def bulk(models: list[Path]) -> list[Row]:
    """Valid models one after the other in one process, reading and parsing included."""
    ours = driven(sys.executable, "ours", models)
    peer = driven(str(JOB_PYTHON), "peer", models[:: max(1, len(models) // PEER_FILES)])
    found = []
    for words, figure in (("median", statistics.median), ("95th percentile", high)):
        both = [figure(one["ms"]) if one else None for one in (ours, peer)]
        found.append(row(f"a valid model in bulk: ms, {words}", *both))
    return [*found, row("the same: peak MB", ours["mb"] if ours else None, peer["mb"] if peer else None)]


def driven(python: str, whose: str, models: list[Path]) -> dict | None:
    """What the driver says in an environment."""
    if not Path(python).exists():
        return None
    done = subprocess.run(
        [python, "-m", "tests.benchmarks.bulk", whose],
        input="\n".join(map(str, models)), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return json.loads(done.stdout) if done.returncode == 0 else None


def high(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=20)[-1]


def many(models: list[Path], folder: Path) -> list[Row]:
    """A folder of ten thousand, by the command line with one process and with two."""
    copies([path.read_bytes() for path in models], MANY, folder)
    found = []
    for jobs in (1, 2):
        seconds, megabytes = measured([*OURS, "--jobs", str(jobs), str(folder)])
        found.append(row(f"{MANY:,} files, {jobs} process(es): seconds", seconds, None))
        found.append(row("the same: peak MB of the largest process", megabytes, None))
    return found


def row(what: str, ours: float | None, peer: float | None) -> Row:
    """Two figures and how they compare."""
    ratio = f"{ours / peer:.3f}" if ours and peer else NOTHING
    return {"what": what, "accession-check": _figure(ours), "bioimageio.spec": _figure(peer), "ratio": ratio}


def _figure(value: float | None) -> object:
    return NOTHING if value is None else float(value)
