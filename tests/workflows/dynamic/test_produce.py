"""The verb's own logic, with a made-up tool."""

import json
import warnings
from types import SimpleNamespace

import pytest

from workflows.dynamic import produce
from workflows.dynamic.outcome import passed
from workflows.dynamic.pipeline import Model
from workflows.dynamic.production import Production


@pytest.fixture
def tool(monkeypatch, tmp_path):
    """In a scratch folder: a format that is always there, loads and gives one tensor; a test breaks what it wants to see broken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(produce, "why_not", lambda weight_format: "")
    monkeypatch.setattr(produce.importlib, "import_module", lambda name: None)
    monkeypatch.setattr(produce, "load", lambda rdf, weight_format, files: Model({}, None, "pipeline"))
    monkeypatch.setattr(produce, "inputs_of", lambda model: [])
    monkeypatch.setattr(produce, "predict", lambda model, inputs: {"a": b"A"})
    return monkeypatch


def raising(error):
    def call(*_):
        raise error

    return call


def ran(tmp_path, **more):
    said = {}
    produce.run({"rdf": "rdf.yaml", "format": "onnx", **more}, tmp_path, said.__setitem__)
    return json.loads(said.pop("produced")), said


def test_two_answers_then_the_tensors(tool, tmp_path):
    tool.setattr(produce, "predict", lambda model, inputs: {"a": b"A", "b": b"B"})
    said, tensors = ran(tmp_path)
    assert tensors == {"tensor-0": b"A", "tensor-1": b"B"}
    assert (said["loads"]["outcome"], said["runs"]["outcome"], said["traceback"]) == ("passed", "passed", "")
    assert list(said["seconds"]) == ["import", "load", "first_run"]
    assert "numpy" in said["versions"]


def test_a_missing_output_keeps_its_index(tool, tmp_path):
    tool.setattr(produce, "predict", lambda model, inputs: {"a": None, "b": b"B"})
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
    said, tensors = ran(tmp_path, format="caffe")
    assert (said["loads"]["outcome"], tensors) == ("skipped", {})
    assert "no image" in said["loads"]["message"]


def test_what_is_warned_of_is_in_the_frame(tool, tmp_path):
    def load(*_):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"odd weights in {tmp_path}/w.pt", UserWarning, stacklevel=1)
        return Model({}, None, "pipeline")

    tool.setattr(warnings, "showwarning", lambda *_, **__: None)
    tool.setattr(produce, "load", load)
    assert ran(tmp_path)[0]["warnings"] == ["UserWarning: odd weights in w.pt"]


def test_the_files_of_the_weights_are_handed_on(tool, tmp_path):
    seen = []
    tool.setattr(produce, "load", lambda rdf, weight_format, files: seen.append((rdf.name, weight_format, files)))
    ran(tmp_path, files={"w-2.onnx": "net/w.onnx"})
    ran(tmp_path)
    assert seen == [("rdf.yaml", "onnx", {"w-2.onnx": "net/w.onnx"}), ("rdf.yaml", "onnx", {})]


def test_versions_that_only_the_loaded_weights_know(tool, tmp_path):
    adapter = SimpleNamespace(versions={"Node": "24.19.0"})
    tool.setattr(produce, "load", lambda *_: Model({}, adapter, "pipeline"))
    assert ran(tmp_path)[0]["versions"]["Node"] == "24.19.0"


def test_a_model_that_did_not_run_is_not_run_further(tool, tmp_path):
    tool.setattr(produce, "predict", raising(KeyError("x")))
    _, said = ran(tmp_path, extra_seconds=5)
    extras = json.loads(said.pop("extras"))
    assert said == {}
    assert set(extras) == {"runs", "steady_seconds", "warnings"}
    assert {run["outcome"]["message"] for run in extras["runs"].values()} == {"not tried: the model did not run"}
    assert list(extras["runs"]) == ["again", "flipped", "noised", "smallest", "stepped"]


def test_a_fault_in_further_runs_takes_nothing_from_the_answers(tool, tmp_path):
    tool.setattr(produce, "spans", lambda description: [])
    said, rest = ran(tmp_path, extra_seconds=5, plan="absent.json")
    extras = json.loads(rest.pop("extras"))
    assert said["runs"]["outcome"] == "passed"
    assert rest == {"tensor-0": b"A"}
    assert {run["outcome"]["outcome"] for run in extras["runs"].values()} == {"errored"}
    assert "absent.json" in extras["runs"]["again"]["outcome"]["detail"]


@pytest.mark.parametrize("more", [{}, {"extra_seconds": 0}, {"plan": "plan.json", "seed": 3}])
def test_a_job_that_asks_for_no_further_runs_gets_none(tool, tmp_path, more):
    _, said = ran(tmp_path, **more)
    assert said == {"tensor-0": b"A"}


def test_what_is_imported_before_the_job(monkeypatch):
    imported, rehearsed = [], []
    monkeypatch.setattr(produce.importlib, "import_module", imported.append)
    monkeypatch.setattr(produce, "why_not", lambda weight_format: "absent" if weight_format == "keras_v3" else "")
    monkeypatch.setattr(produce, "rehearse", rehearsed.append)
    monkeypatch.delenv("ACCESSION_PRELOAD", raising=False)
    produce.preload()
    assert (imported, rehearsed) == (["bioimageio.core"], [])
    monkeypatch.setenv("ACCESSION_PRELOAD", "onnx, torchscript,keras_v3,caffe,")
    produce.preload()
    adapter = "workflows.dynamic.adapters.onnx"
    assert imported[1:] == ["bioimageio.core", "onnxruntime", adapter, "torch"]
    assert rehearsed == [["onnx", "torchscript"]]


def test_the_frame_has_a_short_traceback():
    said = json.loads(Production(passed("x"), passed("y")).frame({}, {}))
    assert (said["traceback"], said["warnings"]) == ("", [])
