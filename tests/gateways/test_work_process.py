"""The key-holding side against a work side that misbehaves, and against the real one."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways.work_process import WorkProcess, child_environment
from bot.records.job import Job

HOSTILE = Path(__file__).parent / "hostile" / "work.py"


@pytest.fixture
def work(tmp_path):
    made = []

    def make(mode, **more):
        command = [sys.executable, str(HOSTILE), mode, str(tmp_path / "state")]
        made.append(WorkProcess({"PATH": "/usr/bin", "GITHUB_TOKEN": "s3cret"}, command=command, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


CTRL_C = """
import signal, sys
from bot.gateways.work_process import WorkProcess
signal.signal(signal.SIGINT, lambda *_: None)  # as commands do that finish what is under way
with WorkProcess({"PATH": "/usr/bin"}, command=[sys.executable, *sys.argv[1:]]) as work:
    print(work.environment(), flush=True)
    sys.stdin.readline()
    print(work.environment(), flush=True)
"""


def test_ctrl_c_on_the_terminal_does_not_reach_the_work_side(tmp_path):
    command = [sys.executable, "-c", CTRL_C, str(HOSTILE), "good", str(tmp_path / "state")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout.readline() == "a" * 64 + "\n"
        os.killpg(parent.pid, signal.SIGINT)
        assert parent.communicate("go on\n", timeout=60)[0] == "a" * 64 + "\n"
    assert (parent.returncode, starts(tmp_path)) == (0, 1)


def starts(tmp_path):
    return len((tmp_path / "state").read_text())


def test_an_answer(work):
    assert work("good").environment() == "a" * 64


def test_a_child_that_died_is_started_once_more(work, tmp_path):
    assert work("dies-once").environment() == "a" * 64
    assert starts(tmp_path) == 2


def test_a_child_that_dies_again_is_given_up_for_now(work, tmp_path):
    with pytest.raises(GatewayError) as raised:
        work("dies").environment()
    assert (raised.value.reason, raised.value.transient) == ("work-gone", True)
    assert starts(tmp_path) == 2


def test_a_child_that_is_too_slow(work, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.gateways.work_child.LEAVE_SECONDS", 0.1)
    with pytest.raises(GatewayError) as raised:
        work("slow", quick_seconds=0.5).environment()
    assert raised.value.transient
    assert "0.5 s" in raised.value.message


@pytest.mark.parametrize("mode", ["garbage", "huge", "nan", "no-answer"])
def test_words_that_are_no_answer(work, mode):
    with pytest.raises(GatewayError):
        work(mode).environment()


@pytest.mark.parametrize("mode", ["large-report", "wrong-report"])
def test_an_answer_beside_its_schema(work, mode):
    with pytest.raises(GatewayError) as raised:
        work(mode).check({})
    assert raised.value.reason == "work-answer"


def test_another_blob_than_asked_for(work):
    with pytest.raises(GatewayError, match="another blob"):
        work("wrong-blob").blob("0" * 64)
    hello = hashlib.sha256(b"hello").hexdigest()
    assert work("wrong-blob").blob(hello) == b"hello"


def test_an_error_keeps_its_reason_and_is_cut(work):
    with pytest.raises(GatewayError) as raised:
        work("error").environment()
    assert (raised.value.reason, raised.value.transient, len(raised.value.message)) == ("r", True, 2000)


def test_answers_that_nobody_waits_for_are_dropped(work):
    assert work("out-of-order").environment() == "a" * 64


def test_many_at_once(work):
    process, answers = work("good"), []
    threads = [threading.Thread(target=lambda: answers.append(process.environment())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["a" * 64] * 20


def test_the_child_is_told_what_it_may_know_and_nothing_else(work, tmp_path, monkeypatch):
    monkeypatch.setenv("ACCESSION_GITHUB_TOKEN", "s3cret")
    work("good").environment()
    assert "s3cret" not in (tmp_path / "state.env").read_text()
    secret = {
        "ACCESSION_GITHUB_TOKEN",
        "ACCESSION_STATE_KEY",
        "ACCESSION_NOTIFY",
        "ACCESSION_GITHUB_APP_KEY",
        "GITHUB_TOKEN",
    }
    given = child_environment(
        dict.fromkeys(secret, "s3cret") | {"ACCESSION_CACHE": "/c", "PATH": "/bin", "HTTPS_PROXY": "x"}
    )
    assert given == {"ACCESSION_CACHE": "/c", "PATH": "/bin"}


@pytest.fixture
def real(tmp_path):
    """The real work side without an engine."""
    environ = {
        "PATH": "/usr/bin:/bin",
        "ACCESSION_CACHE": str(tmp_path / "cache"),
        "ACCESSION_BOX": "process",
        "ACCESSION_ZENODO_URL": "http://127.0.0.1:1",
        "ACCESSION_ZENODO_TOKEN": "s3cret-token",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with WorkProcess(environ, command=[sys.executable, "-m", "bot.work"]) as made:
        yield made


def job(**more):
    policy = {
        "limits": {},
        "types": [],
        "minimum_format_version": {},
        "tolerance": {"relative_ceiling": 0, "mismatch_ppm_ceiling": 0},
    }
    source = {"archive": "none", "concept": "", "record": "", "files": []}
    return {
        "schema": "accession/job/1",
        "verb": "check",
        "source": source,
        "rdf_override": None,
        "policy": policy,
    } | more


def test_the_real_one_refuses_without_an_engine_what_is_not_its_sample(real, capfd):
    override = base64.b64encode(b"type: model\n").decode()
    answer = real.prepare(job(rdf_override=override))
    assert (answer["outcome"], answer["reason"]) == ("errored", "untrusted-without-engine")
    assert real.check(job(rdf_override=override))["outcome"] == "errored"
    said = "".join(capfd.readouterr())
    assert "NO CONTAINER ENGINE" in said
    assert "s3cret-token" not in said


def test_the_real_one_hands_out_blobs_and_says_what_it_is(real):
    content = b"type: model\n"
    real.prepare(job(rdf_override=base64.b64encode(content).decode()))
    assert real.blob(hashlib.sha256(content).hexdigest()) == content
    assert len(real.environment()) == 64
    with pytest.raises(GatewayError) as raised:
        real.blob("0" * 64)
    assert raised.value.reason == "blob-gone"


@pytest.mark.parametrize("wrong", [{"verb": "other"}, {"extra": 1}, {"rdf_override": "@"}, {"source": None}])
def test_the_real_one_refuses_what_is_no_job(real, wrong):
    with pytest.raises(GatewayError) as raised:
        real.check(job(**wrong))
    assert (raised.value.reason, raised.value.transient) == ("bad-request", False)


@pytest.mark.parametrize(
    ("build", "good"), [("", True), ("a" * 64, True), ("a" * 63, False), (True, False), ("A" * 64, False)]
)
def test_a_word_to_build_names_a_content(build, good):
    made = job(build=build)
    if good:
        assert Job.from_json(plain_json.validate(made, "job")).build == build
    else:
        with pytest.raises(plain_json.NotPlainError):
            plain_json.validate(made, "job")


def test_pips_settings_are_handed_on_and_no_others():
    environ = {
        "PIP_INDEX_URL": "i",
        "PIP_EXTRA_INDEX_URL": "e",
        "PIP_CERT": "c",
        "PIP_PROXY": "p",
        "PIP_TRUSTED_HOST": "t",
    }
    assert child_environment(environ | {"PIP_TARGET": "x", "PIP_CONFIG_FILE": "y"}) == environ


def test_wrong_settings_end_it(tmp_path):
    environ = {"ACCESSION_BOX": "cardboard", "PYTHONPATH": str(Path(__file__).parents[2])}
    with (
        WorkProcess(environ, command=[sys.executable, "-m", "bot.work"]) as made,
        pytest.raises(GatewayError) as raised,
    ):
        made.environment()
    assert raised.value.reason == "work-gone"


def test_secrets_stay_out_of_the_repr():
    from bot.work_settings import WorkSettings

    settings = WorkSettings.from_env({"ACCESSION_ZENODO_TOKEN": "s3cret", "ACCESSION_CACHE": "/c"})
    assert "s3cret" not in repr(settings)
    assert json.dumps(str(settings.cache)) == '"/c"'
