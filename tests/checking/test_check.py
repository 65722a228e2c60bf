"""Checking an upload: who is to blame for what, what a box gets to see, and what is remembered."""

import pytest

from bot import plain_json
from bot.checking.check import check
from bot.checking.fit import fit_report
from bot.errors import GatewayError
from bot.records.box import BoxEnd
from tests.fakes.boxes import finding
from tests.fakes.web import error


@pytest.fixture
def checked(bench, upload):
    def run():
        return plain_json.validate(check(bench, upload.job()), "report")

    return run


def answers(report, name="onnx"):
    weights = next(one for one in report["weights"] if one["format"] == name)
    return tuple(weights[part]["outcome"] for part in ("loads", "runs", "reproduces"))


def test_a_good_model_passes(checked, boxes):
    report = checked()
    assert report["outcome"] == "passed", report["message"]
    assert answers(report) == answers(report, "torchscript") == ("passed",) * 3
    assert {"prepare", "static", "dynamic", "total"} <= report["seconds"].keys()
    assert report["weights"][0]["repeat"] == "accession-check dynamic DIR --weights onnx"
    assert report["weights"][0]["words"] == "some words"
    assert report["image"] == "sha256:fake"
    assert [(verb, formats) for verb, _, formats in boxes.warmed] == [
        ("produce", ("onnx",)),
        ("judge", ()),
        ("produce", ("onnx", "torchscript")),
        ("compare", ()),
    ]


def test_the_box_that_runs_the_model_never_sees_a_test_output(checked, upload, boxes):
    upload.rdf["files"] += [
        ["attachment", "out.npy", None],
        ["other", "out.npy", None],
        ["sample_output", "out.npy", None],
    ]
    checked()
    produced = [files for job, files in boxes.seen if job["verb"] == "produce"]
    assert len(produced) == 2
    for files in produced:
        assert b"6" not in files.values()
        assert len(files) == 4
        assert "job-plan.json" in files
    judged = [files for job, files in boxes.seen if job["verb"] == "judge"]
    assert all(b"6" in files.values() and b"3" not in files.values() for files in judged)


def test_a_test_output_given_as_input_shows_nothing(checked, upload):
    upload.files |= {"w.onnx": b"1", "w.pt": b"1", "in.npy": b"6"}
    report = checked()
    assert report["outcome"] == "failed"
    assert answers(report) == ("skipped",) * 3
    assert "also given as input" in report["weights"][0]["reproduces"]["message"]


def test_a_wrong_output_fails_and_says_by_how_much(checked, upload):
    upload.files["out.npy"] = b"7"
    report = checked()
    assert report["outcome"] == "failed"
    assert answers(report) == ("passed", "passed", "failed")
    assert "off by 1.0" in report["message"]


def test_one_format_that_fails_is_enough_to_fail(checked, upload):
    upload.files["w.pt"] = b"4"
    report = checked()
    assert report["outcome"] == "failed"
    assert answers(report) == ("passed",) * 3
    assert answers(report, "torchscript")[2] == "failed"


def test_other_formats_are_skipped_with_the_reason(checked, upload):
    upload.rdf["weights"].append("keras_hdf5")
    report = checked()
    assert report["outcome"] == "passed"
    assert answers(report, "keras_hdf5") == ("skipped",) * 3
    assert report["weights"][2]["loads"]["message"] == "keras_hdf5: this collection's boxes have no image for it."


def test_a_model_without_a_format_that_runs_here_is_not_passed(checked, upload):
    upload.rdf |= {"weights": ["keras_hdf5"], "files": upload.rdf["files"][2:]}
    report = checked()
    assert report["outcome"] == "failed"
    assert "No weight format" in report["message"]


def test_other_types_pass_by_the_rules_alone(checked, upload, boxes):
    upload.rdf = {"type": "dataset", "weights": [], "files": []}
    assert checked()["outcome"] == "passed"
    assert boxes.verbs() == ["describe", "static"]
    assert boxes.warmed == []


@pytest.mark.parametrize(("level", "outcome"), [("error", "failed"), ("policy", "failed"), ("warning", "passed")])
def test_findings_decide_by_their_level(checked, boxes, level, outcome):
    boxes.findings = [finding("some-rule", level=level)]
    report = checked()
    assert report["outcome"] == outcome
    assert len(report["findings"]) == 1
    assert answers(report) == ("passed",) * 3


@pytest.mark.parametrize(
    ("pointer", "onnx", "torchscript"),
    [
        ("/inputs/0/axes", False, False),
        ("/weights", False, False),
        ("/weights/onnx/sha256", False, True),
        ("/authors/0", True, True),
    ],
)
def test_errors_where_the_model_is_described_spare_the_run(checked, boxes, pointer, onnx, torchscript):
    boxes.findings = [finding("schema", pointer)]
    report = checked()
    assert (answers(report)[2] == "passed", answers(report, "torchscript")[2] == "passed") == (onnx, torchscript)
    assert ("judge" in {verb for verb, _, _ in boxes.warmed}) == (onnx or torchscript)
    assert report["outcome"] == "failed"


def test_a_missing_file(checked, upload):
    del upload.files["w.onnx"]
    report = checked()
    assert report["outcome"] == "failed"
    assert report["findings"][0]["rule"] == "missing-file"
    assert answers(report)[0] == "skipped"
    assert answers(report, "torchscript") == ("passed",) * 3


def test_a_wrong_hash_keeps_the_file_out_of_the_boxes(checked, upload, boxes):
    upload.rdf["files"][0][2] = "ab" * 32
    report = checked()
    assert report["findings"][0]["rule"] == "wrong-hash"
    assert {job["format"] for job, _ in boxes.seen if job["verb"] == "produce"} == {"torchscript"}


@pytest.mark.parametrize("end", [BoxEnd.TIME, BoxEnd.MEMORY, BoxEnd.OUTPUT, BoxEnd.FAILED, BoxEnd.PROTOCOL])
def test_a_model_that_ends_its_box_has_failed(checked, boxes, end):
    boxes.trouble["produce"] = end
    report = checked()
    assert report["outcome"] == "failed"
    assert answers(report) == ("skipped", "failed", "skipped")
    assert end.value in report["message"]


def test_the_limit_is_named(checked, boxes):
    boxes.trouble["produce"] = BoxEnd.MEMORY
    assert "4 GiB" in checked()["message"]


def test_false_words_of_the_producing_box_are_the_contributors(checked, boxes):
    boxes.trouble["produce"] = "lies"
    report = checked()
    assert report["outcome"] == "failed"
    assert answers(report)[1] == "failed"


@pytest.mark.parametrize(
    ("verb", "trouble", "outcome"),
    [
        ("static", BoxEnd.TIME, "failed"),
        ("static", BoxEnd.FAILED, "errored"),
        ("judge", BoxEnd.MEMORY, "failed"),
        ("judge", BoxEnd.FAILED, "errored"),
        ("judge", "lies", "errored"),
        ("produce", "not ready", "errored"),
        ("produce", GatewayError("engine down", reason="engine-down", transient=True), "errored"),
        ("static", GatewayError("engine down", reason="engine-down", transient=True), "errored"),
        ("describe", GatewayError("engine down", reason="engine-down", transient=True), "errored"),
        ("describe", BoxEnd.TIME, "failed"),
    ],
)
def test_whose_a_bad_end_is(checked, boxes, verb, trouble, outcome):
    boxes.trouble[verb] = trouble
    report = checked()
    assert report["outcome"] == outcome, report["message"]
    assert report["message"]


def test_the_same_content_is_judged_once(checked, boxes):
    first = checked()
    assert checked() == first
    assert boxes.verbs().count("static") == 1


@pytest.mark.parametrize("reason", ["box-killed", "boxes-closed"])
@pytest.mark.parametrize("verb", ["static", "produce", "judge"])
def test_a_box_that_somebody_else_ended_leaves_nothing_behind(checked, boxes, bench, verb, reason):
    boxes.trouble[verb] = GatewayError("killed from outside", reason=reason, transient=True)
    assert checked()["outcome"] == "errored"
    boxes.trouble.clear()
    assert checked()["outcome"] == "passed"


def test_an_errored_check_is_not_remembered(checked, boxes):
    boxes.trouble["judge"] = GatewayError("engine down", reason="engine-down", transient=True)
    assert checked()["outcome"] == "errored"
    boxes.trouble.clear()
    assert checked()["outcome"] == "passed"


def test_another_policy_or_image_judges_anew(checked, upload, boxes):
    checked()
    upload.limits = {"box_seconds": 60}
    checked()
    boxes.image = "sha256:other"
    checked()
    assert boxes.verbs().count("judge") == 6


def test_an_upload_that_cannot_be_read_fails_with_one_finding(checked, upload):
    upload.rdf = b"no yaml"
    report = checked()
    assert report["outcome"] == "failed"
    assert [found["rule"] for found in report["findings"]] == ["not-yaml"]


def test_a_server_that_is_down_is_ours(checked, web, upload):
    upload.rdf["files"].append(["attachment", "https://elsewhere.example/x", None])
    web.pages["https://elsewhere.example/x"] = error("server", transient=True)
    assert checked()["outcome"] == "errored"


def test_an_image_that_is_not_there_is_ours(bench, upload, boxes):
    def missing():
        raise GatewayError("no image", reason="no-image", transient=False)

    boxes.images = missing
    assert check(bench, upload.job())["outcome"] == "errored"


def test_a_report_that_is_too_long_is_cut_and_says_so(checked, boxes):
    boxes.findings = [finding("some-rule") | {"message": "m" * 2000} for _ in range(500)]
    report = plain_json.validate(fit_report(checked()), "report")
    assert len(plain_json.dumps(report)) <= plain_json.MAX_ANSWER_BYTES
    assert len(report["findings"]) + report["findings_left_out"] == 500
    assert report["outcome"] == "failed"


def test_a_process_names_no_image(checked, boxes):
    boxes.image = "process-abc"
    assert checked()["image"] == "process"
