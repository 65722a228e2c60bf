"""The verb's own logic, with a made-up tool."""

import json
from types import SimpleNamespace

import pytest

from workflows.dynamic import produce
from workflows.dynamic.outcome import passed
from workflows.dynamic.production import Production
from workflows.stopwatch import Stopwatch


@pytest.fixture
def tool(monkeypatch, tmp_path):
    """In a scratch folder: a format that is always there, loads and gives one tensor; a test breaks what it wants to see broken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(produce, "why_not", lambda weight_format: "")
    monkeypatch.setattr(produce.importlib, "import_module", lambda name: None)
    monkeypatch.setattr(produce, "load", lambda rdf, weight_format: "pipeline")
    monkeypatch.setattr(produce, "predict", lambda pipeline: {"a": b"A"})
    return monkeypatch


def raising(error):
    def call(*_):
        raise error

    return call


def ran(tmp_path):
    said = {}
    produce.run({"rdf": "rdf.yaml", "format": "onnx"}, tmp_path, said.__setitem__)
    return json.loads(said.pop("produced")), said


def test_two_answers_then_the_tensors(tool, tmp_path):
    tool.setattr(produce, "predict", lambda pipeline: {"a": b"A", "b": b"B"})
    said, tensors = ran(tmp_path)
    assert tensors == {"tensor-0": b"A", "tensor-1": b"B"}
    assert (said["loads"]["outcome"], said["runs"]["outcome"], said["traceback"]) == ("passed", "passed", "")
    assert list(said["seconds"]) == ["import", "load", "first_run"]
    assert "numpy" in said["versions"]


def test_a_missing_output_keeps_its_index(tool, tmp_path):
    tool.setattr(produce, "predict", lambda pipeline: {"a": None, "b": b"B"})
    said, tensors = ran(tmp_path)
    assert tensors == {"tensor-1": b"B"}
    assert said["runs"]["outcome"] == "failed"
    assert said["runs"]["message"] == "the model gave 1 of 2 declared outputs; missing: `a`"


def test_weights_that_do_not_load_are_not_run(tool, tmp_path):
    tool.setattr(produce, "load", raising(ValueError("SHA256 mismatch")))
    said, tensors = ran(tmp_path)
    assert tensors == {}
    assert said["loads"]["message"] == "loading the weights was refused: ValueError: SHA256 mismatch"
    assert said["runs"] == {"outcome": "skipped", "message": "not tried: the weights did not load", "detail": ""}
    assert said["traceback"] == said["loads"]["detail"]
    assert said["traceback"].endswith("ValueError: SHA256 mismatch\n")


@pytest.mark.parametrize(("error", "kind"), [(KeyError("stat"), "errored"), (SystemExit(3), "failed")])
def test_a_run_that_raises_has_loaded(tool, tmp_path, error, kind):
    tool.setattr(produce, "predict", raising(error))
    said, tensors = ran(tmp_path)
    assert tensors == {}
    assert (said["loads"]["outcome"], said["runs"]["outcome"]) == ("passed", kind)
    assert said["traceback"] == said["runs"]["detail"] != ""


def test_a_broken_image_is_our_fault(tool, tmp_path):
    tool.setattr(produce.importlib, "import_module", raising(ImportError("libgomp")))
    said, _ = ran(tmp_path)
    assert (said["loads"]["outcome"], said["loads"]["message"]) == (
        "errored",
        "the libraries of this image do not load",
    )
    assert "libgomp" in said["traceback"]


def test_a_format_that_cannot_be_run_is_skipped(tmp_path):
    production = produce.produce(tmp_path / "rdf.yaml", "tensorflow_js", Stopwatch())
    assert production.loads.as_json()["outcome"] == "skipped"
    assert "no image" in production.loads.message


def test_what_is_imported_before_the_job(monkeypatch):
    imported = []
    monkeypatch.setattr(produce.importlib, "import_module", imported.append)
    monkeypatch.delenv("ACCESSION_PRELOAD", raising=False)
    produce.preload()
    assert imported == ["bioimageio.core"]
    monkeypatch.setenv("ACCESSION_PRELOAD", "onnx, torchscript,keras_v3,")
    produce.preload()
    assert imported[1:] == ["bioimageio.core", "onnxruntime", "torch"]


def test_a_refused_description_in_words():
    errors = [SimpleNamespace(loc=("weights", "onnx"), msg="Field required")] * 4
    summary = SimpleNamespace(details=[SimpleNamespace(errors=errors)])
    words = produce.refusal(SimpleNamespace(validation_summary=summary))
    assert words == "; ".join(["weights.onnx: Field required"] * 3)
    summary = SimpleNamespace(details=[])
    assert produce.refusal(SimpleNamespace(validation_summary=summary)) == "no reason given"


def test_the_frame_has_a_short_traceback():
    said = json.loads(Production(passed("x"), passed("y")).frame({}, {}))
    assert said["traceback"] == ""
