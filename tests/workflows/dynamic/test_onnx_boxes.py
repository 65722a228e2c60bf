"""The producing box on ONNX weights, in a process where a job interpreter is there: names, external data, further runs."""

import io
import json
import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.workflows.dynamic.networks import KERNEL, SECOND, X, described
from workflows.local_box import call

Y = X @ KERNEL
PLAN = {
    "inputs": [{"name": "x", "axes": ["batch", "channel"], "flip": [1]}],
    "runs": [{"name": "smallest", "inputs": [[1, 4]], "outputs": [[[1, 1], [4, 4]]]}],
}


def network(folder, inputs=("x",), outputs=("y",), later="later"):
    """A graph of y = x · KERNEL - 2 · second (where there is one); a second output is y + 10; both under the names that are given."""
    kinds = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 4]) for name in (*inputs, *outputs)}
    nodes = [helper.make_node("MatMul", ["x", "kernel"], ["product"])]
    if len(inputs) == 2:
        nodes += [
            helper.make_node("Mul", ["second", "two"], ["twice"]),
            helper.make_node("Sub", ["product", "twice"], ["y"]),
        ]
    else:
        nodes.append(helper.make_node("Identity", ["product"], ["y"]))
    if later in outputs:
        nodes.append(helper.make_node("Add", ["y", "ten"], [later]))
    numbers = {"kernel": KERNEL, "two": np.array(2, np.float32), "ten": np.array(10, np.float32)}
    constants = [numpy_helper.from_array(array, name) for name, array in numbers.items()]
    graph = helper.make_graph(
        nodes, "g", [kinds[name] for name in inputs], [kinds[name] for name in outputs], constants
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, folder / "w.onnx")
    return model


def boxed(folder, python, preload="", **job):
    environ = {**os.environ, "ACCESSION_JOB_PYTHON": python, "ACCESSION_PRELOAD": preload}
    answer = call("produce", {"rdf": "rdf.yaml", "format": "onnx", **job}, folder, environ)
    assert "Traceback" not in answer.words
    assert answer.ending == "", answer.words
    arrays = {name: np.load(io.BytesIO(raw)) for name, raw in answer.frames.items() if raw[:6] == b"\x93NUMPY"}
    return answer.json("produced"), arrays, answer.json("extras")


ONNX = "onnx: {source: %s, opset_version: 17}"


def test_tensors_are_told_by_name(tmp_path, job_python):
    network(tmp_path, inputs=("second", "x"), outputs=("later", "y"))
    described(tmp_path, ONNX % "w.onnx", ("x", "second"), ("y", "later"))
    said, arrays, _ = boxed(tmp_path, job_python)
    assert said["runs"]["outcome"] == "passed", said
    assert arrays["tensor-0"] == pytest.approx(Y - 2 * SECOND, abs=1e-5)
    assert arrays["tensor-1"] == pytest.approx(Y - 2 * SECOND + 10, abs=1e-5)


def test_other_names_go_by_place(tmp_path, job_python):
    network(tmp_path, outputs=("y", "later"))
    described(tmp_path, ONNX % "w.onnx", ("raw",), ("probability", "mask"))
    _, arrays, extras = boxed(tmp_path, job_python)
    assert extras is None
    assert arrays["tensor-1"] == pytest.approx(Y + 10, abs=1e-5)


def with_external_data(folder, location):
    model = network(folder)
    kernel = next(one for one in model.graph.initializer if one.name == "kernel")
    data = kernel.raw_data
    kernel.ClearField("raw_data")
    kernel.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": "0", "length": str(len(data))}.items():
        kernel.external_data.add(key=key, value=value)
    (folder / "w.onnx").write_bytes(model.SerializeToString())
    described(folder, ONNX % "w.onnx")
    return data


def test_external_data_under_another_local_name(tmp_path, job_python):
    (tmp_path / "w-2.data").write_bytes(with_external_data(tmp_path, "deep/w.data"))
    said, arrays, _ = boxed(tmp_path, job_python, files={"w.onnx": "net/w.onnx", "w-2.data": "net/deep/w.data"})
    assert said["loads"]["outcome"] == "passed", said
    assert arrays["tensor-0"] == pytest.approx(Y, abs=1e-5)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("../../etc/passwd", "a file outside their own folder"),
        ("/etc/passwd", "a file outside their own folder"),
        ("absent.data", "keep data in 'absent.data', which is not among their files"),
    ],
)
def test_external_data_that_are_not_the_models(tmp_path, job_python, location, words):
    with_external_data(tmp_path, location)
    said, arrays, _ = boxed(tmp_path, job_python)
    assert (said["loads"]["outcome"], arrays) == ("failed", {})
    assert words in said["loads"]["message"]


def test_further_runs_of_a_plan_from_a_seed(tmp_path, job_python):
    network(tmp_path)
    described(tmp_path, ONNX % "w.onnx")
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    job = {"plan": "plan.json", "seed": 5, "extra_seconds": 60}
    _, arrays, extras = boxed(tmp_path, job_python, **job)
    assert arrays["flipped-0"] == pytest.approx(X[:, ::-1] @ KERNEL, abs=1e-5)
    assert np.array_equal(arrays["again-0"], arrays["tensor-0"])
    ends = {name: run["outcome"]["outcome"] for name, run in extras["runs"].items()}
    assert ends == {
        "again": "passed",
        "flipped": "passed",
        "noised": "passed",
        "smallest": "passed",
        "stepped": "skipped",
    }
    assert np.array_equal(boxed(tmp_path, job_python, **job)[1]["noised-0"], arrays["noised-0"])
    other = boxed(tmp_path, job_python, **{**job, "seed": 6})[1]
    assert not np.array_equal(other["noised-0"], arrays["noised-0"])


def test_a_waiting_box_has_rehearsed_and_answers_the_same(tmp_path, torch_python):
    network(tmp_path)
    described(tmp_path, ONNX % "w.onnx")
    said, arrays, _ = boxed(tmp_path, torch_python, preload="onnx,torchscript")
    assert (said["runs"]["outcome"], said["warnings"]) == ("passed", [])
    assert arrays["tensor-0"] == pytest.approx(Y, abs=1e-5)
