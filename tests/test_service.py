"""The composition of `accession serve`: what it cannot do without, and a whole service as a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
import requests
from structlog.testing import capture_logs

from bot import cli, service
from bot.errors import GatewayError
from bot.gateways.pace import Limits
from bot.settings import Settings
from tests.journeys.conftest import REPOSITORY, STATE_KEY, TOKEN, little, rdf  # noqa: F401 - the fixture

LEAST = {
    "ACCESSION_REPOSITORY": REPOSITORY,
    "ACCESSION_GITHUB_TOKEN": TOKEN,
    "ACCESSION_STATE_KEY": STATE_KEY.decode(),
    "ACCESSION_WEBHOOK_SECRET": "a-secret-of-the-webhook",
    "ACCESSION_NOTICE_TOKEN": "a-token-of-the-notices",
}


def test_without_its_secret_it_says_which(capsys, tmp_path):
    environ = {name: value for name, value in LEAST.items() if name != "ACCESSION_WEBHOOK_SECRET"}
    assert cli.main(["serve"], environ | {"ACCESSION_CACHE": str(tmp_path)}) == 2
    assert "ACCESSION_WEBHOOK_SECRET is not set" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_is_for_the_other_commands(capsys):
    assert cli.main(["--dry-run", "serve"], LEAST) == 2
    assert "use --dry-run with the other commands" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("", "sqlite:////c/engine.sqlite"),
        ("sqlite:////elsewhere/db.sqlite", "sqlite:////c/engine.sqlite"),
        ("postgresql://u:p@h/n", "postgresql://u:p@h/n"),
    ],
)
def test_the_engine_lies_beside_the_store(database, expected):
    settings = Settings.from_env(LEAST | {"ACCESSION_CACHE": "/c", "ACCESSION_DATABASE": database})
    assert service.engine_url(settings) == expected


@pytest.mark.parametrize(
    ("api", "people"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://git.zoo.example/api/v3", "https://git.zoo.example"),
    ],
)
def test_people_see_pull_requests_elsewhere_than_programs(api, people):
    assert service.pulls_url(api) == people


def test_the_pace_is_githubs_or_so_many_times_as_fast():
    assert service.limits_for(1.0) == Limits()
    faster = service.limits_for(10.0)
    assert (faster.burst, faster.per_second, faster.per_hour) == (180, 10, 4800)
    assert service.limits_for(0.0125).per_hour >= 1


@pytest.mark.parametrize(
    "trouble", [GatewayError("away", reason="work-database", transient=True), ValueError("unforeseen")]
)
def test_whoever_wakes_subjects_survives_whatever_happens(monkeypatch, trouble):
    """One that ended unseen would leave every answer to the sweeps."""
    over, rounds = threading.Event(), []

    def wake(*_):
        rounds.append(1)
        if len(rounds) == 3:
            over.set()
        raise trouble

    monkeypatch.setattr(service, "wake", wake)
    monkeypatch.setattr(service, "WAKE", 0.0)
    with capture_logs() as logged:
        service.Service._wake(SimpleNamespace(over=over, desk=None, queue=None, engine=None))
    assert len(rounds) == 3
    assert [line["event"] for line in logged] == ["wake_failed"]


def waited(condition, seconds=240.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


@pytest.fixture
def served(little, tmp_path):  # noqa: F811
    """A service on SQLite alone, with the worker of the trials."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ = (
        kept
        | LEAST
        | {
            "ACCESSION_CACHE": str(tmp_path / "cache"),
            "ACCESSION_GITHUB_URL": little.github_url,
            "ACCESSION_ZENODO_URL": little.zenodo.url,
            "ACCESSION_NOTIFY": little.mail.apprise_url("curator@zoo.example"),
            "ACCESSION_WRITES_PER_MINUTE": "6000",
        }
    )
    work = kept | {
        "ACCESSION_CACHE": environ["ACCESSION_CACHE"],
        "ACCESSION_ZENODO_URL": little.zenodo.url,
        "ACCESSION_WORK_DATABASE": f"sqlite:///{tmp_path}/cache/work.sqlite",
    }
    (tmp_path / "cache").mkdir()
    worker = subprocess.Popen([sys.executable, "-m", "tests.trials.worker"], env=work, stderr=subprocess.DEVNULL)
    command = [sys.executable, "-m", "bot", "serve", "--port", "0", "--no-work"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        first = process.stdout.readline()
        yield process, re.search(r"http://127\.0\.0\.1:\d+", first)[0]
    finally:
        for one in (process, worker):
            if one.poll() is None:
                one.kill()
            one.wait()
        process.stdout.close()
        process.stderr.close()


def test_an_upload_that_is_announced_is_on_its_pull_request_and_on_the_page(little, served):  # noqa: F811
    process, url = served
    assert waited(lambda: requests.get(f"{url}/ready", timeout=30).status_code == 200)
    record = little.publish({"rdf.yaml": rdf()}, keywords=[])
    notice = {"Authorization": f"Bearer {LEAST['ACCESSION_NOTICE_TOKEN']}"}
    assert requests.post(f"{url}/uploads", json={"record": record}, headers=notice, timeout=30).status_code == 202
    waited(lambda: any(p.labels == ("awaiting review",) for p in little.github.pulls(REPOSITORY)))
    assert "accession:report" in little.report(1)

    def shown():
        found = requests.get(f"{url}/status.json", timeout=30).json()["submissions"]
        return [line for line in found if line["pull_request"] == 1 and line["stage"] == "awaiting review"]

    assert record in {line["version"] for line in waited(shown)}
    counted = 'accession_look_seconds_count{kind="pull",status="settled"}'
    waited(lambda: counted in requests.get(f"{url}/metrics", timeout=30).text)
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    assert "Traceback" not in process.stderr.read()
