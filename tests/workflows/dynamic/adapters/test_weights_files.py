import types

import pytest

from workflows.dynamic.adapters import bundle, weights_files
from workflows.dynamic.adapters.weights_files import MisplacedFileError, WeightsFiles


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A scratch folder beside a folder of inputs with three files."""
    (tmp_path / "scratch").mkdir()
    (tmp_path / "in").mkdir()
    for name in ("a.onnx", "a-2.data", "other.npy"):
        (tmp_path / "in" / name).write_text(name)
    monkeypatch.chdir(tmp_path / "scratch")
    return tmp_path


def test_names_as_seen_from_the_weights_own_folder(scratch):
    files = WeightsFiles(scratch / "in", {"a.onnx": "net/a.onnx", "a-2.data": "net/deep/a.data", "other.npy": "x.npy"})
    there = files.beside(scratch / "in" / "a.onnx")
    assert {name: path.name for name, path in there.items()} == {
        "a.onnx": "a.onnx",
        "deep/a.data": "a-2.data",
        "../x.npy": "other.npy",
    }


def test_files_behind_addresses_lie_flat(scratch):
    record = "https://example.com/records/1/files"
    files = WeightsFiles(scratch / "in", {"a.onnx": f"{record}/a.onnx/content", "a-2.data": f"{record}/a.data/content"})
    assert set(files.beside(scratch / "in" / "a.onnx")) == {"a.onnx", "a.data"}
    mixed = WeightsFiles(scratch / "in", {"a.onnx": "net/a.onnx", "a-2.data": f"{record}/a.data/content"})
    assert set(mixed.beside(scratch / "in" / "a.onnx")) == {"a.onnx", "a.data"}


def test_a_job_without_files_has_what_lies_in_the_folder(scratch):
    files = WeightsFiles(scratch / "in")
    assert set(files.beside(scratch / "in" / "a.onnx")) == {"a.onnx"}
    assert set(files.anywhere(scratch / "in" / "a.onnx")) == {"a.onnx", "a-2.data", "other.npy"}


def test_the_hash_is_verified_before_the_file_is_named(scratch):
    seen = []
    weights = types.SimpleNamespace(source="a.onnx", get_reader=lambda: seen.append("read"))
    assert WeightsFiles(scratch / "in").verified(weights) == scratch / "in" / "a.onnx"
    assert seen == ["read"]

    def differs():
        raise ValueError("SHA256 mismatch")

    weights.get_reader = differs
    with pytest.raises(ValueError, match="SHA256"):
        WeightsFiles(scratch / "in").verified(weights)


def test_a_tree_is_made_of_copies(scratch):
    root = weights_files.tree({"a.onnx": scratch / "in" / "a.onnx", "deep/./a.data": scratch / "in" / "a-2.data"})
    assert root.is_relative_to(scratch / "scratch")
    assert (root / "deep" / "a.data").read_text() == "a-2.data"
    (root / "a.onnx").write_text("changed")
    assert (scratch / "in" / "a.onnx").read_text() == "a.onnx"


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "", ".", "a\\b", "a\0b", ".."])
def test_no_name_leads_outside(scratch, name):
    with pytest.raises(MisplacedFileError, match="outside their own folder"):
        weights_files.tree({name: scratch / "in" / "a.onnx"})


def test_a_bundle_from_its_files(tmp_path):
    names = ("saved_model.pb", "variables/variables.index", "variables.data-00000-of-00001", "assets/words.txt")
    found = bundle.bundled({name: tmp_path / name for name in names})
    assert set(found) == {*names[:2], "variables/variables.data-00000-of-00001", "assets/words.txt"}
    with pytest.raises(MisplacedFileError, match="neither a zip nor a file saved_model"):
        bundle.bundled({"model.h5": tmp_path})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["train", "serving_default"], "serving_default"),
        (["predict"], "predict"),
        (["predict", "__saved_model_init_op"], "predict"),
    ],
)
def test_the_signature_that_is_called(names, expected):
    assert bundle.signature_of(names) == expected


@pytest.mark.parametrize(("names", "words"), [(["a", "b"], "are: `a`, `b`"), ([], "are: none")])
def test_no_signature_is_guessed(names, words):
    with pytest.raises(bundle.SignatureError, match=words):
        bundle.signature_of(names)
