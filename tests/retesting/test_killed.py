"""A real process that is killed, or asked to stop, in the middle of a run; and the same command again."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import REPOSITORY, TOKEN, little_world
from tests.retesting.collection import files

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"seal-{number}" for number in range(8)]
PATIENCE = 60


@dataclass
class Run:
    """`freed` lets the work side go on with an entry, `asked` is what it began, in every process together."""

    folder: Path
    environ: dict[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.retesting.process", str(self.folder), "retest", *words]
        return subprocess.Popen(
            [*command, "--output", str(self.folder / "out")],
            env=self.environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def free(self, *names: str) -> None:
        for name in names:
            (self.folder / f"go-{name}").touch()

    @property
    def asked(self) -> list[str]:
        found = self.folder / "asked"
        return found.read_text().split() if found.exists() else []

    def wait_for(self, asked: int) -> None:
        """Until the work side has begun with so many."""
        deadline = time.monotonic() + PATIENCE
        while len(self.asked) < asked:
            assert time.monotonic() < deadline, self.asked
            time.sleep(0.01)


@pytest.fixture
def run(tmp_path):
    with little_world(tmp_path) as little:
        entries = {path: content for name in NAMES for path, content in files(name).items()}
        little.github.commit_files(REPOSITORY, "main", entries, author="curator")
        yield Run(
            tmp_path,
            {
                "PATH": os.environ["PATH"],
                "ACCESSION_REPOSITORY": REPOSITORY,
                "ACCESSION_GITHUB_TOKEN": TOKEN,
                "ACCESSION_STATE_KEY": "a state key of good length",
                "ACCESSION_GITHUB_URL": little.github_url,
                "ACCESSION_ZENODO_URL": little.zenodo.url,
                "ACCESSION_CACHE": str(tmp_path / "cache"),
            },
        )


def on_a_terminal(run: Run) -> tuple[int, str]:
    """The exit code, and everything that a terminal of 120 columns was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    command = [sys.executable, "-m", "tests.retesting.process", str(run.folder), "retest"]
    environ = run.environ | {"TERM": "xterm-256color"}
    shown = b""
    with subprocess.Popen(
        [*command, "--output", str(run.folder / "out")], env=environ, stdout=theirs, stderr=theirs
    ) as one:
        os.close(theirs)
        with contextlib.suppress(OSError):  # how a terminal says that nobody is on its other side any more
            while part := os.read(ours, 4096):
                shown += part
    os.close(ours)
    return one.returncode, shown.decode()


def finished(said: str) -> list[str]:
    """Entries that stderr told as finished."""
    return re.findall(r"^\[\d+/\d+\] (seal-\d)/7", said, re.MULTILINE)


def test_a_run_that_is_killed_goes_on_where_it_was(run):
    run.free(*NAMES[:4])
    first = run.start("--workers", "2")
    run.wait_for(6)  # four are done, two are held
    os.kill(first.pid, signal.SIGKILL)
    _, said = first.communicate(timeout=PATIENCE)
    assert first.returncode == -signal.SIGKILL
    done = finished(said)
    assert set(done) == set(NAMES[:4])
    assert not (run.folder / "out" / "retest.json").exists()

    run.free(*NAMES)
    out, said = (second := run.start("--workers", "2")).communicate(timeout=PATIENCE)
    assert second.returncode == 0, said
    assert "Going on with the run of " in said
    assert "4 entries to test, 4 known for this environment." in said
    assert sorted(run.asked) == sorted([*NAMES, *NAMES[4:6]])  # only what was under way is asked twice
    assert set(finished(said)) == set(NAMES[4:])
    assert "8 entries: 8 right." in out
    result = json.loads((run.folder / "out" / "retest.json").read_text())
    assert [entry["id"] for entry in result["entries"]] == NAMES

    out, said = run.start().communicate(timeout=PATIENCE)
    assert "Going on" not in said
    assert (len(run.asked), "8 entries: 8 right." in out) == (10, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_stop_finishes_what_is_under_way(run, number):
    run.free(*NAMES[:3])
    first = run.start("--workers", "2")
    run.wait_for(5)
    first.send_signal(number)
    said = ""
    while "Stopping: what is under way is finished first." not in said:
        line = first.stderr.readline()
        assert line, said
        said += line
    run.free(*NAMES[3:5])
    out, rest = first.communicate(timeout=PATIENCE)
    said += rest
    assert first.returncode == 128 + number, said
    assert set(finished(said)) == set(NAMES[:5]) == set(run.asked)
    assert said.endswith("Stopped. What was found is kept: the same command goes on where this run was.\n")
    assert out == ""

    run.free(*NAMES)
    _, said = run.start().communicate(timeout=PATIENCE)
    assert "Going on with the run of " in said
    assert sorted(run.asked) == NAMES


def test_a_terminal_gets_a_bar_and_a_table(run):
    run.free(*NAMES)
    code, shown = on_a_terminal(run)
    assert code == 0, shown
    assert "8/8" in shown
    assert "\u2501" in shown  # the bar
    assert "[1/8]" not in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"seal-7 +│ 7 +│ right +│ passes: rules; reproduces: onnx", plain)
    assert "8 entries: 8 right." in plain
