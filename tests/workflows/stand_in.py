"""Stands where `produce` stands, and speaks its protocol: the samples' network in numpy, in any format, in several moods.

`STAND_IN` is a JSON object: weight format to mood. `STAND_IN_LOG` names a folder that gets each job and the inputs it saw.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from tests.samples.network import Network
from workflows import frames
from workflows.dynamic.npy import encode
from workflows.dynamic.outcome import failed, passed, skipped

OUT = sys.stdout.buffer


def main():
    frames.write(OUT, "ready", b"")
    job = json.loads(frames.read(sys.stdin.buffer, 2**24)[1])
    inputs = Path(os.environ["ACCESSION_IN"])
    mood = json.loads(os.environ.get("STAND_IN", "{}")).get(job["format"], "")
    log(job, inputs)
    if mood == "dies":
        os.write(2, b"last words\n")
        os.kill(os.getpid(), 9)
    if mood == "does not load":
        produced(failed("loading the weights failed: bad file", "Traceback\nbad file"), skipped("not tried"))
    else:
        ran(job, inputs, mood)
    frames.write(OUT, "done", json.dumps({"seconds": {}, "peak_memory_bytes": 100 * 2**20}).encode())


def log(job, inputs):
    if os.environ.get("STAND_IN_LOG"):
        seen = {
            "job": job,
            "files": sorted(path.name for path in inputs.iterdir()),
            "threads": os.environ["OMP_NUM_THREADS"],
        }
        Path(os.environ["STAND_IN_LOG"], f"{job['format']}.json").write_text(json.dumps(seen))


def ran(job, inputs, mood):
    plan = json.loads((inputs / job["plan"]).read_bytes()) if job["plan"] else {"inputs": [], "runs": []}
    image = np.load(inputs / "test_input.npy")
    produced(passed("loaded"), passed("ran"), warnings=["a warning of the runtime"])
    frames.write(OUT, "tensor-0", encode(network(image, mood)))
    made = {"again": image, "noised": image + np.random.default_rng(job["seed"]).normal(0, 0.05, image.shape)}
    made |= {"flipped": np.flip(image, plan["inputs"][0]["flip"])} if plan["inputs"] else {}
    made |= {one["name"]: np.resize(image, one["inputs"][0]) for one in plan["runs"]}
    outcomes = {}
    for run, changed in made.items():
        if mood == "no sizes" and run in {"smallest", "stepped"}:
            outcomes[run] = failed("RuntimeError: sizes must match")
            continue
        output = network(image if mood == "stored" else changed, mood)
        frames.write(
            OUT, f"{run}-0", encode(output + time.time_ns() % 1000 if (mood, run) == ("random", "again") else output)
        )
        outcomes[run] = passed("ran")
    runs = {run: {"outcome": outcome.as_json(), "seconds": 0.1} for run, outcome in outcomes.items()}
    frames.write(OUT, "extras", json.dumps({"runs": runs, "steady_seconds": 0.002, "warnings": ["another"]}).encode())


def network(image, mood):
    output = Network.of_seed(1 if mood == "other weights" else 0).expected(image.astype(np.float32))[0]
    return output + np.float32(0.25) if mood == "wrong" else output


def produced(loads, runs, warnings=()):
    said = {
        "loads": loads.as_json(),
        "runs": runs.as_json(),
        "seconds": {"import": 1.5, "load": 0.1, "first_run": 0.01},
    }
    said |= {"versions": {"numpy": np.__version__}, "warnings": list(warnings), "traceback": ""}
    frames.write(OUT, "produced", json.dumps(said).encode())


if __name__ == "__main__":
    main()
