import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import make
from workflows import box, check, cli, local_model, static
from workflows.local_box import BoxAnswer
from workflows.local_model import Tried
from workflows.report import weights_entry

PASSED = {"outcome": "passed", "message": "good", "detail": ""}
FAILED = {"outcome": "failed", "message": "bad", "detail": ""}


@pytest.fixture
def good(tmp_path):
    return make.make_good(tmp_path / "model")


@pytest.fixture
def tested(monkeypatch):
    """Processes that answer at once; the list holds what was asked of them."""

    class Asked(list):
        reproduces = PASSED
        varies = PASSED
        comparisons = ()

    asked = Asked()

    def dynamic(model, wanted):
        asked.append((model.target, list(wanted)))
        checks = [{"name": "varies", "outcome": asked.varies}]
        verdict = {"reproduces": asked.reproduces, "tensors": [], "checks": checks}
        said = {"loads": PASSED, "runs": PASSED, "seconds": {}, "versions": {}}
        frames = [{name: json.dumps(value).encode()} for name, value in (("produced", said), ("verdict", verdict))]
        entry = weights_entry("onnx", "again", produced=BoxAnswer(frames[0], ""), verdict=BoxAnswer(frames[1], ""))
        return ([Tried(entry, *frames)] if model.described.formats() else []), list(asked.comparisons)

    monkeypatch.setattr(local_model, "dynamic", dynamic)
    return asked


def test_describe_in_words(good, capsys):
    assert cli.main(["describe", str(good)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["model 0.4.9: Spot Finder", "weights: onnx"]
    assert "weights/onnx: weights.onnx" in lines


def test_describe_in_json(good, capsys):
    assert cli.main(["describe", "--format", "json", str(good / "rdf.yaml")]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "accession/description/1"


def test_a_resource_without_weights(tmp_path, capsys):
    (tmp_path / "rdf.yaml").write_text("type: dataset\nname: Cells\nformat_version: 0.2.4\n")
    assert cli.main(["describe", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "dataset 0.2.4: Cells\n"
    assert cli.main(["dynamic", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "the resource has no weights to run\n"


def test_a_folder_that_cannot_be_described(tmp_path, capsys):
    assert cli.main(["describe", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("refused: ")
    assert said.endswith("[no-rdf]\n")
    assert cli.main(["dynamic", str(tmp_path)]) == 1
    assert capsys.readouterr().out == said


def test_static_for_real_finds_the_three_mistakes(tmp_path, capsys):
    assert cli.main(["static", "--format", "jsonl", str(make.make_good(tmp_path / "good"))]) == 0
    assert json.loads(capsys.readouterr().out)["acceptable"]
    assert cli.main(["static", "--format", "jsonl", str(make.make_three_mistakes(tmp_path / "bad"))]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {one["rule"] for one in findings if one["level"] != "warning"} == {"name", "license", "sha256"}


def test_dynamic_asks_for_the_wanted_formats(good, tested, capsys):
    assert cli.main(["dynamic", str(good), "--weights", "onnx", "--weights", "torchscript"]) == 0
    assert tested == [(check.Target(good), ["onnx", "torchscript"])]
    assert "    reproduces: passed: good\n" in capsys.readouterr().out


def test_dynamic_that_does_not_reproduce(good, tested, capsys):
    tested.reproduces = FAILED
    assert cli.main(["dynamic", str(good), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["weights"][0]["reproduces"] == FAILED


def test_dynamic_whose_output_never_varies(good, tested, capsys):
    tested.varies = FAILED
    assert cli.main(["dynamic", str(good)]) == 1
    assert "onnx: reproduces" in capsys.readouterr().out


def test_dynamic_whose_formats_disagree(good, tested, capsys):
    one = {"formats": ["onnx", "torchscript"], "run": "test", "outcome": FAILED, "max_abs": 1.0, "mismatch_ppm": 1e6}
    tested.comparisons = (one,)
    assert cli.main(["dynamic", str(good), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["comparisons"] == [one]


def test_all_is_both(good, tested, monkeypatch, capsys):
    monkeypatch.setattr(static, "check_folder", lambda folder, rdf: [])
    assert cli.main(["all", str(good), "--format", "json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"findings", "weights", "comparisons"}
    tested.reproduces = FAILED
    assert cli.main(["all", str(good)]) == 1


@pytest.mark.parametrize("argv", [[], ["dynamic"], ["box", "undo"], ["static", ".", "--weights", "onnx"]])
def test_wrong_use(argv, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(argv)
    assert left.value.code == 2
    assert "usage: accession-check" in capsys.readouterr().err


def test_a_path_that_is_not_there(tmp_path, capsys):
    assert cli.main(["all", str(tmp_path / "gone")]) == 2
    assert "neither a folder nor an RDF file" in capsys.readouterr().err


def test_box_serves_its_verb_and_leaves_with_its_code(monkeypatch):
    monkeypatch.setattr(box, "main", lambda verb: {"judge": 7}[verb])
    monkeypatch.setattr(box, "leave", sys.exit)
    with pytest.raises(SystemExit) as left:
        cli.main(["box", "judge"])
    assert left.value.code == 7


def test_the_module_is_the_command_and_imports_nothing_heavy():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "workflows", "--help"],
        capture_output=True,
        check=False,
        cwd=root,
    )
    assert done.returncode == 0
    assert b"accession-check" in done.stdout
    assert b"numpy" not in done.stderr
    assert b"ruamel" not in done.stderr
