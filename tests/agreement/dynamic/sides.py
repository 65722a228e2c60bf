"""Both sides asked about one case: the bare tool in a process of its own, ours as `accession-check dynamic`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.agreement.corpus import ROOT

if TYPE_CHECKING:
    from tests.agreement.dynamic.cases import Case
    from tests.agreement.dynamic.environments import Interpreter

REPRODUCE = "Reproduce test outputs"
SIZES = "Run "
"""How the bare tool calls its tests of a model; whatever else failed is the format of the description."""
QUESTIONS = ("loads", "runs", "reproduces")


@dataclass(frozen=True)
class Bare:
    """The bare tool's verdict: `valid-format` is its word for a model that failed."""

    status: str
    failed: tuple[tuple[str, str], ...]
    """Test and messages."""
    formats: frozenset[str] = frozenset()
    """All weight formats that it found in the description, whichever was asked for."""

    @property
    def verdict(self) -> str:
        """Passed or failed, as its exit code says."""
        return "passed" if self.status == "passed" else "failed"

    @property
    def where(self) -> frozenset[str]:
        """What failed: `output`, `sizes`, `format`."""
        return frozenset(
            "output" if name.startswith(REPRODUCE) else "sizes" if name.startswith(SIZES) else "format"
            for name, _ in self.failed
        )

    @property
    def words(self) -> str:
        """All it said of failures."""
        return " ".join(f"{name}: {messages}" for name, messages in self.failed)


@dataclass(frozen=True)
class Ours:
    """One entry of the report's `weights`, and the command's exit code."""

    entry: dict[str, Any]
    exit_code: int

    @property
    def verdict(self) -> str:
        """Passed where all three are, else the first outcome that is not."""
        return next((found for found in self.answers if found != "passed"), "passed")

    @property
    def answers(self) -> tuple[str, ...]:
        """Loads, runs, reproduces."""
        return tuple(self.entry[question]["outcome"] for question in QUESTIONS)

    @property
    def words(self) -> str:
        """The three sentences."""
        return " ".join(self.entry[question]["message"] for question in QUESTIONS)


class BareTool:
    """bioimageio.core's own test, asked in one process; a context manager."""

    def __init__(self, used: Interpreter) -> None:
        self._process = subprocess.Popen(
            [used.python, str(Path(__file__).with_name("bare.py")), str(used.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def test(self, case: Case) -> Bare:
        """What it says of a case."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {"rdf": str(case.folder / "rdf.yaml"), "format": case.weight_format}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        failed = tuple((name, " ".join(messages)) for name, messages in said["failed"])
        return Bare(said["status"], failed, frozenset(said["formats"]))


def command_line(python: str, case: Case) -> str:
    """`passed` or `failed` by the exit code of `bioimageio test`, as people call it."""
    command = [str(Path(python).with_name("bioimageio")), "test", str(case.folder / "rdf.yaml")]
    done = subprocess.run([*command, "--weight-format", case.weight_format], capture_output=True, check=False)
    return "failed" if done.returncode else "passed"


def ours(python: str, home: Path, case: Case) -> Ours:
    """What `accession-check dynamic` says of a case, with boxes that are processes of that interpreter, and see `home`."""
    command = [sys.executable, "-m", "workflows", "dynamic", str(case.folder), "--weights", case.weight_format]
    pythons = dict.fromkeys(("ACCESSION_JOB_PYTHON", "ACCESSION_JOB_PYTHON_TENSORFLOW"), python)
    environ = {**os.environ, **pythons, "PYTHONPATH": str(ROOT), "TMPDIR": str(home)}
    done = subprocess.run([*command, "--format", "json"], capture_output=True, check=False, cwd=ROOT, env=environ)
    (entry,) = json.loads(done.stdout)["weights"]
    return Ours(entry, done.returncode)
