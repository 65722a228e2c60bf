"""Real models through the real boxes' code, in a process where a job interpreter is there; skips without one."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.samples import make
from workflows.check import Target, describe
from workflows.local_model import Model, dynamic


def entries_of(folder, python, *formats, **named):
    target = Target(folder, **named)
    environ = {**os.environ, "ACCESSION_JOB_PYTHON": python}
    tested, _ = dynamic(Model(target, describe(target), environ), formats)
    return {one.format: one.entry for one in tested}


def answers(entry):
    return [entry[question]["outcome"] for question in ("loads", "runs", "reproduces")]


def test_a_good_onnx_model(tmp_path, job_python, check_definition):
    entry = entries_of(make.make_good(tmp_path / "m", seed=3), job_python)["onnx"]
    check_definition(entry, "weights")
    assert answers(entry) == ["passed"] * 3
    assert entry["tensors"][0]["max_abs"] < 5e-6
    assert entry["peak_memory_bytes"] > 10_000_000
    assert set(entry["seconds"]) == {"import", "load", "first_run", "steady"}
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


def test_statistics_of_an_output(tmp_path, job_python):
    """bioimageio.core raises KeyError for them; the specification allows them."""
    folder = make.make_good(tmp_path / "m")
    step = "    postprocessing:\n      - name: scale_mean_variance\n        kwargs: {mode: per_sample, axes: yx, reference_tensor: raw}\n"
    rdf = folder / "rdf.yaml"
    rdf.write_text(rdf.read_text().replace("test_inputs:", step + "test_inputs:"))
    raw, probability = np.load(folder / "test_input.npy"), np.load(folder / "test_output.npy")
    scaled = (probability - probability.mean()) / (probability.std() + 1e-6) * (raw.std() + 1e-6) + raw.mean()
    np.save(folder / "test_output.npy", scaled.astype(np.float32))
    entry = entries_of(folder, job_python)["onnx"]
    assert answers(entry) == ["passed"] * 3


def test_statistics_are_those_that_the_step_before_left(tmp_path, job_python):
    """First clipped, then scaled by its own statistics: the mean that counts is not the network's."""
    folder = make.make_good(tmp_path / "m")
    steps = (
        "    postprocessing:\n      - {name: clip, kwargs: {min: 0.1, max: 0.3}}\n"
        "      - {name: scale_mean_variance, kwargs: {mode: per_sample, axes: yx, reference_tensor: raw}}\n"
    )
    rdf = folder / "rdf.yaml"
    rdf.write_text(rdf.read_text().replace("test_inputs:", steps + "test_inputs:"))
    raw, clipped = np.load(folder / "test_input.npy"), np.load(folder / "test_output.npy").clip(0.1, 0.3)
    scaled = (clipped - clipped.mean()) / (clipped.std() + 1e-6) * (raw.std() + 1e-6) + raw.mean()
    np.save(folder / "test_output.npy", scaled.astype(np.float32))
    entry = entries_of(folder, job_python)["onnx"]
    assert answers(entry) == ["passed"] * 3


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
