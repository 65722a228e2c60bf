"""Ask the sealed boxes about one sample: fetched, described, run and judged as in service, without the rules' veto.

A rule that refuses an array of another shape keeps the model from being run at all; here the boxes are to say it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.checking.check_weights import check_weights, trial
from bot.checking.prepare import prepare_facts
from bot.records.job import Job
from bot.work_bench import open_bench
from bot.work_settings import WorkSettings
from tests.fakes.served import job_of, serving
from tests.samples.kinds import make_sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.checking.bench import Bench
    from tests.answers.table import Cell

LIMITS = {
    "box_seconds": 120,
    "box_memory_bytes": 3 * 1024**3,
    "box_output_bytes": 256 * 1024**2,
    "box_pids": 256,
    "box_cpus": 2,
}


class Desk:
    """A bench with real boxes, and the uploads that it fetches."""

    def __init__(self, bench: Bench, url: str, folder: Path) -> None:
        self._bench, self._url, self._folder = bench, url, folder

    def ask(self, cell: Cell) -> dict[str, Any]:
        """The report's entry on the cell's weight format."""
        upload = make_sample(cell.kind, self._folder / cell.name)
        cell.variant.spoil(upload, cell.weight_format)
        job = Job.from_json(job_of(f"{self._url}/{cell.name}", upload, LIMITS))
        prepared = prepare_facts(self._bench, job)
        weights, _ = check_weights(self._bench, job, prepared, [], trial(self._bench, job, prepared))
        return next(entry for entry in weights if entry["format"] == cell.weight_format)


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """The engine's boxes, an archive on loopback and a cache below the folder."""
    (folder / "uploads").mkdir(parents=True)
    with serving(folder / "uploads") as url:
        images = {name: value for name, value in os.environ.items() if name.startswith("ACCESSION_JOB_IMAGE")}
        environ = {"ACCESSION_BOX": "docker", "ACCESSION_CACHE": str(folder / "cache"), "ACCESSION_ZENODO_URL": url}
        with open_bench(WorkSettings.from_env(images | environ)) as bench:
            yield Desk(bench, url, folder / "uploads")
