import json
import math
from dataclasses import replace

import numpy as np
import pytest

from workflows.dynamic import judge
from workflows.dynamic.difference import Difference
from workflows.dynamic.npy import open_tensor
from workflows.dynamic.outcome import failed
from workflows.dynamic.reproduction import reproduce
from workflows.dynamic.tolerance import Ceiling, Tolerance
from workflows.dynamic.verdict import Limit, TensorVerdict, difference_words, number, shape_words

CEILING = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}


def words(tensor):
    return tensor["outcome"]["outcome"], tensor["outcome"]["message"]


def test_missing_files_are_named(judged):
    assert words(judged(None, None)) == (
        "failed",
        "output `probability`: the expected tensor is missing; output `probability`: the tensor from the box is missing",
    )
    tensor = judged([1.0], None)
    assert words(tensor) == ("failed", "output `probability`: the tensor from the box is missing")
    assert (tensor["expected_shape"], tensor["produced_shape"], tensor["produced_dtype"]) == ([1], None, "")


def test_unreadable_files_are_named(judged):
    assert words(judged(b"a pickle", [1.0])) == (
        "failed",
        "output `probability`: the expected tensor is not a .npy file",
    )
    assert words(judged([1.0], b"")) == ("failed", "output `probability`: the tensor from the box is not a .npy file")


def spec_of(tmp_path, *names):
    outputs = [{"name": name, "kind": "float", "dtype": "float32", "axes": ["x"], "expected": None} for name in names]
    (tmp_path / "spec").write_text(json.dumps({"outputs": outputs}))


def test_several_outputs_are_told_apart(tmp_path):
    spec_of(tmp_path, "a", "b", "c")
    np.save(tmp_path / "x.npy", np.arange(3.0))
    job = {
        "spec": "spec",
        "format": "onnx",
        "expected": {"0": "x.npy", "1": "x.npy"},
        "produced": ["x.npy", None, "x.npy"],
    }
    said = {}
    judge.run({**job, "tolerance": CEILING}, tmp_path, said.__setitem__)
    verdict = json.loads(said["verdict"])
    assert [one["outcome"]["outcome"] for one in verdict["tensors"]] == ["passed", "failed", "failed"]
    assert verdict["reproduces"]["message"] == (
        "output `b`: the tensor from the box is missing; output `c`: the expected tensor is missing"
    )
    short = {**job, "expected": ["x.npy"], "tolerance": CEILING}
    judge.run(short, tmp_path, said.__setitem__)
    assert "output `b`: the expected tensor is missing" in json.loads(said["verdict"])["reproduces"]["message"]


def test_no_outputs_are_no_pass(tmp_path):
    spec_of(tmp_path)
    said = {}
    job = {"spec": "spec", "format": "onnx", "expected": [], "produced": [], "tolerance": CEILING}
    judge.run(job, tmp_path, said.__setitem__)
    assert json.loads(said["verdict"]) == {
        "reproduces": failed("the RDF declares no outputs, so nothing is compared").as_json(),
        "tensors": [],
        "checks": [],
    }


def test_numbers_that_json_does_not_have():
    assert [number(x) for x in (None, 1, 0.5, math.nan, math.inf, -math.inf)] == [
        None,
        1,
        0.5,
        "NaN",
        "Infinity",
        "-Infinity",
    ]


def test_both_tensors_are_needed(tmp_path):
    with pytest.raises(ValueError, match="both tensors"):
        reproduce(TensorVerdict("x", "float", Tolerance(0, 0, 0, ""), failed("")), Ceiling(0, 0))


def test_a_shape_in_words(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 1)))
    tensor = open_tensor(tmp_path / "a.npy")
    other = replace(tensor, shape=(1, 1))
    assert shape_words("x", tensor, other) == "output `x`: its shape is [1, 1], expected [2, 1] (axis 0 differs)"


def test_mismatches_without_a_worst_element(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(2))
    found = Difference(elements=2, mismatched=1)
    words = difference_words(found, Limit("agree", "differ"), open_tensor(tmp_path / "a.npy"))
    assert words == "1 of 2 elements (500,000 ppm) differ"
