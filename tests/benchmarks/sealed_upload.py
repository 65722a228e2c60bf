"""A folder as an upload, and a bench that has it fetched from there."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.records.download import Download
from bot.records.job import Job
from tests.fakes.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.ports import Boxes

BASE = "https://archive.example/files/"
_BYTES = 10**10


class FolderWeb:
    """Files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def get(self, url: str, *, seconds: float, listed: bool) -> Iterator[Download]:
        content = (self._folder / url.removeprefix(BASE)).read_bytes()
        yield Download(iter([content]), len(content))


def bench_of(boxes: Boxes, upload: Path, folder: Path) -> Bench:
    """A bench with a cache of its own below `folder`."""
    cache = folder / "cache"
    evidence = Evidence(cache / "evidence", quota_bytes=_BYTES)
    shelf = JsonShelf(cache / "facts")
    return Bench(BlobCache(cache, quota_bytes=_BYTES), shelf, FolderWeb(upload), boxes, FakeClock(), evidence, b"seed")


def job_of(upload: Path, *, turn: int, further: bool = True) -> Job:
    """A check of the folder's files; the policy differs by the turn, so that no verdict is known.

    `further`: with the runs beyond the test inputs.
    """
    files = [
        {
            "name": path.name,
            "url": BASE + path.name,
            "size": path.stat().st_size,
            "md5": hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest(),
        }
        for path in sorted(upload.iterdir())
    ]
    policy = {
        "limits": {} if further else {"box_extra_seconds": 0},
        "types": ["model"],
        "minimum_format_version": {"model": f"0.4.{turn % 5}", "dataset": f"0.2.{turn}"},
        "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000},
    }
    source = {"archive": "none", "concept": "1", "record": "2", "files": files}
    job = {"schema": "accession/job/1", "verb": "check", "source": source, "rdf_override": None, "policy": policy}
    return Job.from_json(job)


def copy_with(source: Path, target: Path, formats: Sequence[str]) -> Path:
    """The model with these weight formats alone."""
    shutil.copytree(source, target)
    rdf = target / "rdf.yaml"
    rdf.chmod(0o644)
    rdf.write_text(_only(rdf.read_text(encoding="utf-8"), formats), encoding="utf-8")
    return target


def _only(text: str, formats: Sequence[str]) -> str:
    """Lines below `weights:` are kept where they belong to one of the formats; alone, it has no parent."""
    kept, inside, keep = [], False, True
    for line in text.splitlines(keepends=True):
        if not line.startswith(" "):
            inside, keep = line.startswith("weights:"), True
        elif inside and line[:3].strip() and not line.startswith("   "):
            keep = line.strip().rstrip(":") in formats
        if keep and not (inside and len(formats) == 1 and line.strip().startswith("parent:")):
            kept.append(line)
    return "".join(kept)
