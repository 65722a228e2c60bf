"""Further runs of a made-up model: each has its outcome, none takes anything from what came before."""

import io
from pathlib import Path

import numpy as np
import pytest

from workflows.dynamic import further_runs
from workflows.dynamic.further import Wanted
from workflows.dynamic.further_runs import First, FurtherRuns
from workflows.dynamic.npy import encode

X = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
FIRST = First(0.001, 192)
PLAN = {
    "inputs": [{"name": "x", "axes": ["batch", "channel", "y", "x"], "flip": [2, 3]}],
    "runs": [
        {"name": "smallest", "inputs": [[1, 1, 2, 2]], "outputs": []},
        {"name": "stepped", "inputs": [[1, 1, 6, 6]], "outputs": []},
    ],
}


class Twice:
    """A model that doubles its input; `broken` raises for inputs of that length."""

    def __init__(self, broken=None, error=None):
        self.broken, self.error = broken, error

    def renewed(self):
        return self

    def outputs(self, inputs):
        if inputs[0].shape[-1] == self.broken:
            raise self.error
        return {"y": encode(inputs[0] * 2)}


@pytest.fixture
def make(monkeypatch):
    """All further runs of a model: what `extras` says, and the arrays that were handed out."""
    monkeypatch.setattr(further_runs, "predict", lambda model, inputs: model.outputs(inputs))

    def run(model=None, wanted=None, first=FIRST):
        frames = []
        wanted = wanted or Wanted(seconds=60, plan=PLAN)
        runs = FurtherRuns(model or Twice(), [X], wanted, first, lambda *frame: frames.append(frame), [Path("/in")])
        said = runs.make()
        return said, {name: np.load(io.BytesIO(payload)) for name, payload in frames}

    return run


def ends(said):
    return {name: run["outcome"]["outcome"] for name, run in said["runs"].items()}


def test_every_run_hands_its_tensors_out_in_order(make):
    said, arrays = make()
    assert list(arrays) == ["again-0", "flipped-0", "noised-0", "smallest-0", "stepped-0"]
    assert set(ends(said).values()) == {"passed"}
    assert np.array_equal(arrays["again-0"], X * 2)
    assert np.array_equal(arrays["flipped-0"], X[:, :, ::-1, ::-1] * 2)
    assert arrays["smallest-0"].shape == (1, 1, 2, 2)
    assert arrays["stepped-0"].shape == (1, 1, 6, 6)
    assert said["steady_seconds"] >= 0
    assert all(run["seconds"] >= 0 for run in said["runs"].values())


def test_a_run_that_raises_is_its_own_outcome(make):
    said, arrays = make(Twice(2, ValueError("kernel larger than input")))
    assert ends(said)["smallest"] == "failed"
    message = said["runs"]["smallest"]["outcome"]["message"]
    assert message.startswith("running the model on the smallest inputs that the description declares was refused")
    assert "stepped-0" in arrays
    assert "smallest-0" not in arrays


def test_a_fault_of_the_tool_and_an_end_of_the_interpreter_are_told_apart(make):
    assert ends(make(Twice(2, KeyError("stat")))[0])["smallest"] == "errored"
    assert ends(make(Twice(2, SystemExit(1)))[0])["smallest"] == "failed"


def test_without_time_nothing_is_run(make):
    said, arrays = make(wanted=Wanted(seconds=10, plan=PLAN), first=First(60.0, 192))
    assert arrays == {}
    assert set(ends(said).values()) == {"skipped"}
    assert "it would take about 60 s" in said["runs"]["again"]["outcome"]["message"]
    assert said["steady_seconds"] is None


def test_what_may_be_handed_out_is_not_exceeded(make):
    size = len(encode(X))
    said, arrays = make(wanted=Wanted(seconds=60, size=2 * size + 100, plan=PLAN), first=First(0.001, size))
    assert list(arrays) == ["again-0", "flipped-0"]
    assert ends(said)["noised"] == "skipped"
    assert "100 were left to hand out" in said["runs"]["noised"]["outcome"]["message"]


def test_a_size_that_was_expected_to_fit_and_does_not(make):
    said, arrays = make(wanted=Wanted(seconds=60, size=100), first=First(0.001, 1))
    assert arrays == {}
    assert said["runs"]["again"]["outcome"]["message"] == "its outputs take 192 bytes, and 100 were left to hand out"


def test_without_a_plan_there_is_nothing_to_mirror_and_no_size_to_choose(make):
    said, arrays = make(wanted=Wanted(seconds=60))
    assert list(arrays) == ["again-0", "noised-0"]
    assert said["runs"]["flipped"]["outcome"]["message"] == "not tried: no axis of the inputs can be mirrored"
    assert "leaves no size" in said["runs"]["smallest"]["outcome"]["message"]


def test_a_missing_output_fails_its_run(make, monkeypatch):
    monkeypatch.setattr(further_runs, "predict", lambda model, inputs: {"y": None, "z": encode(inputs[0])})
    said, arrays = make()
    assert list(arrays) == ["again-1", "flipped-1", "noised-1", "smallest-1", "stepped-1"]
    assert set(ends(said).values()) == {"failed"}
