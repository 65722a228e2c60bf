"""Values of the road: what follows from them, and that what the work side says becomes them without loss."""

import pytest

from bot import plain_json
from bot.corridor.check_pull import make_job
from bot.records.event import CollectionSubject, PullSubject, RecordSubject
from bot.records.job import Job, JobLimits
from bot.records.policy import DEFAULT_LIMITS, Policy
from bot.records.stage import STAGE_LABELS, Stage
from bot.records.verdict import report
from tests.fakes.facts import PLACE, POLICY, finding, upload
from tests.fakes.workshop import report as report_json


@pytest.mark.parametrize(
    ("subject", "name"),
    [(RecordSubject("17"), "record 17"), (PullSubject(5), "pull 5"), (CollectionSubject(), "collection")],
)
def test_a_subject_has_a_name(subject, name):
    assert str(subject) == name
    assert len({subject, subject}) == 1


def test_stages_are_labels_and_four_are_final():
    assert {stage.value for stage in Stage} == STAGE_LABELS
    assert {stage.value for stage in Stage if stage.final} == {"merged", "declined", "withdrawn", "superseded"}


@pytest.mark.parametrize("outcome", ["passed", "failed", "errored"])
def test_a_report_is_read_whole(outcome):
    data = plain_json.validate(report_json("d" * 64, outcome), "report")
    made = report(data)
    assert (made.outcome, made.content_hash, made.message) == (outcome, "d" * 64, data["message"])
    assert [f.message for f in made.findings] == [f["message"] for f in data["findings"]]
    assert [t.max_abs for w in made.weights for t in w.tensors] == [
        t["max_abs"] for w in data["weights"] for t in w["tensors"]
    ]
    assert [w.reproduces.outcome for w in made.weights] == [w["reproduces"]["outcome"] for w in data["weights"]]
    assert made.blocking == made.findings


def test_a_finding_without_suggestion_is_one_too():
    data = report_json("d" * 64, "failed")
    data["findings"][0]["suggestion"] = None
    assert report(data).findings[0].suggestion is None


@pytest.mark.parametrize(("level", "blocks"), [("error", True), ("policy", True), ("warning", False)])
def test_errors_and_policy_stand_in_the_way(level, blocks):
    assert finding(level=level).blocks is blocks


def test_only_people_with_an_address_are_mailed():
    assert POLICY.mails == ("curator@zoo.example",)
    assert Policy("Zoo", (), ()).limits == DEFAULT_LIMITS
    with pytest.raises(TypeError):
        DEFAULT_LIMITS["files"] = 1


def test_a_place_is_a_folder():
    assert PLACE.folder == "collection/entries/brave-otter/1001"


def test_a_job_is_read_back_as_it_was_asked():
    asked = make_job("check", upload(), "zenodo-1000", POLICY, rdf=b"name: x\n\xff")
    job = Job.from_json(asked)
    assert job.override == b"name: x\n\xff"
    assert [(file.name, file.md5) for file in job.files] == [(file.name, file.md5) for file in upload().files]
    assert job.listing() == [{"name": "rdf.yaml", "size": 120}, {"name": "weights.onnx", "size": 9000}]
    assert job.limits == JobLimits(**DEFAULT_LIMITS)
    assert Job.from_json({**asked, "rdf_override": None}).override is None
    assert (job.known, job.evidence_days) == (None, POLICY.evidence_days)
    assert Job.from_json({**asked, "known": "a" * 64}).known == "a" * 64


def test_limits_of_a_type_go_before_the_others():
    limits = {"box_seconds": 50, "box_pids": 7, "by_type": {"model": {"box_seconds": 20}}}
    assert (JobLimits.from_json(limits).box_seconds, JobLimits.from_json(limits, "dataset").box_seconds) == (50, 50)
    of_models = JobLimits.from_json(limits, "model")
    assert (of_models.box_seconds, of_models.box_pids, of_models.box_cpus) == (20, 7, JobLimits().box_cpus)


def test_an_override_that_is_no_base64_is_refused():
    asked = make_job("check", None, "x", POLICY, rdf=None)
    with pytest.raises(ValueError, match="base64"):
        Job.from_json({**asked, "rdf_override": "*"})


def test_limits_of_a_box_leave_it_half_of_its_memory():
    box = JobLimits.from_json({"box_memory_bytes": 100, "box_seconds": 3, "other": 1}).box()
    assert (box.memory_bytes, box.scratch_bytes, box.seconds) == (100, 50, 3)
    assert JobLimits().for_describe() == {
        "rdf_bytes": 1_000_000,
        "file_bytes": 4 * 1024**3,
        "package_bytes": 8 * 1024**3,
        "files": 256,
    }
