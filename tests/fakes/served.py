"""Folders as uploads of an archive on loopback, and the jobs that ask the work side about them."""

from __future__ import annotations

import functools
import hashlib
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address below which the folder's files lie."""
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


def job_of(url: str, folder: Path, limits: Mapping[str, int] | None = None) -> dict[str, Any]:
    """A job of `schemas/job.schema.json` for a folder that is served at `url`."""
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
            "limits": dict(limits or {}),
            "types": ["model"],
            "minimum_format_version": {"model": "0.4.0"},
            "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000},
        },
    }
