"""The verb's own logic with a made-up tool, and the real one in a process where a job interpreter is there."""

import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.samples import make
from workflows.check import Target, describe, dynamic
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


# --- the real thing ------------------------------------------------------------------------------------------------


def entries_of(folder, python, *formats, **named):
    target = Target(folder, **named)
    environ = {**os.environ, "ACCESSION_JOB_PYTHON": python}
    return {entry["format"]: entry for entry in dynamic(target, describe(target), formats, environ)}


def answers(entry):
    return [entry[question]["outcome"] for question in ("loads", "runs", "reproduces")]


def test_a_good_onnx_model(tmp_path, job_python, check_definition):
    entry = entries_of(make.make_good(tmp_path / "m", seed=3), job_python)["onnx"]
    check_definition(entry, "weights")
    assert answers(entry) == ["passed"] * 3
    assert entry["tensors"][0]["max_abs"] < 5e-6
    assert entry["peak_memory_bytes"] > 10_000_000
    assert set(entry["seconds"]) == {"import", "load", "first_run"}
    assert {"bioimageio.core", "onnxruntime", "numpy"} <= set(entry["versions"])


def test_a_wrong_output_fails_at_the_right_question(tmp_path, job_python):
    entry = entries_of(make.make_wrong_output(tmp_path / "m"), job_python)["onnx"]
    assert answers(entry) == ["passed", "passed", "failed"]
    tensor = entry["tensors"][0]
    assert (tensor["mismatched"], tensor["elements"], tensor["mismatch_ppm"]) == (256, 4096, 62500.0)
    assert tensor["max_abs"] == pytest.approx(make.SHIFT, abs=1e-5)


def test_two_outputs_keep_their_order(tmp_path, job_python):
    entry = entries_of(make.make_two_outputs(tmp_path / "m"), job_python)["onnx"]
    assert answers(entry) == ["passed"] * 3
    assert [(one["name"], one["kind"]) for one in entry["tensors"]] == [("probability", "float"), ("mask", "binary")]


def test_a_hash_of_other_weights(tmp_path, job_python):
    entry = entries_of(make.make_three_mistakes(tmp_path / "m"), job_python)["onnx"]
    assert answers(entry) == ["failed", "skipped", "skipped"]
    assert "loading the weights was refused: ValueError: SHA256 mismatch" in entry["loads"]["message"]


def rehashed(folder, name="weights.onnx"):
    import hashlib
    import re

    sha256 = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    rdf = folder / "rdf.yaml"
    rdf.write_text(re.sub(r"(?m)^    sha256: .*", f"    sha256: {sha256}", rdf.read_text()))
    return folder


@pytest.mark.parametrize("content", [b"not an ONNX file", b"", None])
def test_weights_that_are_none(tmp_path, job_python, content):
    folder = make.make_good(tmp_path / "m")
    weights = folder / "weights.onnx"
    weights.write_bytes(weights.read_bytes()[:100] if content is None else content)
    entry = entries_of(rehashed(folder), job_python)["onnx"]
    assert answers(entry) == ["failed", "skipped", "skipped"]
    assert "loading the weights failed" in entry["loads"]["message"]
    assert "onnxruntime" in entry["loads"]["detail"]


def test_an_input_that_the_model_does_not_take(tmp_path, job_python):
    folder = make.make_good(tmp_path / "m")
    np.save(folder / "test_input.npy", np.zeros((1, 1, 64, 60), np.float32))
    entry = entries_of(folder, job_python)["onnx"]
    assert answers(entry) == ["passed", "failed", "skipped"]
    assert "running the model failed" in entry["runs"]["message"]


def test_output_statistics_are_a_fault_of_the_tool(tmp_path, job_python):
    """bioimageio.core raises KeyError for them (traps); it must not be blamed on the contributor."""
    folder = make.make_good(tmp_path / "m")
    step = "    postprocessing:\n      - name: scale_mean_variance\n        kwargs: {mode: per_sample, axes: yx, reference_tensor: raw}\n"
    rdf = folder / "rdf.yaml"
    rdf.write_text(rdf.read_text().replace("test_inputs:", step + "test_inputs:"))
    entry = entries_of(folder, job_python)["onnx"]
    assert answers(entry) == ["passed", "errored", "skipped"]


def sampled(torch_python, tmp_path, maker, **keywords):
    code = (
        f"import pathlib; from tests.samples import make; make.{maker}(pathlib.Path({str(tmp_path)!r}), **{keywords!r})"
    )
    root = str(Path(__file__).parents[3])
    subprocess.run([torch_python, "-c", code], check=True, cwd=root, env={"PYTHONPATH": root})
    return tmp_path


def test_torchscript_and_onnx_of_one_model(tmp_path, torch_python):
    folder = sampled(torch_python, tmp_path / "m", "make_torchscript")
    entries = entries_of(folder, torch_python)
    assert {name: answers(entry) for name, entry in entries.items()} == {
        "onnx": ["passed"] * 3,
        "torchscript": ["passed"] * 3,
    }
    (folder / "weights.pt").write_bytes(b"PK not a zip")
    assert answers(entries_of(folder, torch_python, "torchscript")["torchscript"])[0] == "failed"


@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        ("print('loads passed'); import os; os.write(1, b'garbage')", ["passed", "passed", "passed"]),
        ("raise SystemExit(0)", ["failed", "skipped", "skipped"]),
        ("import os; os._exit(0)", ["failed", "skipped", "skipped"]),
        ("import missing_module_of_mine", ["failed", "skipped", "skipped"]),
        ("raise KeyError('mine')", ["failed", "skipped", "skipped"]),
    ],
)
def test_state_dict_with_code_of_its_own(tmp_path, torch_python, hostile, expected):
    folder = sampled(torch_python, tmp_path / "m", "make_state_dict", hostile=hostile)
    entry = entries_of(folder, torch_python)["pytorch_state_dict"]
    assert answers(entry) == expected


@pytest.mark.realdata
@pytest.mark.parametrize("rdf", ["local_v0_4_9.bioimageio.yaml", "local_bioimageio.yaml"])
def test_the_real_unet_reproduces(unet2d, torch_python, rdf):
    entries = entries_of(unet2d, torch_python, "onnx", "torchscript", rdf=rdf)
    for entry in entries.values():
        assert answers(entry) == ["passed"] * 3
        assert entry["tensors"][0]["max_abs"] < 5e-6
        assert entry["tensors"][0]["elements"] == 512 * 512


@pytest.mark.realdata
def test_the_real_unet_shifted_by_five_hundredths(unet2d, job_python, tmp_path):
    for name in ("local_v0_4_9.bioimageio.yaml", "weights.onnx", "weights.pt", "test_input.npy", "README.md"):
        (tmp_path / name).write_bytes((unet2d / name).read_bytes())
    np.save(tmp_path / "test_output.npy", np.load(unet2d / "test_output.npy") + np.float32(0.05))
    entry = entries_of(tmp_path, job_python, "onnx", rdf="local_v0_4_9.bioimageio.yaml")["onnx"]
    assert answers(entry) == ["passed", "passed", "failed"]
    tensor = entry["tensors"][0]
    assert tensor["max_abs"] == pytest.approx(0.05, abs=1e-5)
    assert (tensor["mismatched"], tensor["mismatch_ppm"]) == (262_144, 1_000_000)
