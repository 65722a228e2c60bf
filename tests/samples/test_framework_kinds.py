"""Every kind whose weights are made inside an image: its RDF has no error, and its weights give what numpy expects."""

import base64
import json

import numpy as np
import pytest

from tests.samples.framework_kinds import FORMATS
from tests.samples.in_images import made
from tests.samples.kinds import IN_IMAGES
from tests.samples.network import Network, image_of_seed
from tests.samples.sample import read_rdf
from tests.samples.test_kinds import arrays, errors
from workflows.describe.shards import read_manifest

pytestmark = pytest.mark.docker

OF_TENSORFLOW = [
    ("keras-h5", "keras_hdf5"),
    ("keras-h5-old", "keras_hdf5"),
    ("keras-v3", "keras_v3"),
    ("saved-model-05", "tensorflow_saved_model_bundle"),
    ("saved-model-two", "tensorflow_saved_model_bundle"),
    ("all-formats", "keras_v3"),
    ("all-formats", "keras_hdf5"),
    ("all-formats", "tensorflow_saved_model_bundle"),
]


def encoded(path):
    return base64.b64encode(path.read_bytes()).decode()


def run_task(folder, kind, weight_format):
    """The weights and the test inputs by name."""
    data = read_rdf(folder)
    source = data["weights"][weight_format]["source"]
    names = [one.get("id", one.get("name")) for one in data["inputs"]]
    inputs = {name: encoded(folder / f"test_{name}.npy") for name in names}
    return {"kind": kind, "file": source, "weights": encoded(folder / source), "inputs": inputs}


def loaded(content, scratch):
    (scratch / "found.npy").write_bytes(content)
    return np.load(scratch / "found.npy")


@pytest.mark.parametrize("kind", IN_IMAGES)
def test_its_rdf_has_no_error(kind, sample):
    assert errors(sample(kind)) == []


@pytest.mark.parametrize(("kind", "weight_format"), OF_TENSORFLOW)
def test_tensorflow_gives_what_numpy_expects(kind, weight_format, sample, tmp_path):
    folder, expected = sample(kind), arrays(sample(kind), "outputs")
    tasks = [run_task(sample(one), one, its_format) for one, its_format in OF_TENSORFLOW]
    found = made("tensorflow", run_task(folder, kind, weight_format), tasks, program="keras_run.py").files
    assert len(found) == len(expected)
    for index, one in enumerate(read_rdf(folder)["outputs"]):
        name = one.get("id", one.get("name"))
        array = loaded(found[name] if name in found else next(iter(found.values())), tmp_path)
        np.testing.assert_allclose(array, expected[index], atol=1e-4)


def test_the_twins_are_not_in_alphabetical_order(sample):
    data = read_rdf(sample("saved-model-two"))
    names = [[one["id"] for one in data[group]] for group in ("inputs", "outputs")]
    assert names == [["raw", "dark"], ["probability", "ground"]]
    assert not any(group == sorted(group) for group in names)


@pytest.mark.parametrize(("kind", "axes"), [("tfjs-04", "byxc"), ("all-formats", "bcyx")])
def test_node_gives_what_numpy_expects(kind, axes, sample):
    folder = sample(kind)
    (raw,), (expected,) = arrays(folder, "inputs"), arrays(folder, "outputs")
    manifest = read_manifest((folder / "model.json").read_bytes())
    files = {name: encoded(folder / name) for name in ("model.json", *manifest.paths)}
    task = {"files": files, "values": raw.ravel().tolist(), "shape": list(raw.shape)}
    found = made("tfjs", task, program="tfjs_run.mjs").files
    assert json.loads(found["shape"]) == list(expected.shape)
    np.testing.assert_allclose(np.frombuffer(found["values"], np.float32), expected.ravel(), atol=1e-4)


def test_a_tensor_crosses_the_border_of_two_shards(sample):
    manifest = read_manifest((sample("tfjs-04") / "model.json").read_bytes())
    sizes = [(sample("tfjs-04") / path).stat().st_size for path in manifest.paths]
    assert (len(sizes), sum(sizes)) == (2, manifest.size)
    assert sizes[0] % (9 * 4)


def test_one_model_has_every_format_the_others_were_converted_from_the_first(sample):
    weights = read_rdf(sample("all-formats"))["weights"]
    assert tuple(weights) == FORMATS
    assert [entry.get("parent") for entry in weights.values()] == [None, *["pytorch_state_dict"] * 6]


@pytest.mark.parametrize("kind", ["tfjs-04", "state-dict-05"])
def test_another_seed_is_another_model_with_the_tensors_of_that_seed(kind, sample):
    first, other = sample(kind, 1), sample(kind, 2)
    assert not np.array_equal(arrays(first, "outputs")[0], arrays(other, "outputs")[0])
    expected = Network.of_seed(1).expected(image_of_seed(1))[0]
    assert np.array_equal(arrays(first, "outputs")[0].ravel(), expected.ravel())
