"""Every kind that numpy and onnx can make: it is a model without errors, and its graph gives what numpy expects."""

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from tests.samples import __main__ as command
from tests.samples.kinds import FORMS, IN_IMAGES, KINDS, frameworks, make_sample
from tests.samples.network import Network, image_of_seed
from tests.samples.sample import read_rdf
from workflows.static import check_folder

STEPLESS = [kind for kind in FORMS if not kind.startswith(("binary", "normalized", "ranged"))]


def errors(folder):
    return [finding for finding in check_folder(folder) if finding["level"] == "error"]


def arrays(folder, group):
    data = read_rdf(folder)
    names = data.get(f"test_{group}") or [one["test_tensor"]["source"] for one in data[group]]
    return [np.load(folder / name) for name in names]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", FORMS)
def test_its_rdf_has_no_error(kind, sample):
    assert errors(sample(kind)) == []


@pytest.mark.parametrize("kind", STEPLESS)
def test_its_graph_gives_what_numpy_expects(kind, sample):
    folder = sample(kind)
    graph = ReferenceEvaluator(onnx.load(folder / "weights.onnx"))
    found = graph.run(None, dict(zip(graph.input_names, arrays(folder, "inputs"), strict=True)))
    for array, expected in zip(found, arrays(folder, "outputs"), strict=True):
        assert array.dtype == expected.dtype
        np.testing.assert_allclose(array, expected, atol=1e-5)


@pytest.mark.parametrize("kind", ["stepped-05", "external-data", "two-inputs-04"])
def test_the_same_seed_gives_the_same_bytes_another_seed_another_model(kind, tmp_path):
    first, again, other = (make_sample(kind, tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert contents(first) == contents(again)
    assert contents(first)["test_probability.npy"] != contents(other)["test_probability.npy"]
    assert read_rdf(first)["name"] != read_rdf(other)["name"]


def test_a_cropped_output_is_the_inside_of_the_whole_one(sample):
    whole, cropped = (arrays(sample(kind), "outputs")[0] for kind in ("stepped-05", "cropped-05"))
    assert cropped.shape == (1, 1, 60, 60)
    assert np.array_equal(cropped, whole[..., 2:-2, 2:-2])


def test_a_halved_output_has_half_the_sides(sample):
    (halved,) = arrays(sample("halved-04"), "outputs")
    assert halved.shape == (1, 1, 32, 32)


def test_a_label_map_has_every_level_and_no_pixel_on_the_fence(sample):
    (labels,) = arrays(sample("labels-05"), "outputs")
    assert (labels.dtype, sorted(np.unique(labels))) == (np.int64, [0, 1, 2, 3])
    scaled = Network.of_seed(0).logits(image_of_seed(0))
    scaled = 4 / (1 + np.exp(-scaled))
    assert np.abs(scaled - scaled.round()).min() > 1e-6


def test_external_numbers_are_not_in_the_graph(sample):
    folder = sample("external-data")
    sizes = {path.name: path.stat().st_size for path in folder.glob("weights*")}
    assert sizes["weights.onnx.data"] >= (9 + 9 + 1) * 4
    assert read_rdf(folder)["weights"]["onnx"]["external_data"]["sha256"]
    bias = np.float32(Network.of_seed(0).bias).tobytes()
    assert bias in (folder / "weights.onnx.data").read_bytes()
    assert bias not in (folder / "weights.onnx").read_bytes()


def test_every_kind_says_what_it_needs():
    assert {name for kind in KINDS for name in frameworks(kind)} == {"torch", "tensorflow", "tfjs"}
    assert all(frameworks(kind) for kind in IN_IMAGES)
    assert not any(frameworks(kind) for kind in command.ALL)


def test_the_user_is_written_into_the_rdf(tmp_path):
    folder = make_sample("halo-05", tmp_path / "a", github_user="grace")
    assert read_rdf(folder)["maintainers"] == [{"name": "Ada Sample", "github_user": "grace"}]
