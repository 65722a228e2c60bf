"""The work side beside an archive on loopback, and what it leaves behind."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.gateways.work_process import WorkProcess

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


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


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
        report = self.work.check(job_of(f"{self._url}/{folder.relative_to(self.uploads)}", folder, limits or {}))
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


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """An archive on loopback: the address below which the folder's files lie."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def job_of(url: str, folder: Path, limits: Mapping[str, int]) -> dict[str, Any]:
    """A job of `schemas/job.schema.json` for a folder that is served below `url`."""
    files = [
        {
            "name": path.name,
            "url": f"{url}/{path.name}",
            "size": path.stat().st_size,
            "md5": hashlib.md5(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
    ]
    return {
        "schema": "accession/job/1",
        "verb": "check",
        "source": {"archive": "zenodo", "concept": "1", "record": "2", "files": files},
        "rdf_override": None,
        "policy": {
            "limits": {**LIMITS, **limits},
            "types": ["model"],
            "minimum_format_version": {"model": "0.4.0"},
            "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000},
        },
    }
