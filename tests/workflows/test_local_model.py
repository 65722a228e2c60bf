"""All of `accession-check dynamic`, in real processes; the one that would run the model is a stand-in that speaks its protocol."""

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.samples import make
from tests.workflows import stand_in
from workflows import cli, local_model
from workflows.check import Described, Target, UsageError, describe
from workflows.local_model import Model, dynamic, placed, said, threads

FREE = "shape: {min: [1, 1, 16, 16], step: [0, 0, 8, 8]}"
FOLLOWING = "shape: {reference_tensor: raw, scale: [1, 1, 1, 1], offset: [0, 0, 0, 0]}"
FIXED = "shape: [1, 1, 64, 64]"


@pytest.fixture
def python(tmp_path, monkeypatch):
    """An interpreter whose `produce` is the stand-in."""
    path = tmp_path / "python"
    path.write_text(
        f'#!/bin/sh\n[ "$4" = produce ] && exec {sys.executable} {stand_in.__file__}\nexec {sys.executable} "$@"\n'
    )
    path.chmod(0o755)
    monkeypatch.setenv("ACCESSION_JOB_PYTHON", str(path))
    (tmp_path / "log").mkdir()
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "log"))
    return path


@pytest.fixture
def folder(tmp_path, python):
    """A model with ONNX and TorchScript weights and sizes to choose from."""
    made = make.make_good(tmp_path / "my model")
    rdf = (made / "rdf.yaml").read_text().replace(FIXED, FREE, 1).replace(FIXED, FOLLOWING)
    (made / "rdf.yaml").write_text(rdf + "  torchscript:\n    source: weights.pt\n")
    (made / "weights.pt").write_bytes(b"stands in for weights")
    return made


@pytest.fixture
def check(folder, monkeypatch, capsys):
    """Run the command on the model, in these moods; exit code and what it wrote."""

    def run(*arguments, path=None, **moods):
        monkeypatch.setenv("STAND_IN", json.dumps(moods))
        code = cli.main(["dynamic", str(path or folder), *arguments])
        return code, capsys.readouterr().out

    return run


def weights(said, *formats):
    report = json.loads(said)
    assert [one["format"] for one in report["weights"]] == list(formats or ["onnx", "torchscript"])
    return report


def outcomes(entry):
    return {one["name"]: one["outcome"]["outcome"] for one in entry["checks"]}


def test_everything_that_is_asked(check, report_schema):
    code, out = check("--format", "json")
    report = weights(out)
    assert code == 0
    for part in ("weights", "comparisons"):
        schema = report_schema["properties"][part] | {"$defs": report_schema["$defs"]}
        jsonschema.Draft202012Validator(schema).validate(report[part])
    for entry in report["weights"]:
        assert [entry[question]["outcome"] for question in ("loads", "runs", "reproduces")] == ["passed"] * 3
        assert outcomes(entry) == dict.fromkeys(["deterministic", "varies", "smallest", "stepped"], "passed")
        assert entry["seconds"] == {"import": 1.5, "load": 0.1, "first_run": 0.01, "steady": 0.002}
        assert entry["peak_memory_bytes"] == 100 * 2**20
        assert entry["warnings"] == ["a warning of the runtime", "another"]
        assert entry["artefact"]["size"] > 1000
        assert entry["image"] == "process"
    assert [(one["run"], one["outcome"]["outcome"]) for one in report["comparisons"]] == [
        ("test", "passed"),
        ("flipped", "passed"),
        ("noised", "passed"),
    ]


def test_in_words(check, folder):
    code, out = check(torchscript="wrong")
    blocks = out.split("\n\n")
    assert code == 1
    assert blocks[0].startswith(
        "onnx: reproduces\n    loads: passed: loaded\n    runs: passed: ran\n    reproduces: passed: "
    )
    assert "\n    took: import 1.5 s, load 0.1 s, first run 0.01 s, steady 0.002 s, 100 MiB of memory\n" in blocks[0]
    assert "\n    output: `probability` (float, float32, 1x1x64x64): passed, 0 ppm differ, " in blocks[0]
    assert "\n    deterministic: passed: twice the same\n" in blocks[0]
    assert "\n    warning: a warning of the runtime\n" in blocks[0]
    assert "to do" not in blocks[0]
    assert blocks[0].endswith(f"\n    repeat: accession-check dynamic '{folder}' --weights onnx")
    assert blocks[1].startswith("torchscript: does not reproduce\n")
    assert "failed, 1,000,000 ppm differ, largest absolute error 0.25, " in " ".join(blocks[1].split())
    assert "\n    to do: make the test output again with exactly these weights" in blocks[1]
    assert blocks[2].startswith("formats against each other\n    failed: onnx and torchscript differ on the test input")
    assert max(map(len, out.splitlines()[:-1])) <= 200


def test_the_boxes_get_what_the_protocol_says(check, folder, tmp_path):
    """The producing process never sees an expected output, nor another format's weights."""
    check()
    seen = {one: json.loads((tmp_path / "log" / f"{one}.json").read_text()) for one in ("onnx", "torchscript")}
    assert seen["onnx"]["files"] == ["box-rdf.yaml", "plan.json", "test_input.npy", "weights.onnx"]
    assert seen["torchscript"]["files"] == ["box-rdf.yaml", "plan.json", "test_input.npy", "weights.pt"]
    job = seen["onnx"]["job"]
    assert (job["rdf"], job["format"], job["plan"]) == ("box-rdf.yaml", "onnx", "plan.json")
    assert job["files"] == {"weights.onnx": "weights.onnx"}
    assert job["extra_seconds"] > 0
    sha256 = describe(Target(folder)).description["rdf"]["sha256"]
    assert job["seed"] == seen["torchscript"]["job"]["seed"] == int(sha256[:8], 16)


def test_formats_share_the_cores(check, tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(local_model, "own_cores", lambda: 8)
    check()
    assert json.loads((tmp_path / "log" / "onnx.json").read_text())["threads"] == "4"
    check("--weights", "onnx")
    assert json.loads((tmp_path / "log" / "onnx.json").read_text())["threads"] == "8"
    assert set(threads(0).values()) == {"1"}


def test_what_is_kept(check, tmp_path):
    kept = tmp_path / "new" / "kept"
    code, out = check("--keep", str(kept), torchscript="wrong")
    files = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    assert (
        {"onnx/probability.npy", "torchscript/probability.npy"}
        <= files
        <= {
            *(
                "onnx/probability.npy",
                "torchscript/probability.npy",
                "onnx/probability.png",
                "torchscript/probability.png",
            )
        }
    )
    assert f"kept: {kept}/onnx/probability.npy" in out.splitlines()
    assert (kept / "onnx/probability.npy").read_bytes() != (kept / "torchscript/probability.npy").read_bytes()
    assert code == 1


def test_pictures_are_kept_and_digested(check, tmp_path, job_python, python):
    """With the boxes' own interpreter, which has pillow, as the judge's."""
    python.write_text(python.read_text().replace(f'\nexec {sys.executable} "$@"', f'\nexec {job_python} "$@"'))
    _, out = check("--format", "json", "--weights", "onnx", "--keep", str(tmp_path / "kept"))
    (entry,) = weights(out, "onnx")["weights"]
    content = (tmp_path / "kept/onnx/probability.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert [(one["output"], one["size"]) for one in entry["pictures"]] == [("probability", len(content))]


def test_a_folder_that_nothing_can_be_kept_in(check, folder, capsys):
    assert cli.main(["dynamic", str(folder), "--keep", str(folder / "rdf.yaml")]) == 2
    assert "nothing can be kept in" in capsys.readouterr().err
    assert cli.main(["dynamic", str(folder), "--keep", str(folder / "rdf.yaml" / "below")]) == 2


@pytest.mark.parametrize(
    ("mood", "failing", "words"),
    [
        ("random", "deterministic", "run twice on the same input, it gives two outputs"),
        ("stored", "varies", "the model gives the same output whatever its input is"),
        (
            "no sizes",
            "smallest",
            "the model does not take the smallest declared input ([1, 1, 16, 16]): declare the sizes that it takes; ",
        ),
    ],
)
def test_what_the_further_runs_find(check, mood, failing, words):
    _, out = check("--format", "json", "--weights", "onnx", onnx=mood)
    (entry,) = weights(out, "onnx")["weights"]
    assert entry["reproduces"]["outcome"] == "passed"
    assert outcomes(entry)[failing] == "failed"
    assert words in next(one["outcome"]["message"] for one in entry["checks"] if one["name"] == failing)
    assert json.loads(out)["comparisons"] == []


def test_weights_of_another_network(check):
    code, out = check("--format", "json", torchscript="other weights")
    report = weights(out)
    assert code == 1
    assert [(one["run"], one["outcome"]["outcome"]) for one in report["comparisons"]] == [
        ("test", "failed"),
        ("flipped", "failed"),
        ("noised", "failed"),
    ]
    assert report["comparisons"][2]["outcome"]["message"].endswith(": convert them again from the same weights")


def test_one_format_that_dies_takes_nothing_from_the_other(check):
    code, out = check("--format", "json", onnx="dies")
    first, second = weights(out)["weights"]
    assert code == 1
    assert first["loads"]["message"] == "the model's process did not answer: it was ended by signal 9"
    assert first["words"] == "last words\n"
    assert second["reproduces"]["outcome"] == "passed"
    assert json.loads(out)["comparisons"] == []


def test_weights_that_do_not_load_in_words(check):
    _, out = check("--weights", "onnx", onnx="does not load")
    assert out.startswith(
        "onnx: does not load\n    loads: failed: loading the weights failed: bad file\n        | Traceback\n        | bad file\n"
    )
    assert "\n    to do: load the weights yourself with numpy " in out


def test_tensorflow_has_an_interpreter_of_its_own(check, folder, tmp_path, python, monkeypatch, capsys):
    (folder / "rdf.yaml").write_text((folder / "rdf.yaml").read_text() + "  keras_hdf5:\n    source: weights.h5\n")
    (folder / "weights.h5").write_bytes(b"stands in")
    monkeypatch.setenv("ACCESSION_JOB_PYTHON_TENSORFLOW", str(tmp_path / "absent"))
    assert cli.main(["dynamic", str(folder)]) == 2
    assert f"{tmp_path / 'absent'} is no program: name a Python that has the libraries" in capsys.readouterr().err
    assert check("--format", "json", "--weights", "onnx")[0] == 0, "no other format needs it"
    other = tmp_path / "other-python"
    other.write_text(python.read_text().replace("exec", "export STAND_IN_LOG=; exec", 1))
    other.chmod(0o755)
    monkeypatch.setenv("ACCESSION_JOB_PYTHON_TENSORFLOW", str(other))
    code, out = check("--format", "json")
    weights(out, "onnx", "torchscript", "keras_hdf5")
    assert code == 0
    assert sorted(path.stem for path in (tmp_path / "log").iterdir()) == ["onnx", "torchscript"]


def test_a_format_without_its_libraries_is_skipped(check, folder, job_python, monkeypatch):
    """With the real produce, in the boxes' first interpreter, which has no TensorFlow."""
    monkeypatch.setenv("ACCESSION_JOB_PYTHON", job_python)
    (folder / "rdf.yaml").write_text((folder / "rdf.yaml").read_text() + "  keras_hdf5: {source: weights.pt}\n")
    code, out = check("--format", "json", "--weights", "keras_hdf5")
    (entry,) = weights(out, "keras_hdf5")["weights"]
    assert (entry["loads"]["outcome"], code) == ("skipped", 1)
    assert entry["loads"]["message"].startswith("keras_hdf5 weights are not run")


def test_an_interpreter_without_any_of_the_libraries(check, monkeypatch):
    monkeypatch.setenv("ACCESSION_JOB_PYTHON", sys.executable)
    code, out = check("--format", "json", "--weights", "onnx")
    (entry,) = weights(out, "onnx")["weights"]
    assert (entry["loads"]["outcome"], code) == ("skipped", 1)
    assert entry["loads"]["message"] == (
        "onnx weights are not run here: bioimageio is not installed; install the boxes' libraries (accession[job]), "
        "or name a Python that has them in ACCESSION_JOB_PYTHON"
    )


def test_a_named_rdf_brings_the_folders_of_its_weights(check, folder, tmp_path):
    """Of a named RDF nothing else of its folder is looked at."""
    (folder / "tf/variables").mkdir(parents=True)
    for name in ("tf/saved_model.pb", "tf/variables/variables.index", "stranger.rdf.yaml", "tf/rdf.yaml"):
        (folder / name).write_bytes(b"1")
    rdf = folder / "other.yaml"
    rdf.write_text((folder / "rdf.yaml").read_text() + "  tensorflow_saved_model_bundle: {source: tf/saved_model.pb}\n")
    code, _ = check("--weights", "tensorflow_saved_model_bundle", path=rdf)
    seen = json.loads((tmp_path / "log/tensorflow_saved_model_bundle.json").read_text())
    assert seen["job"]["files"] == {
        "saved_model.pb": "tf/saved_model.pb",
        "variables.index": "tf/variables/variables.index",
    }
    assert code == 0


def test_a_format_that_is_not_there(folder):
    model = Model(Target(folder), describe(Target(folder)), {})
    with pytest.raises(UsageError, match="the RDF has no keras_v3 weights; it has: onnx, torchscript"):
        dynamic(model, ["keras_v3"])
    with pytest.raises(UsageError, match="it has: none"):
        dynamic(Model(Target(folder), Described({}, {}), {}), ["onnx"])


def test_a_format_that_is_named_twice_is_run_once(check):
    weights(check("--weights", "onnx", "--weights", "onnx", "--format", "json")[1], "onnx")


def test_a_missing_file_fails_without_a_process(check, folder, tmp_path):
    (folder / "weights.pt").unlink()
    _, out = check("--format", "json")
    assert weights(out)["weights"][1]["loads"]["message"] == "weights.pt is not in the folder"
    assert not (tmp_path / "log/torchscript.json").exists()


def test_frames_become_files_under_names_of_ours(tmp_path):
    frames = {"tensor-0": b"a", "tensor-12": b"b", "tensor-x": b"c", "again-0": b"d", "../tensor-0": b"e"}
    found = placed(frames, local_model._TEST, tmp_path / "in", "onnx")
    assert found == {"tensor": {"0": "onnx-tensor-0.npy", "12": "onnx-tensor-12.npy"}}
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["onnx-tensor-0.npy", "onnx-tensor-12.npy"]


@pytest.mark.parametrize("extras", [b"[]", b"{", b'{"runs": 3}', b'{"runs": {"again": 7}}'])
def test_words_of_a_box_that_are_none(extras):
    from workflows.local_box import BoxAnswer

    assert said(BoxAnswer({"extras": extras}, "")) == {}


def test_nothing_is_left_behind(check, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    check(onnx="dies")
    assert list(scratch.iterdir()) == []
    shutil.rmtree(Path(scratch))
