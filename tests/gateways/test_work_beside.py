"""A worker beside the service: given no key, started again when it ends, and ended with the service."""

from __future__ import annotations

import json
import os
import sys
import time

import pytest

from bot.gateways.work_beside import WorkBeside

WRITES = "import json, os, sys, pathlib; pathlib.Path(sys.argv[1]).write_text(json.dumps(dict(os.environ)))"
STAYS = WRITES + "\nimport time\ntime.sleep(60)"


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_is_told_its_database_and_no_key(tmp_path):
    seen = tmp_path / "seen"
    environ = {
        "PATH": os.environ["PATH"],
        "ACCESSION_GITHUB_TOKEN": "a-key",
        "ACCESSION_STATE_KEY": "another",
        "ACCESSION_CACHE": "deep",
    }
    with WorkBeside(environ, "sqlite:///w.sqlite", command=[sys.executable, "-c", STAYS, str(seen)]):
        until(lambda: seen.exists() and seen.read_text())
    found = json.loads(seen.read_text())
    assert found["ACCESSION_WORK_DATABASE"] == "sqlite:///w.sqlite"
    assert found["ACCESSION_CACHE"] == "deep"
    assert not {"ACCESSION_GITHUB_TOKEN", "ACCESSION_STATE_KEY"} & set(found)


def test_one_that_ends_is_started_again(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with WorkBeside(dict(os.environ), "sqlite:///w.sqlite", command=command, first=0.01) as beside:
        until(lambda: beside.starts >= 3)


def test_one_that_cannot_be_started_is_said_and_tried_again(tmp_path, capsys):
    with WorkBeside({}, "sqlite:///w.sqlite", command=[str(tmp_path / "nothing")], first=0.01) as beside:
        until(lambda: beside.starts >= 2)
    assert "worker_not_started" in capsys.readouterr().err


def test_it_ends_with_the_service(tmp_path):
    seen = tmp_path / "seen"
    command = [
        sys.executable,
        "-c",
        "import os\n" + STAYS.replace("dict(os.environ)", "{'pid': os.getpid()}"),
        str(seen),
    ]
    with WorkBeside(dict(os.environ), "sqlite:///w.sqlite", command=command):
        until(lambda: seen.exists() and seen.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(seen.read_text())["pid"], 0)
