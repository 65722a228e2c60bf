"""A model of one number, and a judge of one number, as the fake boxes have them."""

import itertools
import json
import random

OUTCOME = {"outcome": "passed", "message": "", "detail": ""}
SHAPES = ("smallest", "stepped")


def frames(weights, content, plan, seed):
    """What a producing box hands out; without a plan as an image does that knows no further runs."""
    text, calls = weights.decode(), itertools.count()

    def call(number):
        if text.startswith("="):
            return float(text[1:])
        if text.startswith("?"):
            return float(text[1:]) + next(calls)
        return float(text) * number

    said = {"loads": OUTCOME, "runs": OUTCOME, "seconds": {"load": 0.1}, "versions": {"fake": "1"}, "traceback": ""}
    yield "produced", json.dumps(said | {"warnings": ["old weights"]}).encode()
    given = float(content)
    yield "tensor-0", str(call(given)).encode()
    if plan is None:
        return
    noise = random.Random(seed).random()
    inputs = {"again": given, "flipped": -given, "noised": given + noise} | dict.fromkeys(SHAPES, given)
    runs = [run for run in inputs if run not in SHAPES or run in plan["runs"]]
    for run in runs:
        yield f"{run}-0", str(call(inputs[run])).encode()
    made = {run: {"outcome": OUTCOME, "seconds": 0.1} for run in runs}
    left = {run: {"outcome": skipped("no sizes to choose"), "seconds": 0} for run in inputs if run not in runs}
    yield "extras", json.dumps({"runs": made | left, "steady_seconds": 0.05, "warnings": ["slow"]}).encode()


def number(files, names):
    return float(files[names[0]])


def checks(produced, runs, said):
    """As a judge: what came is judged, what did not is as the box said."""

    def check(name, of, holds):
        missing = [said[run] for run in of if run not in runs]
        outcome = missing[0] if missing else OUTCOME if holds() else failed(f"not {name}")
        return {"name": name, "outcome": outcome}

    return [
        check("deterministic", ["again"], lambda: runs["again"] == produced),
        check("varies", ["flipped", "noised"], lambda: not runs["flipped"] == runs["noised"] == produced),
        *(check(run, [run], lambda: True) for run in SHAPES),
    ]


def comparisons(numbers):
    found = []
    for first, second in itertools.combinations(numbers, 2):
        for run in numbers[first].keys() & numbers[second].keys():
            off = abs(numbers[first][run] - numbers[second][run])
            outcome = OUTCOME if off < 1e-6 else failed(f"{run}: differ by {off}")
            found.append(
                {"formats": [first, second], "run": run, "outcome": outcome, "max_abs": off, "mismatch_ppm": 0}
            )
    return found


def failed(message):
    return {"outcome": "failed", "message": message, "detail": ""}


def skipped(message):
    return {"outcome": "skipped", "message": message, "detail": ""}
