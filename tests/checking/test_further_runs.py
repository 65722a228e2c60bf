"""Runs beyond the test inputs: what is asked, what stands when the box ends in the middle, what it means for the verdict."""

import pytest

from bot import plain_json
from bot.checking import weights_report
from bot.checking.check import check
from bot.errors import GatewayError
from bot.records.box import BoxEnd
from tests.fakes.boxes import Ended


@pytest.fixture
def checked(bench, upload):
    def run():
        return plain_json.validate(check(bench, upload.job()), "report")

    return run


@pytest.fixture
def onnx(upload):
    """A model with ONNX weights alone."""
    upload.rdf["weights"] = ["onnx"]
    del upload.rdf["files"][1]


def checks(report, index=0):
    return {one["name"]: one["outcome"]["outcome"] for one in report["weights"][index]["checks"]}


def answers(report):
    return tuple(report["weights"][0][part]["outcome"] for part in ("loads", "runs", "reproduces"))


ALL = ("deterministic", "varies", "smallest", "stepped")


def test_a_good_model_passes_all_and_its_evidence_is_told(checked, onnx):
    report = checked()
    assert checks(report) == dict.fromkeys(ALL, "passed")
    weights = report["weights"][0]
    assert weights["warnings"] == ["old weights", "slow"]
    assert weights["seconds"]["steady"] == 0.05
    assert {"load", "produce", "judge"} <= weights["seconds"].keys()


def test_a_collection_that_gives_no_time_has_no_further_runs(checked, upload):
    upload.limits = {"box_extra_seconds": 0}
    report = checked()
    assert report["outcome"] == "passed"
    assert checks(report) == dict.fromkeys(ALL, "skipped")
    assert report["weights"][0]["checks"][0]["outcome"]["message"] == weights_report.NOT_ASKED
    assert {one["run"] for one in report["comparisons"]} == {"test"}


def test_an_image_without_plans_makes_no_further_runs_and_compares_nothing(checked, boxes):
    boxes.plan = None
    report = checked()
    assert report["outcome"] == "passed"
    assert checks(report) == checks(report, 1) == {}
    assert report["comparisons"] == []
    assert "compare" not in boxes.verbs()


def test_a_run_that_the_box_did_not_make_is_skipped_with_its_reason(checked, onnx, boxes):
    boxes.plan = {"runs": []}
    report = checked()
    assert report["outcome"] == "passed"
    assert checks(report)["smallest"] == "skipped"
    assert "no sizes" in report["weights"][0]["checks"][2]["outcome"]["message"]


@pytest.mark.parametrize(("weights", "name"), [(b"=6", "varies"), (b"?6", "deterministic")])
def test_a_failed_check_fails_the_report_with_its_words(checked, onnx, upload, weights, name):
    upload.files["w.onnx"] = weights
    report = checked()
    assert answers(report) == ("passed",) * 3
    assert checks(report)[name] == "failed"
    assert report["outcome"] == "failed"
    assert f"onnx: not {name}" in report["message"]


@pytest.mark.parametrize(
    ("end", "said", "outcome"),
    [
        (BoxEnd.TIME, "skipped", "passed"),
        (BoxEnd.MEMORY, "failed", "failed"),
        (BoxEnd.FAILED, "failed", "failed"),
        (BoxEnd.PROTOCOL, "failed", "failed"),
        (BoxEnd.OUTPUT, "failed", "failed"),
    ],
)
def test_what_was_said_before_a_bad_end_stands_and_the_checks_say_how_it_ended(
    checked, onnx, boxes, end, said, outcome
):
    boxes.trouble["produce"] = Ended("flipped", end)
    report = checked()
    assert answers(report) == ("passed",) * 3
    assert checks(report) == {"deterministic": "passed", "varies": said, "smallest": "skipped", "stepped": "skipped"}
    varies = report["weights"][0]["checks"][1]["outcome"]["message"]
    assert end.value in varies
    assert report["outcome"] == outcome
    assert (varies in report["message"]) == (outcome == "failed")


def test_a_box_that_ends_after_its_last_run_has_made_them_all(checked, onnx, boxes):
    boxes.trouble["produce"] = Ended("extras", BoxEnd.FAILED)
    report = checked()
    assert checks(report) == dict.fromkeys(ALL, "passed")
    assert report["outcome"] == "passed"


@pytest.mark.parametrize("at", ["produced", "tensor-0"])
def test_before_its_tensors_came_the_box_has_failed(checked, onnx, boxes, at):
    boxes.trouble["produce"] = Ended(at, BoxEnd.MEMORY)
    report = checked()
    assert answers(report) == ("skipped", "failed", "skipped")
    assert "4 GiB" in report["message"]
    assert checks(report) == {}


@pytest.mark.parametrize("said", [None, [], {"runs": []}, {"runs": {"again": {"outcome": "yes"}}}, {"runs": {"x": 1}}])
def test_what_is_no_word_on_further_runs_counts_as_not_said(said):
    extras = weights_report.extras(said)
    assert {run: one["outcome"] for run, one in extras.outcomes.items()} == dict.fromkeys(
        ("again", "flipped", "noised", "smallest", "stepped"), "skipped"
    )
    assert extras.outcomes["again"]["message"] == weights_report.NOT_SAID


def test_extras_are_bounded():
    said = {"warnings": ["w" * 1000] * 100 + [3], "steady_seconds": -1}
    extras = weights_report.extras(said)
    assert [len(text) for text in extras.warnings] == [300] * 20
    assert extras.steady_seconds is None
    answer = weights_report.untried("onnx", "") | {"warnings": [f"{n}" for n in range(19)]}
    assert len(weights_report.with_extras(answer, extras)["warnings"]) == 20


def test_the_judge_is_given_what_was_produced_and_what_was_said(checked, onnx, boxes):
    checked()
    job, files = next((job, files) for job, files in boxes.seen if job["verb"] == "judge")
    assert job["runs"].keys() == job["said"].keys() == {"again", "flipped", "noised", "smallest", "stepped"}
    assert all(files[name] for names in job["runs"].values() for name in names)
    assert job["plan"] in files


def test_formats_are_compared_on_every_run_with_equal_inputs(checked, boxes):
    report = checked()
    assert {one["run"] for one in report["comparisons"]} == {"test", "flipped", "noised"}
    assert {tuple(one["formats"]) for one in report["comparisons"]} == {("onnx", "torchscript")}
    job, files = next((job, files) for job, files in boxes.seen if job["verb"] == "compare")
    assert set(files) == {
        "judge-spec.json",
        *(n for runs in job["formats"].values() for ns in runs.values() for n in ns),
    }


def test_formats_that_differ_on_the_judges_own_inputs_fail(checked, upload):
    upload.files["w.pt"] = b"=6"
    report = checked()
    assert answers(report) == ("passed",) * 3
    assert report["outcome"] == "failed"
    assert "onnx and torchscript: flipped: differ" in report["message"]


def test_one_format_alone_is_compared_with_nothing(checked, onnx, boxes):
    checked()
    assert "compare" not in boxes.verbs()
    assert "compare" not in {verb for verb, _, _ in boxes.warmed}


@pytest.mark.parametrize(
    ("trouble", "outcome", "report_outcome"),
    [
        (BoxEnd.MEMORY, "failed", "failed"),
        (BoxEnd.FAILED, "errored", "errored"),
        ("lies", "errored", "errored"),
        (GatewayError("engine down", reason="engine-down", transient=True), "errored", "errored"),
    ],
)
def test_whose_a_bad_end_of_the_comparing_box_is(checked, boxes, trouble, outcome, report_outcome):
    boxes.trouble["compare"] = trouble
    report = checked()
    assert [one["outcome"]["outcome"] for one in report["comparisons"]] == [outcome]
    assert report["outcome"] == report_outcome
    assert report["weights"][0]["reproduces"]["outcome"] == "passed"
