"""`python -m tests.world`: servers and a contributor as processes of their own."""

import os
import select
import signal
import smtplib
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tests.world"]


@contextmanager
def running(*arguments, stop=signal.SIGTERM):
    """The one line that a server prints; it must end by itself, silently, when told to."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert select.select([process.stdout], [], [], 30)[0], "no url within 30 s"
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def run(*arguments):
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_folder_is_published_by_command_and_survives_a_restart(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "rdf.yaml").write_text("name: x")
    state = tmp_path / "state"
    with running("zenodo", "--state", state, "--open-token", "ada:secret") as url:
        done = run("publish", folder, "--zenodo", url, "--keyword", "bioimage.io", "--token", "secret", "--title", "T")
        assert (done.returncode, done.stderr) == (0, "")
        number, page = done.stdout.split()
        assert page == f"{url}/records/{number}"
        again = run("publish", folder, "--zenodo", url, "--keyword", "bioimage.io", "--concept", number)
        assert again.returncode == 1
        assert "403" in again.stderr  # the default account is not the owner
    with running("zenodo", "--state", state, stop=signal.SIGINT) as url:
        (hit,) = requests.get(f"{url}/api/records?q=keywords:bioimage.io", timeout=5).json()["hits"]["hits"]
        assert (hit["id"], hit["title"]) == (int(number), "T")
        assert requests.get(hit["files"][0]["links"]["self"], timeout=5).text == "name: x"
        assert requests.get(f"{url}/_world/http-faults", timeout=5).json()["rules"] == []


def test_a_mailbox_runs_by_command(tmp_path):
    with running("mail", "--state", tmp_path) as line:
        port = int(line.split()[0].rpartition(":")[2])
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            client.sendmail("a@example.org", ["b@example.org"], "Subject: x\r\n\r\nHello\r\n")
    assert b"Hello" in (tmp_path / "0001.eml").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required"),
        (["moon"], "invalid choice"),
        (["zenodo"], "--state"),
        (["zenodo", "--state", "STATE", "--open-token", "nonsense"], "NAME:TOKEN"),
        (["publish", "no-such-folder", "--zenodo", "http://127.0.0.1:9", "--keyword", "x"], "not a folder"),
        (["publish", "EMPTY", "--zenodo", "http://127.0.0.1:9", "--keyword", "x"], "no files"),
    ],
)
def test_a_wrong_command_line_exits_2_and_says_why(tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    places = {"STATE": str(tmp_path / "state"), "EMPTY": str(tmp_path / "empty")}
    done = run(*[places.get(a, a) for a in arguments])
    assert done.returncode == 2
    assert says in done.stderr


def test_a_zenodo_that_is_away_is_exit_1(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    done = run("publish", tmp_path, "--zenodo", "http://127.0.0.1:9", "--keyword", "x")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
