import io
import zipfile

import numpy as np
import pytest

from workflows.dynamic import artefact as module
from workflows.dynamic.artefact import artefact, safe_names


@pytest.fixture
def files(tmp_path):
    for name in ("a.npy", "b.npy"):
        np.save(tmp_path / name, np.arange(5000.0))
    return [("mask", tmp_path / "a.npy"), ("my output/2", tmp_path / "b.npy")]


def test_the_tensors_in_a_zip(files):
    content = artefact(files)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["mask.npy", "my-output-2.npy"]
        assert archive.testzip() is None
        assert np.array_equal(np.load(archive.open("mask.npy")), np.arange(5000.0))
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_DEFLATED}
    assert len(content) < 80_000
    assert artefact(files) == content


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["probability", "mask"], ["probability", "mask"]),
        (["../../etc/passwd", "/", ".."], ["etc-passwd", "output", "output-2"]),
        (["a", "A", "a"], ["a", "A-1", "a-2"]),
        (["x-2", "x", "x"], ["x-2", "x", "x-2-2"]),
        (["é" * 9, "x" * 500], ["output", "x" * 64]),
        (["a\0b\n.npy"], ["a-b-.npy"]),
        ([], []),
    ],
)
def test_names_of_outputs_become_names_of_files(names, files):
    assert safe_names(names) == files


def test_nothing_is_no_zip():
    assert artefact([]) is None


def test_what_would_be_too_large_is_not_kept(files, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    assert artefact(files) is None


def test_a_full_disk_costs_the_zip_alone(files, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.tempfile, "TemporaryFile", full)
    assert artefact(files) is None


def test_the_judge_hands_it_out_without_what_is_no_tensor(scene):
    scene.output("mask", np.ones((2, 2)), np.zeros((2, 2))).output("other", np.ones(3), b"no tensor")
    with zipfile.ZipFile(io.BytesIO(scene.frames()["artefact"])) as archive:
        assert archive.namelist() == ["mask.npy"]
        assert not np.load(archive.open("mask.npy")).any()


def test_and_nothing_where_there_is_none(scene):
    scene.output("mask", np.ones(3), b"no tensor")
    assert list(scene.frames()) == ["verdict"]
