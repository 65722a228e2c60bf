"""The work side behind files: a question stays open until its own answer is there, and nothing else is taken for it."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from bot import plain_json
from bot.digests import job_id
from bot.errors import GatewayError, PendingError
from bot.gateways import plain_files
from bot.gateways.work_files import WorkFiles
from tests.checking.conftest import Upload
from tests.fakes.web import FakeWeb
from tests.fakes.workshop import report

ENVIRONMENT = "e" * 64
SUBMISSION = {
    "schema": "accession/submission/1",
    "outcome": "refused",
    "reason": "no-rdf",
    "message": "There is none.",
    "rdf": None,
    "resource": None,
    "files": [],
    "content_hash": None,
}


@pytest.fixture
def job():
    return Upload(FakeWeb()).job_json("check")


@pytest.fixture
def answers(tmp_path):
    (tmp_path / "answers").mkdir()
    return tmp_path / "answers"


@pytest.fixture
def files(tmp_path, answers):
    return WorkFiles(ENVIRONMENT, questions=tmp_path / "questions", answers=answers)


def leave(answers, job, said, name="answer.json"):
    folder = answers / f"answer-{job_id(job)}"
    folder.mkdir(exist_ok=True)
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    (folder / name).write_bytes(content)
    return folder / name


def test_a_question_without_an_answer_stays_open(files, job, tmp_path):
    with pytest.raises(PendingError) as pending:
        files.check(job)
    assert pending.value.job == job_id(job)
    (path,) = (tmp_path / "questions").iterdir()
    assert path.name == f"{job_id(job)}.json"
    assert plain_json.validate(json.loads(path.read_text()), "job") == job
    assert files.open == [job_id(job)]


def test_its_own_answer_is_taken(files, answers, job):
    leave(answers, job, report("c" * 64, "passed"))
    assert files.check(job)["outcome"] == "passed"
    leave(answers, {**job, "verb": "prepare"}, SUBMISSION)
    assert files.prepare({**job, "verb": "prepare"}) == SUBMISSION
    assert files.environment() == ENVIRONMENT


@pytest.mark.parametrize(
    "other",
    [
        {"attempt": "1.0"},
        {"rdf_override": "bm90IHRoZSBzYW1l"},
        {"build": "c" * 64},
        {"verb": "prepare"},
        {"evidence_days": 3},
    ],
    ids=lambda other: next(iter(other)),
)
def test_an_answer_to_another_question_is_not_taken(files, answers, job, other):
    """Another head has another rdf.yaml, another upload other files: the question's name follows from all of it."""
    leave(answers, {**job, **other}, report("c" * 64, "passed"))
    with pytest.raises(PendingError):
        files.check(job)


def test_a_question_that_jobs_were_given_and_did_not_answer_failed(tmp_path, answers, job):
    prepare = {**job, "verb": "prepare"}
    files = WorkFiles(ENVIRONMENT, questions=tmp_path / "questions", answers=answers, expected=[job_id(prepare)])
    for ask, asked in ((files.prepare, prepare), (files.check, job)):
        with pytest.raises(GatewayError) as failed:
            ask(asked)
        assert failed.value.reason == "work-gone"
    assert not (tmp_path / "questions").exists()
    with pytest.raises(PendingError):
        files.prepare({**prepare, "attempt": "0.1"})


def test_of_the_last_step_every_question_without_an_answer_failed(tmp_path, answers, job):
    files = WorkFiles(ENVIRONMENT, questions=tmp_path / "questions", answers=answers, final=True)
    with pytest.raises(GatewayError, match="without an answer"):
        files.check(job)


@pytest.mark.parametrize(
    "said",
    [
        b"\x80\x04K\x01.",
        b"[" * 100_000,
        b'{"outcome": NaN}',
        b"{}",
        json.dumps(SUBMISSION).encode(),
        json.dumps(report("c" * 64, "passed") | {"outcome": "accepted"}).encode(),
        json.dumps(report("c" * 64, "passed")).encode() + b" " * plain_json.MAX_ANSWER_BYTES,
    ],
    ids=["pickle", "deep", "no number", "empty", "of another schema", "an outcome that is none", "too long"],
)
def test_an_answer_that_is_none_is_refused(files, answers, job, said):
    leave(answers, job, said)
    with pytest.raises(GatewayError) as refused:
        files.check(job)
    assert not refused.value.transient
    assert refused.value.reason in {"work-answer", "strange-artifact"}


def test_an_answer_of_a_gigabyte_is_not_read(files, answers, job):
    with leave(answers, job, b"").open("wb") as file:
        file.truncate(1024**3)
    with pytest.raises(GatewayError, match="1073741824 bytes"):
        files.check(job)


def test_links_in_an_answer_are_not_followed(files, answers, job, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(report("c" * 64, "passed")))
    path = leave(answers, job, b"")
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(GatewayError, match="ELOOP"):
        files.check(job)
    path.unlink()
    folder = path.parent.rename(tmp_path / "elsewhere")
    (folder / "answer.json").write_bytes(secret.read_bytes())
    path.parent.symlink_to(folder, target_is_directory=True)
    with pytest.raises(GatewayError, match="cannot be opened"):
        files.check(job)


# --- blobs ----------------------------------------------------------------------------------------------------------------


def test_a_blob_is_found_beside_an_answer_and_hashed(files, answers, job):
    sha256 = hashlib.sha256(b"rdf").hexdigest()
    leave(answers, job, b"rdf", name=sha256)
    assert files.blob(sha256) == b"rdf"


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", ""])
def test_a_blob_that_is_not_there_is_gone(files, answers, job, sha256):
    leave(answers, job, SUBMISSION)
    with pytest.raises(GatewayError) as gone:
        files.blob(sha256)
    assert gone.value.reason == "blob-gone"


def test_a_blob_that_is_not_what_its_name_says_is_refused(files, answers, job):
    sha256 = hashlib.sha256(b"rdf").hexdigest()
    leave(answers, job, b"another", name=sha256)
    with pytest.raises(GatewayError, match="not what its name says"):
        files.blob(sha256)
    leave(answers, job, b"x" * 1_000_001, name=sha256)
    with pytest.raises(GatewayError, match="1000001 bytes"):
        files.blob(sha256)


def test_a_folder_that_is_no_answer_brings_no_blobs(files, answers):
    sha256 = hashlib.sha256(b"rdf").hexdigest()
    (answers / "produced-onnx").mkdir()
    (answers / "produced-onnx" / sha256).write_bytes(b"rdf")
    with pytest.raises(GatewayError):
        files.blob(sha256)


# --- reading what somebody else filled ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "-x", "a\nb", "a" * 129, ".hidden"])
def test_a_name_that_is_not_plain_opens_nothing(tmp_path, name):
    with pytest.raises(GatewayError):
        plain_files.read(tmp_path, name, limit=10)


def test_a_pipe_does_not_hold_anybody_up(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(GatewayError, match="no ordinary file"):
        plain_files.read(tmp_path, "pipe", limit=10)


def test_thousands_of_files_are_too_many(tmp_path):
    for number in range(4097):
        (tmp_path / f"f{number}").touch()
    with pytest.raises(GatewayError, match="4097 files"):
        plain_files.names(tmp_path)


def test_where_there_is_nothing_nothing_is_found(tmp_path):
    assert plain_files.names(tmp_path, "nowhere") == []
    assert plain_files.read(tmp_path / "nowhere", "file", limit=1) is None
