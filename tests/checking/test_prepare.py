"""Preparing an upload: what comes back, in whose words, and what is remembered."""

import base64
import hashlib
import json

import pytest

from bot.checking.fit import fit_submission
from bot.checking.prepare import prepare
from bot.errors import GatewayError
from bot.records.box import BoxEnd
from bot.records.job import Job
from tests.checking.conftest import BASE, problem_of
from tests.fakes.web import error


def test_a_good_upload(prepared, upload, bench):
    found = prepared()
    assert found["outcome"] == "described"
    assert [(file["name"], file["roles"], file["problem"]) for file in found["files"]] == [
        (source, [role], None) for role, source, _ in upload.rdf["files"]
    ]
    assert all(bench.cache.path(file["sha256"]) for file in found["files"])
    assert bench.cache.read(found["rdf"]["sha256"], limit=10**6) == json.dumps(upload.rdf).encode()


def test_twice_is_once(prepared, web, boxes):
    first = prepared()
    fetched = len(web.fetched)
    assert prepared() == first
    assert len(web.fetched) == fetched
    assert boxes.verbs() == ["describe"]


def test_a_lost_or_corrupted_file_is_fetched_again(prepared, web, tmp_path):
    first = prepared()
    path = tmp_path / "cache" / "blobs" / hashlib.sha256(b"2").hexdigest()
    path.chmod(0o644)
    path.write_bytes(b"7")
    assert prepared() == first
    assert web.fetched.count(BASE + "in.npy") == 2
    assert web.fetched.count(BASE + "out.npy") == 1
    assert path.read_bytes() == b"2"


def test_another_image_reads_the_upload_anew(prepared, boxes):
    prepared()
    boxes.image = "sha256:other"
    prepared()
    assert boxes.verbs() == ["describe", "describe"]


def test_the_content_hash_is_of_the_content_alone(prepared, upload):
    first = prepared()["content_hash"]
    upload.files["README.md"] = b"not named in the RDF"
    assert prepared()["content_hash"] == first
    upload.files["in.npy"] = b"4"
    assert prepared()["content_hash"] != first


def test_a_zip(prepared, upload, web):
    upload.zipped = True
    found = prepared()
    assert found["outcome"] == "described"
    assert all(file["url"] is None and file["sha256"] for file in found["files"])
    assert web.fetched == [BASE + "package.zip"]


def test_a_zip_and_its_files_are_the_same_content(prepared, upload):
    single = prepared()["content_hash"]
    upload.zipped = True
    assert prepared()["content_hash"] == single


def test_an_rdf_of_another_name_is_asked_for(prepared, upload, boxes):
    upload.files["odd.yml"] = json.dumps(upload.rdf).encode()
    upload.rdf = None
    assert prepared()["outcome"] == "described"
    assert boxes.verbs() == ["describe", "describe"]


def test_an_override_replaces_the_rdf_and_changes_the_content(prepared, upload, web):
    first = prepared()
    upload.override = base64.b64encode(json.dumps(upload.rdf | {"weights": ["onnx"]}).encode()).decode()
    found = prepared()
    assert found["resource"]["weights"] == ["onnx"]
    assert found["content_hash"] != first["content_hash"]
    assert web.fetched.count(BASE + "rdf.yaml") == 1


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("absent.npy", "missing-file"),
        ("../outside.npy", "missing-file"),
        ("/etc/passwd", "unsupported-source"),
        ("file:///etc/passwd", "unsupported-source"),
        ("s3://bucket/x", "unsupported-source"),
        ("https://elsewhere.example/gone.npy?token=abc", "gone"),
    ],
)
def test_a_source_that_leads_nowhere_is_told_and_the_rest_is_there(prepared, upload, source, rule):
    upload.rdf["files"].append(["attachment", source, None])
    found = prepared()
    assert found["outcome"] == "described"
    problem = problem_of(found, source)
    assert problem["rule"] == rule
    assert problem["fix"]
    assert "token=abc" not in problem["message"]
    assert [file["name"] for file in found["files"] if file["problem"]] == [source]


def test_a_wrong_hash_names_both(prepared, upload):
    upload.rdf["files"][0][2] = "ab" * 32
    found = prepared()
    problem = problem_of(found, "w.onnx")
    actual = hashlib.sha256(b"3").hexdigest()
    assert problem["rule"] == "wrong-hash"
    assert actual in problem["message"]
    assert "ab" * 32 in problem["message"]
    assert actual in problem["fix"]


@pytest.mark.parametrize(
    ("limits", "rule"), [({"file_bytes": 5}, "file-too-large"), ({"package_bytes": 9}, "package-too-large")]
)
def test_too_large(prepared, upload, limits, rule):
    upload.files["big.bin"] = b"0123456789"
    upload.rdf["files"].append(["attachment", "big.bin", None])
    upload.limits = limits | {"rdf_bytes": 1000}
    assert problem_of(prepared(), "big.bin")["rule"] == rule


def test_too_many_files(prepared, upload):
    upload.limits = {"files": 3}
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("refused", "too-many-files")


@pytest.mark.parametrize("rdf", [b"\x00 no yaml", b""])
def test_an_rdf_that_cannot_be_read(prepared, upload, rdf):
    upload.rdf = rdf
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("refused", "not-yaml")


def test_an_rdf_that_is_too_large_is_not_even_fetched(prepared, upload, web):
    upload.limits = {"rdf_bytes": 10}
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("refused", "file-too-large")
    assert web.fetched == []


def test_no_rdf(prepared, upload):
    upload.rdf = None
    assert prepared()["reason"] == "no-rdf"


@pytest.mark.parametrize(
    ("trouble", "outcome", "reason"),
    [
        (BoxEnd.TIME, "refused", "time-limit"),
        (BoxEnd.MEMORY, "refused", "memory-limit"),
        (BoxEnd.OUTPUT, "refused", "output-limit"),
        (BoxEnd.FAILED, "errored", "box-failed"),
        (BoxEnd.PROTOCOL, "errored", "box-failed"),
        ("not ready", "errored", "box-not-ready"),
        ("late", "errored", "box-late"),
        ("lies", "errored", "box-answer"),
        (GatewayError("engine down", reason="engine-down", transient=True), "errored", "engine-down"),
    ],
)
def test_a_describe_box_that_ends_badly(prepared, boxes, trouble, outcome, reason):
    boxes.trouble["describe"] = trouble
    found = prepared()
    assert (found["outcome"], found["reason"]) == (outcome, reason)
    if outcome == "errored":
        boxes.trouble.clear()
        assert prepared()["outcome"] == "described"


def test_an_upload_whose_rdf_is_gone_says_so(prepared, web):
    web.pages[BASE + "rdf.yaml"] = error("gone", transient=False, status=404)
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("refused", "gone")
    assert "rdf.yaml" in found["message"]


def test_names_full_of_mischief_stay_inside_the_schema(prepared, upload):
    name = "@everyone `x` <b> [skip ci] Closes #1\u202e" + "n" * 900
    upload.rdf["files"].append(["attachment", name, None])
    assert problem_of(prepared(), name)["rule"] == "missing-file"


def test_a_list_of_files_beyond_the_answers_size_is_refused(bench, upload):
    upload.rdf["files"] += [["attachment", f"{number}" + "x" * 1000, None] for number in range(200)]
    found = fit_submission(prepare(bench, upload.job()))
    assert (found["outcome"], found["reason"]) == ("refused", "description-too-long")


def test_an_override_that_is_no_base64_is_no_job(upload):
    upload.override = "@@@"
    with pytest.raises(ValueError, match=r"base64|digit|padding"):
        Job.from_json(upload.job_json())
