"""Workers as processes of their own, a work database on SQLite or PostgreSQL, and jobs that need no archive."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import PendingError

ROOT = Path(__file__).parents[2]


class Nodes:
    def __init__(self, folder: Path, url: str, lease: float = 2.0) -> None:
        self.folder, self.url, self.lease = folder, url, lease
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, **environ: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.fakes.work_node", str(self.folder), str(self.lease)]
        known = {"PATH": os.environ["PATH"], "ACCESSION_CACHE": str(self.folder), "ACCESSION_WORK_DATABASE": self.url}
        with (self.folder / "nodes.log").open("ab") as log:
            node = subprocess.Popen(command, cwd=ROOT, env=known | environ, stderr=log, stdout=log)
        self.running.append(node)
        return node

    def ran(self, word: str) -> int:
        """How often a box described something with that word."""
        file = self.folder / "ran"
        return file.read_text().count(word) if file.exists() else 0

    def log(self) -> str:
        return (self.folder / "nodes.log").read_text()

    def close(self) -> None:
        for node in self.running:
            with suppress(ProcessLookupError):
                node.send_signal(signal.SIGCONT)
                node.kill()
            node.wait()


def job(word: str = "", *, verb: str = "prepare", turn: dict | None = None, **more: object) -> dict:
    """A job on an RDF that stands in the job itself, with a word in it that boxes act on."""
    rdf = json.dumps({"type": "dataset", "weights": [], "files": [], "word": word}).encode()
    policy = {
        "limits": {},
        "types": ["dataset"],
        "minimum_format_version": {},
        "tolerance": {"relative_ceiling": 0, "mismatch_ppm_ceiling": 0},
    }
    made = {
        "schema": "accession/job/1",
        "verb": verb,
        "source": {"archive": "none", "concept": word, "record": "", "files": []},
        "rdf_override": base64.b64encode(rdf).decode(),
        "policy": policy,
    }
    return made | ({"turn": turn} if turn else {}) | more


def ask(queue, word, **more):
    """The name of the question, which nobody can have answered yet."""
    with pytest.raises(PendingError) as raised:
        queue.prepare(job(word, **more))
    return raised.value.job


def answer(queue, word, *, seconds: float = 60.0, **more):
    """The answer to it, once it is there."""
    return answered(lambda: queue.prepare(job(word, **more)), seconds=seconds)


def alive(queue, count):
    """Once so many workers live."""
    return until(lambda: queue.backlog().workers == count)


def answered(ask, *, seconds: float = 60.0):
    """What `ask` returns once its answer is there."""
    return until(lambda: _try(ask), seconds=seconds)[0]


def until(look, *, seconds: float = 60.0):
    """What `look` finds, once it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError("it did not come about")
        time.sleep(0.05)
    return found


def _try(ask):
    try:
        return (ask(),)
    except PendingError:
        return None
