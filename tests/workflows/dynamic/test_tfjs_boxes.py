"""TensorFlow.js weights in the image that has Node; the networks are written by hand, so that their outputs are known."""

import base64
import json

import numpy as np
import pytest

from tests.workflows.dynamic.boxed import produced, there
from tests.workflows.dynamic.networks import KERNEL, KINDS, X

pytestmark = pytest.mark.docker
IMAGE = "accession-job-tfjs:latest"
Y = X @ KERNEL


@pytest.fixture(scope="module")
def image():
    """The image's name, where it is built."""
    return there(IMAGE)


@pytest.fixture
def model(tmp_path):
    """The folder of a model of a kind."""

    def make(kind):
        KINDS[kind](tmp_path)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("kind", "expected"), [("tfjs_layers", [Y]), ("tfjs_graph", [Y, Y + 10]), ("tfjs_zip", [Y, Y + 10])]
)
def test_layers_and_graph_models(image, model, kind, expected):
    said = produced(image, model(kind), "tensorflow_js", extra_seconds=60, seed=1)
    assert said.answers() == ("passed", "passed"), said.json["produced"]
    for index, array in enumerate(expected):
        assert said.arrays[f"tensor-{index}"] == pytest.approx(array, abs=1e-5)
        assert np.array_equal(said.arrays[f"again-{index}"], said.arrays[f"tensor-{index}"])
    assert {"Node", "@tensorflow/tfjs"} <= set(said.json["produced"]["versions"])
    assert said.json["produced"]["warnings"] == []


def test_shards_under_other_local_names(image, model):
    folder = model("tfjs_graph")
    (folder / "shard-1.bin").rename(folder / "shard-1-7.bin")
    files = {"model.json": "js/model.json", "shard-1-7.bin": "js/shard-1.bin", "shard-2.bin": "js/shard-2.bin"}
    said = produced(image, folder, "tensorflow_js", files=files)
    assert said.arrays["tensor-1"] == pytest.approx(Y + 10, abs=1e-5)


def test_a_kernel_that_wasm_lacks_is_run_by_the_other_backend_and_told(image, model):
    folder = model("tfjs_graph")
    described = json.loads((folder / "model.json").read_text())
    equation = {"equation": {"s": base64.b64encode(b"ij,jk->ik").decode()}, "N": {"i": "2"}, "T": {"type": "DT_FLOAT"}}
    node = {"name": "Identity_1", "op": "Einsum", "input": ["product", "kernel"], "attr": equation}
    described["modelTopology"]["node"][-1] = node
    (folder / "model.json").write_text(json.dumps(described))
    said = produced(image, folder, "tensorflow_js", extra_seconds=60)
    assert said.answers() == ("passed", "passed"), said.json["produced"]
    assert said.arrays["tensor-1"] == pytest.approx(Y @ KERNEL, abs=1e-4)
    assert "run by the cpu backend, since the wasm backend lacks a kernel" in said.json["produced"]["warnings"][0]
    assert said.json["extras"]["warnings"] == []


def truncated(folder):
    shard = folder / "shard-2.bin"
    shard.write_bytes(shard.read_bytes()[:-4])


def led_outside(folder):
    described = json.loads((folder / "model.json").read_text())
    described["weightsManifest"][0]["paths"][0] = "../etc/passwd"
    (folder / "model.json").write_text(json.dumps(described))


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (truncated, "the shards hold 64 bytes, and model.json describes 68"),
        (led_outside, "names a shard outside of its own folder"),
        (lambda folder: (folder / "shard-1.bin").unlink(), "the shard 'shard-1.bin', which is not among its files"),
        (lambda folder: (folder / "model.json").write_text("{"), "model.json is no JSON"),
        (lambda folder: (folder / "model.json").write_text('{"weightsManifest": [{"paths": []}]}'), "no modelTopology"),
    ],
)
def test_broken_weights_fail_at_loading(image, model, breaks, words):
    folder = model("tfjs_graph")
    breaks(folder)
    said = produced(image, folder, "tensorflow_js")
    assert said.answers() == ("failed", "skipped"), said.json["produced"]
    assert words in said.message("loads")


@pytest.mark.parametrize(
    ("kind", "answers", "words"),
    [
        ("tfjs_unknown_layer", ("skipped", "skipped"), "needs a class or function that is not in the weights"),
        ("tfjs_unknown_op", ("passed", "skipped"), "needs an operation that TensorFlow.js does not have"),
    ],
)
def test_what_tensorflow_js_does_not_know(image, model, kind, answers, words):
    said = produced(image, model(kind), "tensorflow_js")
    assert said.answers() == answers
    assert words in said.message("loads" if answers[0] == "skipped" else "runs")


def test_nodes_memory_is_counted(image, model):
    said = produced(image, model("tfjs_layers"), "tensorflow_js")
    assert said.json["done"]["peak_memory_bytes"] > 170_000_000
    assert "Traceback" not in said.words  # the rehearsal went well
