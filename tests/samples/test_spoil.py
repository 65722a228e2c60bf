"""Each spoiled sample is wrong in its one way, and its RDF's hashes stay true."""

import hashlib
import json
import shutil

import numpy as np
import pytest

from tests.samples import spoil
from tests.samples.sample import read_rdf, write_rdf


def hashes(folder):
    """Every sha256 that the RDF has, and every one that its files have."""
    text = json.dumps(read_rdf(folder))
    found = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    named = {part.split('"')[0] for part in text.split('sha256": "')[1:]}
    return named, found


@pytest.mark.parametrize("kind", ["halo-04", "halo-05", "binary-05", "labels-05"])
def test_a_wrong_output_differs_in_a_quarter_and_nowhere_else(kind, sample, tmp_path):
    right, wrong = sample(kind), spoil.wrong_output(sample(kind, into=tmp_path / "a"))
    name = spoil.output_file(right, 0)
    expected, changed = np.load(right / name), np.load(wrong / name)
    assert np.count_nonzero(expected != changed) == expected.size // 4
    assert (expected.dtype, expected.shape) == (changed.dtype, changed.shape)
    named, found = hashes(wrong)
    assert named <= found


@pytest.mark.parametrize("kind", ["stepped-04", "stepped-05"])
def test_a_wrong_shape_lacks_lines_and_columns(kind, sample, tmp_path):
    wrong = spoil.wrong_shape(sample(kind, into=tmp_path / "a"))
    assert np.load(wrong / spoil.output_file(wrong, 0)).shape == (1, 1, 60, 60)
    named, found = hashes(wrong)
    assert named <= found


@pytest.mark.parametrize("truncated", [False, True])
def test_broken_weights_have_a_true_hash_and_do_not_load(truncated, sample, tmp_path):
    import onnx

    right = sample("halo-05")
    wrong = spoil.broken_weights(sample("halo-05", into=tmp_path / "a"), "onnx", truncated=truncated)
    assert (right / "weights.onnx").read_bytes() != (wrong / "weights.onnx").read_bytes()
    named, found = hashes(wrong)
    assert named <= found
    with pytest.raises(Exception, match=r"(?i)pars|decod|truncat"):
        onnx.load(wrong / "weights.onnx")


def test_a_sample_is_not_changed_by_its_copies(sample, tmp_path):
    before = {path.name: path.read_bytes() for path in sample("halo-05").iterdir()}
    spoil.wrong_output(sample("halo-05", into=tmp_path / "a"))
    assert {path.name: path.read_bytes() for path in sample("halo-05").iterdir()} == before


def test_an_rdf_is_read_as_it_was_written(sample, tmp_path):
    folder = shutil.copytree(sample("ranged-05"), tmp_path / "a")
    data = read_rdf(folder)
    write_rdf(folder, data)
    assert read_rdf(folder) == data
    assert list(data)[:3] == ["format_version", "type", "name"]
