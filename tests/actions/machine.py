"""The machine a job runs on: its folders, the programs on its path, and the environment a step begins with.

Three programs are played: `accession` is the checkout's own code, run by the tests' Python (without an engine, for the project's own
samples alone); `python -m pip` says what it was asked for; `docker` agrees to everything, because nothing is sealed here.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SHIPPED = (".ci", ".dockerignore", ".github/actions", "Dockerfile", "bot", "pyproject.toml", "schemas", "workflows")
_WORK = "environment|prepare|formats|produce|judge|test"

_ACCESSION = f"""\
#!/usr/bin/env bash
if [[ "$1" = actions && "$2" =~ ^({_WORK})$ ]]; then
  export ACCESSION_BOX=process ACCESSION_JOB_PYTHON="@JOB_PYTHON@" ACCESSION_TRUSTED="@SHARED@/trusted"
  mkdir -p .accession/process
  [ -e .accession/process/derived ] || ln -s "@SHARED@/derived" .accession/process/derived
fi
exec "@PYTHON@" -m bot "$@"
"""
_PYTHON = """\
#!/usr/bin/env bash
if [ "$1 $2" = "-m pip" ]; then echo "$*" >>"$RUNNER_TEMP/pip.log"; exit 0; fi
exec "@PYTHON@" "$@"
"""
_DOCKER = """\
#!/usr/bin/env bash
if [ "$1" = save ]; then for last in "$@"; do [ "$before" = --output ] && echo image >"$last"; before="$last"; done; fi
exit 0
"""


@dataclass(frozen=True)
class Machine:
    """What all jobs of a test have in common."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, trusted: str) -> Machine:
        """`trusted` are the sums of the samples that may be run unsealed, one a line."""
        (folder / "bin").mkdir(parents=True)
        (folder / "shared").mkdir()
        (folder / "shared/trusted").write_text(trusted)
        (folder / "shared/derived").touch()
        values = {
            "@PYTHON@": sys.executable,
            "@JOB_PYTHON@": os.environ.get("ACCESSION_JOB_PYTHON") or str(ROOT / ".venv-job/bin/python"),
            "@SHARED@": str(folder / "shared"),
        }
        for name, text in {"accession": _ACCESSION, "python": _PYTHON, "docker": _DOCKER}.items():
            for mark, value in values.items():
                text = text.replace(mark, value)  # noqa: PLW2901 - one after the other
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        return cls(folder)

    def place(self, name: str) -> Place:
        """Fresh folders for one job."""
        place = Place(self.folder / "jobs" / name)
        for folder in (place.workspace, place.temp, place.home):
            folder.mkdir(parents=True)
        return place

    def environment(self, place: Place) -> dict[str, str]:
        """What a step finds before its workflow adds to it; nothing of the test's own but where programs are."""
        return {
            "CI": "true",
            "HOME": str(place.home),
            "LANG": "C.UTF-8",
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(place.temp),
            "GITHUB_WORKSPACE": str(place.workspace),
        }


@dataclass(frozen=True)
class Place:
    """The folders of one job."""

    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def temp(self) -> Path:
        return self.folder / "temp"

    @property
    def home(self) -> Path:
        return self.folder / "home"


def ship(workspace: Path) -> None:
    """The bot's own files, as a checkout of its repository gives them."""
    for name in _SHIPPED:
        source, target = ROOT / name, workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
