"""Every weight format in its own image, side by side, and none twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot import plain_json
from bot.checking.check import check
from bot.checking.expected import RUN_FORMATS
from bot.errors import GatewayError
from bot.gateways.boxes_places import Places
from bot.records.box import KINDS, BoxLimits, Machine
from bot.records.job import Job
from tests.checking.conftest import BASE
from tests.fakes.boxes import FakeBoxes

TF, JS = "sha256:tensorflow", "sha256:tfjs"
GIB = 1024**3


@pytest.fixture
def checked(bench, upload):
    def run(**more):
        return plain_json.validate(check(bench, Job.from_json(upload.job_json() | more)), "report")

    return run


@pytest.fixture
def seven(upload):
    """A model with weights of every format."""
    upload.rdf["weights"] = list(RUN_FORMATS)
    files = [[f"weights/{name}", f"w.{name}", None] for name in RUN_FORMATS]
    upload.rdf["files"] = [*files, *upload.rdf["files"][2:]]
    upload.files |= {f"w.{name}": b"3" for name in RUN_FORMATS}


def ran(boxes, verb="produce"):
    return [image for ran_verb, image, _ in boxes.ran if ran_verb == verb]


def produced(boxes):
    return [job["format"] for job, _ in boxes.seen if job["verb"] == "produce"]


def test_every_format_has_a_kind_of_image():
    schema = plain_json._validator("report", "weights").schema["$defs"]["weights"]
    assert set(RUN_FORMATS) == set(schema["properties"]["format"]["enum"])
    assert set(RUN_FORMATS.values()) == set(KINDS)


def test_each_format_runs_in_its_own_image_and_is_judged_in_the_first(checked, seven, boxes):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    report = checked()
    assert report["outcome"] == "passed", report["message"]
    images = {one["format"]: one["image"] for one in report["weights"]}
    assert images == {
        name: {"onnx-torch": "sha256:fake", "tensorflow": TF, "tfjs": JS}[kind] for name, kind in RUN_FORMATS.items()
    }
    assert sorted(ran(boxes)) == sorted(images.values())
    assert set(ran(boxes, "judge") + ran(boxes, "static") + ran(boxes, "compare")) == {"sha256:fake"}


def test_a_format_without_an_image_is_skipped_and_says_so(checked, seven, boxes):
    boxes.others = {"tensorflow": TF}
    weights = {one["format"]: one for one in checked()["weights"]}
    assert weights["tensorflow_js"]["loads"]["outcome"] == "skipped"
    assert "no image" in weights["tensorflow_js"]["loads"]["message"]
    assert weights["tensorflow_js"]["image"] == ""
    assert weights["keras_v3"]["reproduces"]["outcome"] == "passed"


def test_all_formats_share_the_fetch_and_the_seed(checked, seven, boxes, web):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    checked()
    assert web.fetched.count(BASE + "in.npy") == 1
    seeds = {job["seed"] for job, _ in boxes.seen if job["verb"] == "produce"}
    assert len(seeds) == 1


def test_the_seed_is_another_for_other_content_and_for_another_secret(checked, upload, boxes, bench, web):
    checked()
    web.pages.clear()
    upload.files["README.md"] = b"words"
    upload.rdf["files"].append(["documentation", "README.md", None])
    checked()
    check(replace(bench, secret=b"other"), Job.from_json(upload.job_json() | {"policy": other_policy(upload)}))
    seeds = [job["seed"] for job, _ in boxes.seen if job["verb"] == "produce"]
    assert len(set(seeds)) == 3


def other_policy(upload):
    return upload.job_json()["policy"] | {"types": ["model"]}


@pytest.mark.parametrize(
    ("machine", "limits", "at_once"),
    [
        (Machine(8, 64 * GIB), BoxLimits(cpus=2, memory_bytes=4 * GIB), 4),
        (Machine(8, 8 * GIB), BoxLimits(cpus=2, memory_bytes=4 * GIB), 2),
        (Machine(2, 64 * GIB), BoxLimits(cpus=2, memory_bytes=4 * GIB), 1),
        (Machine(1, GIB), BoxLimits(cpus=2, memory_bytes=4 * GIB), 1),
        (Machine(3, 64 * GIB), BoxLimits(cpus=1, memory_bytes=4 * GIB), 3),
    ],
)
def test_how_many_run_side_by_side(machine, limits, at_once):
    assert machine.at_once(limits) == at_once


def test_on_a_small_machine_one_format_runs_after_the_other(checked, seven, boxes):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    boxes.room = Machine(2, 64 * GIB)
    assert checked()["outcome"] == "passed"
    assert boxes.most_at_once == 1


class OneBudget(FakeBoxes):
    """Boxes that share a machine of two processors, as sealed ones do."""

    def __init__(self):
        super().__init__()
        self._places = Places(Machine(2, 64 * GIB))

    def run(self, job, inputs, limits, take, **more):
        with self._places.hold(limits, lambda: False, whose=more["whose"]):
            return super().run(job, inputs, limits, take, **more)


def test_checks_side_by_side_share_the_machine_and_none_waits_for_ever(bench, seven, upload):
    boxes = OneBudget()
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    bench, jobs = replace(bench, boxes=boxes), []
    for number in range(4):
        upload.limits = {"box_seconds": 60 + number}
        jobs.append(upload.job())
    with ThreadPoolExecutor(4) as pool:
        outcomes = [report["outcome"] for report in pool.map(lambda job: check(bench, job), jobs, timeout=60)]
    assert outcomes == ["passed"] * 4
    assert len(ran(boxes)) == 4 * 7
    assert boxes.most_at_once == 1


def test_all_boxes_of_a_check_are_its_own_and_no_others(checked, prepared, seven, boxes):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    prepared()
    checked()
    names = {}
    for (verb, *_), whose in zip(boxes.ran, boxes.owners, strict=True):
        names.setdefault("reading" if verb == "describe" else "checking", set()).add(whose)
    assert boxes.verbs().count("produce") == 7
    assert "" not in boxes.owners
    assert [len(names["reading"]), len(names["checking"])] == [1, 1]
    assert names["reading"] != names["checking"]


def test_boxes_are_started_while_the_rules_look(checked, seven, boxes):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    checked()
    assert {(verb, image) for verb, image, _ in boxes.warmed} == {
        ("produce", "sha256:fake"), ("produce", TF), ("produce", JS), ("judge", "sha256:fake"), ("compare", "sha256:fake"),
    }  # fmt: skip


def test_a_changed_image_runs_its_own_formats_alone(checked, seven, boxes):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    first = checked()
    boxes.others["tfjs"] = "sha256:newer"
    boxes.seen.clear()
    second = checked()
    assert produced(boxes) == ["tensorflow_js"]
    assert boxes.verbs() == ["produce", "judge", "compare"]
    assert [one["image"] for one in second["weights"]][:6] == [one["image"] for one in first["weights"]][:6]
    assert second["weights"][6]["image"] == "sha256:newer"
    assert second["comparisons"] == first["comparisons"]


def test_an_image_that_came_later_runs_what_was_skipped(checked, upload, boxes):
    upload.rdf["weights"].append("keras_v3")
    upload.rdf["files"].append(["weights/keras_v3", "w.onnx", None])
    assert checked()["weights"][2]["runs"]["outcome"] == "skipped"
    boxes.others = {"tensorflow": TF}
    assert checked()["weights"][2]["runs"]["outcome"] == "passed"
    assert produced(boxes).count("onnx") == 1


def test_a_changed_image_of_other_formats_changes_nothing(checked, boxes):
    first = checked()
    boxes.others = {"tensorflow": TF}
    boxes.seen.clear()
    assert checked() == first
    assert boxes.seen == []


def test_what_a_kept_format_produced_and_is_gone_is_produced_again(checked, seven, boxes, tmp_path):
    boxes.others = {"tensorflow": TF, "tfjs": JS}
    checked()
    boxes.others["tfjs"] = "sha256:newer"
    for path in (tmp_path / "cache" / "blobs").iterdir():
        if path.read_bytes() in {b"6.0", b"-6.0"}:
            path.unlink()
    boxes.seen.clear()
    assert checked()["outcome"] == "passed"
    assert sorted(produced(boxes)) == sorted(RUN_FORMATS)


def test_a_format_that_errored_is_run_again_and_the_others_are_not(checked, boxes):
    trouble = GatewayError("engine down", reason="engine-down", transient=True)
    boxes.trouble["compare"] = trouble
    assert checked()["outcome"] == "errored"
    boxes.trouble.clear()
    boxes.seen.clear()
    assert checked()["outcome"] == "passed"
    assert boxes.verbs() == ["compare"]


def test_known_content_is_answered_without_preparing_or_fetching(checked, upload, boxes, web, tmp_path):
    first = checked()
    for path in (tmp_path / "cache" / "blobs").iterdir():
        path.unlink()
    boxes.seen.clear()
    web.fetched.clear()
    assert checked(known=first["content_hash"]) == first
    assert boxes.seen == web.fetched == []


@pytest.mark.parametrize("change", ["image", "policy", "content"])
def test_known_content_under_other_conditions_is_checked_as_usual(checked, upload, boxes, web, change):
    known = checked()["content_hash"]
    boxes.seen.clear()
    if change == "image":
        boxes.image = "sha256:other"
    elif change == "policy":
        upload.limits = {"box_seconds": 60}
    else:
        known = "0" * 64
        web.pages.clear()
        upload.files["in.npy"], upload.files["out.npy"] = b"4", b"12"
    assert checked(known=known)["outcome"] == "passed"
    assert "produce" in boxes.verbs()


def test_limits_follow_the_type_of_the_resource(checked, upload, boxes):
    upload.limits = {"box_seconds": 50, "by_type": {"model": {"box_seconds": 20}, "dataset": {"box_seconds": 10}}}
    assert checked()["outcome"] == "passed"
    seconds = {verb: limits.seconds for verb, _, limits in boxes.ran}
    assert seconds == {"describe": 50, "static": 20, "produce": 20, "judge": 20, "compare": 20}


def test_the_time_for_further_runs_is_a_quarter_and_bounded(checked, upload, boxes):
    for limits in ({"box_seconds": 600}, {"box_seconds": 20}, {"box_seconds": 600, "box_extra_seconds": 7}):
        upload.limits = limits
        checked()
    given = {job["extra_seconds"] for job, _ in boxes.seen if job["verb"] == "produce"}
    assert given == {60, 5, 7}


def test_a_box_is_told_how_its_weights_are_called(checked, upload, boxes):
    upload.rdf["files"][0] = ["weights/onnx", "folder/net.onnx", None]
    upload.files["folder/net.onnx"] = b"3"
    checked()
    job, inputs = next(one for one in boxes.seen if one[0].get("format") == "onnx" and one[0]["verb"] == "produce")
    assert job["files"] == {"file-0.bin": "folder/net.onnx"}
    assert json.loads(inputs["rdf.yaml"])["weights"] == "file-0.bin"
