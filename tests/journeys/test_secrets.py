"""No token in any log, error, repr or URL: every output of a full run by the real command line is searched for the secrets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.gateways.work_process import WorkProcess
from bot.settings import Settings
from bot.work_settings import WorkSettings
from tests.journeys.conftest import REPOSITORY, Little, rdf

ROOT = Path(__file__).parents[2]
SECRETS = {
    "ACCESSION_GITHUB_TOKEN": "github-token-that-nobody-may-see",
    "ACCESSION_STATE_KEY": "state-key-that-nobody-may-see",
    "ACCESSION_ZENODO_TOKEN": "zenodo-token-that-nobody-may-see",
}
PASSWORD = "mail-password-that-nobody-may-see"


def environ(little: Little, **more: str) -> dict[str, str]:
    mail = f"mailto://user:{quote(PASSWORD)}@127.0.0.1:{little.mail.port}?from=bot@example.org"
    return {
        "PATH": os.environ["PATH"],
        "ACCESSION_REPOSITORY": REPOSITORY,
        "ACCESSION_GITHUB_URL": little.github_url,
        "ACCESSION_ZENODO_URL": little.zenodo.url,
        "ACCESSION_CACHE": str(little.folder / "cache"),
        "ACCESSION_NOTIFY": mail,
        "ACCESSION_BOX": "process",
        **SECRETS,
        **more,
    }


def accession(little: Little, *arguments: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environ(little, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def assert_none(text: str) -> None:
    for secret in (*SECRETS.values(), PASSWORD):
        assert secret not in text
        assert quote(secret) not in text


def test_all_output_of_a_full_run(little: Little) -> None:
    little.github.add_token("accession", SECRETS["ACCESSION_GITHUB_TOKEN"])
    little.zenodo.add_user("bot", SECRETS["ACCESSION_ZENODO_TOKEN"])
    little.publish({"rdf.yaml": rdf()})
    little.github_faults.add("cut-after", method="POST", path="/comments", times=1)
    little.github_faults.add("error-after", method="POST", path="/git/refs", times=1, status=500)
    little.zenodo_faults.add("too-many", times=1, seconds=0)
    said = ""
    for command in (
        ["--verbose", "poll"],
        ["--verbose", "reconcile", "--all"],
        ["status"],
        ["status", "--json"],
        ["build"],
        ["--dry-run", "poll"],
    ):
        said += accession(little, *command)
    said += accession(little, "poll", ACCESSION_GITHUB_TOKEN="")
    said += accession(little, "poll", ACCESSION_STATE_KEY="short")
    said += accession(little, "submit", "404404")
    assert "record_reconciled" in said
    assert_none(said)
    for path in (little.folder / "cache").rglob("*"):
        if path.is_file():
            assert_none(path.read_bytes().decode(errors="replace"))
    for request in little.github.requests:
        assert_none(request.path)
    for request in little.zenodo.requests:
        assert_none(repr(request.path))
    everything = [c.body for p in little.github.pulls(REPOSITORY) for c in little.github.comments(REPOSITORY, p.number)]
    assert_none("\n".join(everything))


def test_a_wrong_token_is_said_without_being_shown(little: Little) -> None:
    said = accession(little, "poll")
    assert "401" in said
    assert_none(said)


def test_the_work_side_is_given_no_key(little: Little) -> None:
    from bot.gateways.work_process import child_environment

    given = child_environment(environ(little))
    assert SECRETS["ACCESSION_GITHUB_TOKEN"] not in given.values()
    assert SECRETS["ACCESSION_STATE_KEY"] not in given.values()
    assert not any(PASSWORD in value for value in given.values())


def test_reprs_hide_them(little: Little) -> None:
    settings = environ(little)
    desk = little.start()
    shown = [
        repr(Settings.from_env(settings)),
        repr(WorkSettings.from_env(settings)),
        repr(desk),
        repr(desk.github),
        repr(desk.notifier),
    ]
    with WorkProcess(settings) as work:
        shown.append(repr(work))
    assert_none("\n".join(shown))


@pytest.mark.parametrize("name", ["ACCESSION_REPOSITORY", "ACCESSION_STATE_KEY", "ACCESSION_GITHUB_TOKEN"])
def test_a_missing_setting_is_named(little: Little, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "poll"],
        env=environ(little, **{name: ""}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr
