"""Keras and TensorFlow weights in the image that runs them; each network's outputs are known from numpy."""

import json
import zipfile

import numpy as np
import pytest

from tests.workflows.dynamic.boxed import made, produced, there
from tests.workflows.dynamic.networks import KERNEL, KINDS, SECOND, X

pytestmark = pytest.mark.docker
IMAGE = "accession-job-tensorflow:latest"
Y = X @ KERNEL
TWO_INPUTS = Y - 2 * SECOND
BUNDLE = "tensorflow_saved_model_bundle"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """All kinds of networks of TensorFlow, made once."""
    kinds = [kind for kind in KINDS if kind.startswith(("keras_", "saved_model"))]
    return made(there(IMAGE), tmp_path_factory.mktemp("models"), *kinds)


@pytest.mark.parametrize(
    ("kind", "weight_format", "expected"),
    [
        ("keras_v3", "keras_v3", [TWO_INPUTS, TWO_INPUTS + 10]),
        ("keras_hdf5", "keras_hdf5", [TWO_INPUTS]),
        ("keras_2_hdf5", "keras_hdf5", [Y, Y + 10]),
        ("keras_2_transposed", "keras_hdf5", [Y]),
        ("keras_own_lambda", "keras_hdf5", [X * 3]),
        ("saved_model", BUNDLE, [Y, Y + 10]),
        ("saved_model_bare", BUNDLE, [Y, Y + 10]),
        ("saved_model_numbered", BUNDLE, [Y, Y + 10]),
        ("saved_model_tf1", BUNDLE, [Y]),
    ],
)
def test_the_right_outputs_in_the_rdfs_order(models, kind, weight_format, expected):
    said = produced(IMAGE, models / kind, weight_format, extra_seconds=60, seed=1)
    assert said.answers() == ("passed", "passed"), said.json["produced"]
    for index, array in enumerate(expected):
        assert said.arrays[f"tensor-{index}"] == pytest.approx(array, abs=1e-5)
        assert np.array_equal(said.arrays[f"again-{index}"], said.arrays[f"tensor-{index}"])
        assert not np.array_equal(said.arrays[f"noised-{index}"], said.arrays[f"tensor-{index}"])
    assert said.order[:2] == ["ready", "produced"]
    assert said.order[-2:] == ["extras", "done"]
    assert {"tensorflow", "numpy", "bioimageio.core"} <= set(said.json["produced"]["versions"])
    assert said.json["extras"]["steady_seconds"] > 0


def test_several_files_are_put_together_as_a_bundle(models):
    folder = models / "saved_model_flat"
    said = produced(IMAGE, folder, BUNDLE, files=json.loads((folder / "files.json").read_text()))
    assert said.answers() == ("passed", "passed"), said.json["produced"]
    assert said.arrays["tensor-1"] == pytest.approx(Y + 10, abs=1e-5)
    assert "extras" not in said.json
    assert "Traceback" not in said.words  # the rehearsal went well


@pytest.mark.parametrize(
    ("kind", "weight_format", "outcome", "words"),
    [
        ("keras_custom", "keras_hdf5", "skipped", "needs a class or function that is not in the weights"),
        ("keras_lambda", "keras_hdf5", "skipped", "needs code that another Python stored"),
        ("saved_model_ambiguous", BUNDLE, "failed", "outputs are `probability`, `mask`, those of the weights are"),
    ],
)
def test_what_does_not_load(models, kind, weight_format, outcome, words):
    said = produced(IMAGE, models / kind, weight_format)
    assert said.answers() == (outcome, "skipped")
    assert words in said.message("loads")


@pytest.mark.parametrize(
    ("kind", "weight_format", "name"),
    [("keras_hdf5", "keras_hdf5", "w.h5"), ("keras_v3", "keras_v3", "w.keras"), ("saved_model", BUNDLE, "w.zip")],
)
def test_broken_weights_fail_at_loading(models, tmp_path, kind, weight_format, name):
    for path in (models / kind).iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:500])
    said = produced(IMAGE, tmp_path, weight_format)
    assert said.answers() == ("failed", "skipped"), said.json["produced"]


def test_a_bundle_that_leads_out_of_its_folder(models, tmp_path):
    for path in (models / "saved_model").iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with zipfile.ZipFile(tmp_path / "w.zip", "a") as file:
        file.writestr("../../in/evil", "x")
    said = produced(IMAGE, tmp_path, BUNDLE)
    assert said.answers() == ("failed", "skipped")
    assert "leads out of its folder" in said.message("loads")
