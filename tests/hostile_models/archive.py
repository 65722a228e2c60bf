"""The work side beside an archive on loopback, and what it leaves behind."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.gateways.work_process import WorkProcess
from tests.fakes.served import job_of, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
MIB = 1024**2
LIMITS = {
    "box_seconds": 60,
    "box_memory_bytes": 768 * MIB,
    "box_output_bytes": 32 * MIB,
    "box_pids": 64,
    "box_cpus": 1,
}
"""Of every box here, unless a case says otherwise; scratch is half of the memory."""
SECRET = "s3cret-of-the-archive"
"""The work side's own token; no box may ever see it."""


@dataclass(frozen=True)
class Answer:
    """One report, and when its check began and ended (monotonic seconds)."""

    report: dict[str, Any]
    began: float
    ended: float

    @property
    def weights(self) -> dict[str, Any]:
        """The one weight format's entry."""
        (entry,) = self.report["weights"]
        return entry

    @property
    def answers(self) -> tuple[str, ...]:
        """Loads, runs, reproduces."""
        return tuple(self.weights[question]["outcome"] for question in ("loads", "runs", "reproduces"))


class Bureau:
    """Checks folders below `uploads`; safe to be used from several threads."""

    def __init__(self, work: WorkProcess, url: str, folder: Path) -> None:
        self.work = work
        self.uploads, self.cache = folder / "uploads", folder / "cache"
        self._url = url

    def check(self, folder: Path, limits: Mapping[str, int] | None = None) -> Answer:
        """The work side's report on a folder of `uploads`."""
        began = time.monotonic()
        url = f"{self._url}/{folder.relative_to(self.uploads)}"
        report = self.work.check(job_of(url, folder, {**LIMITS, **(limits or {})}))
        return Answer(report, began, time.monotonic())

    def owners(self) -> list[str]:
        """Whose containers are this work side's."""
        boxes = self.cache / "boxes"
        return sorted(path.name for path in boxes.iterdir()) if boxes.is_dir() else []


@contextmanager
def open_bureau(folder: Path, image: str) -> Iterator[Bureau]:
    """The work side as a child process, as in service; gone at the end."""
    (folder / "uploads").mkdir(parents=True)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "ACCESSION_BOX": "docker",
        "ACCESSION_CACHE": str(folder / "cache"),
        "ACCESSION_JOB_IMAGE": image,
        "ACCESSION_KEEP_WARM": "0",
        "ACCESSION_ZENODO_TOKEN": SECRET,
    }
    with (
        serving(folder / "uploads") as url,
        WorkProcess(environ | {"ACCESSION_ZENODO_URL": url}, command=[sys.executable, "-m", "bot.work"]) as work,
    ):
        yield Bureau(work, url, folder)
