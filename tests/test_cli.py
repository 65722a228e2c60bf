"""The command line: what it prints, and how it ends (0 done, 1 failed and said, 2 usage or settings)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from bot import app, pipeline
from bot.cli import main
from bot.errors import GatewayError
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import REPOSITORY, TOKEN, little_world, rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.journeys.conftest import Little

SETTINGS = {
    "ACCESSION_REPOSITORY": REPOSITORY,
    "ACCESSION_GITHUB_TOKEN": TOKEN,
    "ACCESSION_STATE_KEY": "a state key of good length",
}


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    with little_world(tmp_path) as world:
        yield world


@pytest.fixture
def environ(little: Little, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings that lead to the little world, with a work side that behaves."""
    workshop = FakeWorkshop()
    monkeypatch.setattr(app, "WorkProcess", lambda _environ: workshop)
    return SETTINGS | {
        "ACCESSION_GITHUB_URL": little.github_url,
        "ACCESSION_ZENODO_URL": little.zenodo.url,
        "ACCESSION_CACHE": str(little.folder / "cache"),
        "ACCESSION_NOTIFY": little.mail.apprise_url("curator@zoo.example"),
    }


@pytest.fixture
def run(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def command(*words: str) -> tuple[int, str, str]:
        code = main(words, environ)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command


# usage and settings


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("dance",),
        ("reconcile", "one"),
        ("submit",),
        ("run", "--interval", "soon"),
        ("status", "--xml"),
        ("--what",),
    ],
)
def test_wrong_usage_ends_with_2_and_says_how(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words, {})
    assert ended.value.code == 2
    assert "usage: accession" in capsys.readouterr().err


def test_help_ends_with_0(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"], {})
    assert ended.value.code == 0
    assert "COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("name", SETTINGS)
def test_a_missing_setting_ends_with_2_and_is_named(name, capsys):
    environ = {key: value for key, value in SETTINGS.items() if key != name}
    assert main(["status"], environ) == 2
    assert name in capsys.readouterr().err


def test_without_surroundings_the_process_own_are_read(capsys):
    assert main(["status"]) == 2
    assert "accession: ACCESSION_REPOSITORY is not set" in capsys.readouterr().err


def test_installed_for_accession_check_alone_it_says_what_is_missing():
    code = "import sys; sys.modules['structlog'] = None; from bot.cli import main; sys.exit(main(['status']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "accession: structlog is not installed: pip install 'accession[bot]'\n",
    )


@pytest.mark.parametrize(
    "record", ["model", "https://zenodo.org/records/", "https://zenodo.org/records/12a", "10.5281/zenodo.x"]
)
def test_a_record_that_is_none_ends_with_2(run, record):
    code, _, said = run("submit", record)
    assert code == 2
    assert "names no record: give its number, or its address." in said


def test_reconcile_wants_numbers_or_all(run):
    code, _, said = run("reconcile")
    assert code == 2
    assert "Name pull request numbers, or give --all." in said


# commands


def test_status_as_json_has_submissions_and_listing(run, little):
    code, out, _ = run("status", "--json")
    assert code == 0
    assert json.loads(out) == {
        "submissions": [],
        "listing": {"complete": None, "at": None},
        "parked": [],
        "channels": [],
    }
    little.publish({"rdf.yaml": rdf()})
    run("poll")
    _, out, _ = run("status", "--json")
    found = json.loads(out)
    (line,) = found["submissions"]
    assert set(line) == {"pull_request", "id", "version", "stage", "waits_for", "next_attempt"}
    assert line["stage"] == "awaiting review"
    assert set(found["listing"]) == {"complete", "at"}


def test_status_is_a_table_for_people(run, little):
    assert "Nothing is open and nothing is held." in run("status")[1]
    little.publish({"rdf.yaml": rdf()})
    run("poll")
    assert "#1" in run("status")[1]


def test_poll_takes_in_and_checks_what_is_new(run, little):
    little.publish({"rdf.yaml": rdf()})
    code, out, _ = run("poll")
    assert code == 0
    assert out.startswith("pull 1: All checks passed.")
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)
    assert run("poll")[1] == ""


def test_submit_takes_a_number_or_an_address_and_needs_no_keyword(run, little):
    first = little.publish({"rdf.yaml": rdf()}, keywords=[])
    code, out, _ = run("submit", f"{little.zenodo.url}/records/{first}/")
    assert code == 0
    assert "pull 1: All checks passed." in out
    second = little.publish({"README.md": b"x"}, keywords=[])
    _, out, _ = run("submit", second)
    assert "The upload has no rdf.yaml" in out


def test_submit_of_a_record_that_is_not_there_ends_with_1(run):
    code, out, said = run("submit", "99999")
    assert code == 1
    assert "The archive has no record 99999." in out + said


def test_reconcile_brings_named_pull_requests_on_their_way(run, little):
    little.publish({"rdf.yaml": rdf()})
    run("poll")
    code, out, _ = run("reconcile", "1")
    assert code == 0
    assert out.startswith("pull 1: All checks passed.")
    _, out, _ = run("reconcile", "77")
    assert out == "pull 77: There is no pull request 77.\n"


def test_reconcile_all_sweeps_pull_requests_and_collection(run, little):
    little.publish({"rdf.yaml": rdf()})
    run("poll")
    _, out, _ = run("reconcile", "--all")
    assert [line.split(":")[0] for line in out.splitlines()] == ["pull 1", "collection"]


def test_build_publishes_what_changed(run, little):
    assert run("build")[:2] == (0, "unchanged\n")


def test_a_wrong_token_ends_with_1_and_is_not_shown(environ, capsys):
    assert main(["status"], environ | {"ACCESSION_GITHUB_TOKEN": "a-wrong-token-of-the-bot"}) == 1
    shown = capsys.readouterr()
    assert "GitHub refused" in shown.err
    assert "a-wrong-token" not in shown.err + shown.out


def test_a_dry_run_says_writes_and_makes_none(run, little):
    little.publish({"rdf.yaml": rdf()})
    _, out, _ = run("--dry-run", "poll")
    assert "would create commit" in out
    assert "would create pull" in out
    assert little.github.pulls(REPOSITORY) == []
    assert [w for w in little.github.writes if w.actor == "accession"] == []
    assert little.mail.messages == []
    assert TOKEN not in out


def test_verbose_logs_every_write(run, little):
    little.publish({"rdf.yaml": rdf()})
    _, _, quiet = run("poll")
    assert "github_written" not in quiet
    little.publish({"rdf.yaml": rdf(name="Second")})
    _, _, loud = run("--verbose", "poll")
    assert "github_written" in loud


@pytest.mark.parametrize(
    ("error", "code"),
    [(GatewayError("The engine is gone.", reason="x", transient=True), 1), (KeyboardInterrupt(), 130)],
)
def test_trouble_ends_with_its_code(run, monkeypatch, error, code):
    def trouble(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "poll", trouble)
    ended, _, said = run("poll")
    assert ended == code
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_goes_round_until_it_is_stopped(run, little, number):
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    little.publish({"rdf.yaml": rdf()})

    def stop() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not [p for p in little.github.pulls(REPOSITORY) if p.labels]:
            time.sleep(0.05)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        code, _, _ = run("run", "--interval", "60")
    finally:
        thread.join()
        for one, handler in before.items():
            signal.signal(one, handler)
    assert code == 0
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)


def test_work_is_the_work_side_and_needs_no_keys(tmp_path):
    """It is a process of its own that ends when nobody asks any more."""
    environ = {"PATH": os.environ["PATH"], "ACCESSION_CACHE": str(tmp_path), "ACCESSION_BOX": "process"}
    command = [sys.executable, "-m", "bot", "work", "--stdio"]
    ended = subprocess.run(command, env=environ, input=b"", capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == b""
