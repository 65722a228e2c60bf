"""How long a waiting box takes from its job to the first tensor: `python -m tests.benchmarks.warm_box FOLDER FORMAT ...`.

No test: it prints milliseconds of this machine. The interpreter is `ACCESSION_JOB_PYTHON`, or the one that runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from workflows import frames
from workflows.check import Target, describe, needed, place

ROOT = Path(__file__).parents[2]
LIMIT = 1 << 30


def once(folder: Path, weight_format: str, extra_seconds: float) -> dict[str, float]:
    """Milliseconds to `ready`, from the job to `produced`, the first tensor and `done`; MiB that the waiting box takes."""
    target = Target(folder)
    described = describe(target)
    with tempfile.TemporaryDirectory() as inputs, tempfile.TemporaryDirectory() as scratch:
        place(folder, needed(described.description["references"], weight_format), Path(inputs))
        Path(inputs, "rdf.yaml").write_bytes(described.frames[f"box-rdf-{weight_format}"])
        job = {"rdf": "rdf.yaml", "format": weight_format, "plan": None, "seed": 1, "extra_seconds": extra_seconds}
        return _timed(job, {**os.environ, "ACCESSION_IN": inputs, "ACCESSION_PRELOAD": weight_format}, scratch)


def _timed(job: dict[str, Any], environ: dict[str, str], scratch: str) -> dict[str, float]:
    python = environ.get("ACCESSION_JOB_PYTHON") or sys.executable
    start = time.perf_counter()
    with subprocess.Popen(
        [python, "-m", "workflows", "box", "produce"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=scratch, env={**environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
    ) as box:  # fmt: skip
        assert box.stdin is not None
        assert box.stdout is not None
        frames.read(box.stdout, LIMIT)
        found = {"ready": time.perf_counter() - start}
        waiting = Path(f"/proc/{box.pid}/status").read_text(encoding="ascii").partition("VmRSS:")[2].split()[0]
        time.sleep(0.5)
        payload = json.dumps(job).encode()
        start = time.perf_counter()
        box.stdin.write(frames.head("job", len(payload)) + payload)
        box.stdin.flush()
        while frame := frames.read(box.stdout, LIMIT):
            found[frame[0]] = time.perf_counter() - start
    kept = {name: found[name] * 1000 for name in ("ready", "produced", "tensor-0", "done") if name in found}
    return {**kept, "waiting_mib": int(waiting) / 1024}


def main(argv: list[str] | None = None) -> int:
    """Print the least of some rounds: what the machine does beside them only adds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.warm_box")
    parser.add_argument("folder", type=Path)
    parser.add_argument("formats", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--extra-seconds", type=float, default=0.0)
    options = parser.parse_args(argv)
    for weight_format in options.formats:
        rounds = [once(options.folder, weight_format, options.extra_seconds) for _ in range(options.rounds)]
        figures = {name: min(one[name] for one in rounds) for name in rounds[0]}
        sys.stdout.write(
            f"{weight_format}: " + ", ".join(f"{name} {value:.0f}" for name, value in figures.items()) + "\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
