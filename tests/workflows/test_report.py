import hashlib
import json
import math

import pytest

from workflows import report
from workflows.local_box import BoxAnswer

PASSED = {"outcome": "passed", "message": "good", "detail": ""}
FAILED = {"outcome": "failed", "message": "bad", "detail": "line 1\nline 2"}
SKIPPED = {"outcome": "skipped", "message": "no", "detail": ""}


SAID = {"loads": PASSED, "runs": PASSED, "seconds": {"load": 0.1}, "versions": {"numpy": "2"}, "traceback": ""}


def answered(**frames):
    return BoxAnswer({name: json.dumps(value).encode() for name, value in frames.items()}, "", "said")


def produced(runs=PASSED):
    said = {"loads": PASSED, "runs": runs, "seconds": {"load": 0.1}, "versions": {"numpy": "2"}, "traceback": ""}
    return answered(produced=said, done={"seconds": {}, "peak_memory_bytes": 7})


def test_a_full_entry(check_definition):
    verdict = answered(verdict={"reproduces": PASSED, "tensors": []}, done={})
    entry = report.weights_entry("onnx", "repeat it", produced=produced(), verdict=verdict)
    check_definition(entry, "weights")
    assert [entry[question] for question in report.QUESTIONS] == [PASSED] * 3
    assert (entry["peak_memory_bytes"], entry["words"], entry["repeat"]) == (7, "said", "repeat it")


def test_what_came_beside_the_answers(check_definition):
    tensor = {"name": "mask"}
    verdict = answered(verdict={"reproduces": PASSED, "tensors": [tensor, tensor], "checks": [], "more": 1}, done={})
    frames = {**verdict.frames, "picture-1": b"a picture", "artefact": b"a zip"}
    box = produced()
    extras = {"runs": {}, "steady_seconds": 0.25, "warnings": ["a", "x" * 999, 7, "b"]}
    said = {**json.loads(box.frames["produced"]), "warnings": ["a", *map(str, range(30))]}
    box = answered(produced=said, extras=extras, done={"peak_memory_bytes": 7})
    entry = report.weights_entry("onnx", "r", produced=box, verdict=BoxAnswer(frames, ""))
    check_definition(entry | {"tensors": []}, "weights")
    assert entry["pictures"] == [{"output": "mask", "sha256": hashlib.sha256(b"a picture").hexdigest(), "size": 9}]
    assert entry["artefact"] == {"sha256": hashlib.sha256(b"a zip").hexdigest(), "size": 5}
    assert entry["seconds"] == {"load": 0.1, "steady": 0.25}
    assert entry["warnings"] == ["a", *map(str, range(19))]


@pytest.mark.parametrize("extras", [[], {"steady_seconds": None}, {"steady_seconds": -1}, {"steady_seconds": "x"}])
def test_a_steady_time_that_is_none(extras):
    entry = report.weights_entry("onnx", "r", produced=answered(produced=SAID, extras=extras))
    assert entry["seconds"] == {"load": 0.1}


def test_a_machine_without_the_libraries(check_definition):
    words = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'bioimageio'\n"
    entry = report.weights_entry("onnx", "r", produced=BoxAnswer({}, "it ended with exit code 1", words))
    check_definition(entry, "weights")
    assert entry["loads"]["outcome"] == "skipped"
    assert entry["loads"]["message"].startswith("onnx weights are not run here: bioimageio is not installed; install")


def test_a_model_that_only_says_so_was_ready_and_failed():
    words = "ModuleNotFoundError: No module named 'bioimageio'\n"
    entry = report.weights_entry("onnx", "r", produced=BoxAnswer({"ready": b""}, "it ended with exit code 1", words))
    assert entry["loads"]["outcome"] == "failed"


def test_a_model_whose_process_died(check_definition):
    entry = report.weights_entry("onnx", "r", produced=BoxAnswer({}, "it was ended by signal 11", "last words"))
    check_definition(entry, "weights")
    assert entry["loads"] == {
        "outcome": "failed",
        "message": "the model's process did not answer: it was ended by signal 11",
        "detail": "last words",
    }
    assert (entry["runs"]["outcome"], entry["reproduces"]["outcome"]) == ("skipped", "skipped")
    assert entry["peak_memory_bytes"] is None


def test_a_box_that_was_never_started(check_definition):
    entry = report.weights_entry("onnx", "r", fault="weights.onnx is not in the folder")
    check_definition(entry, "weights")
    assert entry["loads"]["message"] == "weights.onnx is not in the folder"
    assert entry["words"] == ""


def test_a_judge_that_died():
    entry = report.weights_entry("onnx", "r", produced=produced(), verdict=BoxAnswer({}, "it was ended by signal 9"))
    assert entry["reproduces"]["message"] == "the judge did not answer: it was ended by signal 9"


def test_outputs_that_nobody_judged_are_no_pass():
    entry = report.weights_entry("onnx", "r", produced=produced())
    assert entry["reproduces"] == {"outcome": "failed", "message": "the outputs were not judged", "detail": ""}


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([(PASSED, PASSED, PASSED)], True),
        ([(PASSED, PASSED, FAILED)], False),
        ([(PASSED, SKIPPED, PASSED)], False),
        ([(SKIPPED, SKIPPED, SKIPPED)], False),
        ([(PASSED, PASSED, PASSED), (SKIPPED, SKIPPED, SKIPPED)], True),
        ([(PASSED, PASSED, PASSED), (FAILED, SKIPPED, SKIPPED)], False),
        ([], False),
    ],
)
def test_reproduced_means_all_that_can_be_run(ends, expected):
    weights = [dict(zip(report.QUESTIONS, one, strict=True)) for one in ends]
    assert report.reproduced(weights) is expected


def finding(level, line=3):
    return {
        "level": level,
        "rule": "name",
        "line": line,
        "column": 1 if line else None,
        "message": "too long",
        "fix": "Shorten.",
    }


def test_a_warning_keeps_nothing_out():
    assert not report.blocking([finding("warning")])
    assert report.blocking([finding("warning"), finding("policy")])
    assert report.blocking([finding("error")])


def test_findings_in_lines():
    lines = list(report.finding_lines([finding("error"), {**finding("warning", None), "fix": ""}], "rdf.yaml"))
    assert lines == [
        "rdf.yaml:3:1: error: too long [name]",
        "    Shorten.",
        "rdf.yaml: warning: too long [name]",
    ]


def test_json_is_strict():
    assert report.as_json({"b": 1, "a": "ü"}) == '{\n  "a": "ü",\n  "b": 1\n}'
    with pytest.raises(ValueError, match="JSON compliant"):
        report.as_json(math.nan)


@pytest.mark.parametrize(
    ("check", "comparison", "expected"),
    [(PASSED, PASSED, False), (SKIPPED, PASSED, False), (FAILED, PASSED, True), (PASSED, FAILED, True)],
)
def test_what_fails_beyond_the_three_questions_is_unsound(check, comparison, expected):
    weights = [{"checks": [{"name": "varies", "outcome": check}]}]
    assert report.unsound(weights, [{"outcome": comparison}]) is expected
