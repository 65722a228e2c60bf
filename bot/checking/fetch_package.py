"""Fetches every file that an RDF names, four at a time, and says of each whether it is what it should be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.checking import problems
from bot.checking.fetch_file import fetch_file
from bot.checking.prepared import Reference
from bot.checking.problems import Problem
from bot.checking.sources import locate
from bot.errors import ContributorError
from bot.records.blob import Blob

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.describe_upload import Described
    from bot.checking.fetch_time import FetchTime
    from bot.ports import Json
    from bot.records.job import Job

AT_ONCE = 4


@dataclass(frozen=True)
class _Found:
    url: str | None
    blob: Blob | None
    problem: Problem | None


def fetch_package(bench: Bench, job: Job, described: Described, time: FetchTime) -> tuple[Reference, ...]:
    """All references with their bytes or their problems, in the time that is left; raises as `fetch_file` does."""
    references = described.description["references"]
    sources = {reference["source"]: reference for reference in references}
    if len(sources) > job.limits.files:
        message = f"The RDF names {len(sources)} files; at most {job.limits.files} are taken."
        raise ContributorError(message, reason="too-many-files")
    budget = _Budget(job.limits.package_bytes)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as pool:
        found = pool.map(lambda source: _find(bench, job, described, time, budget, sources[source]), sources)
        by_source = dict(zip(sources, found, strict=True))
    return tuple(_reference(reference, by_source[reference["source"]]) for reference in references)


class _Budget:
    """Bytes that all files together may have; shared by the fetching threads."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._left = total
        self._lock = threading.Lock()

    def left(self) -> int:
        return max(0, self._left)

    def spend(self, size: int) -> bool:
        """False where it is not enough."""
        with self._lock:
            self._left -= size
            return self._left >= 0


def _find(bench: Bench, job: Job, described: Described, time: FetchTime, budget: _Budget, reference: Json) -> _Found:
    source = reference["source"]
    place = locate(source, job.files, described.members)
    if isinstance(place, Problem):
        return _Found(None, None, place)
    url: str | None = None
    got: Blob | Problem
    if isinstance(place, Blob):
        got = place
    else:
        url = place.url
        limit = min(job.limits.file_bytes, budget.left())
        got = fetch_file(bench, place, limit=limit, time=time, declared=reference["sha256"])
        if isinstance(got, Problem) and got.rule == "file-too-large" and limit < job.limits.file_bytes:
            got = problems.too_large(source, budget.total, what="submission")
    if isinstance(got, Problem):
        return _Found(url, None, got)
    if not budget.spend(got.size):
        return _Found(url, None, problems.too_large(source, budget.total, what="submission"))
    return _Found(url, got, None)


def _reference(reference: Json, found: _Found) -> Reference:
    """The declared hash is compared per mention: two mentions of one file may declare different ones."""
    problem, blob = found.problem, found.blob
    declared = reference["sha256"]
    if blob is not None and declared is not None and declared != blob.sha256:
        problem = problems.wrong_hash(reference["source"], declared, blob.sha256)
    return Reference(
        pointer=reference["pointer"],
        source=reference["source"],
        role=reference["role"],
        required=reference["required"],
        local=reference["local"],
        url=found.url,
        sha256=blob.sha256 if blob else None,
        size=blob.size if blob else None,
        problem=problem.as_json() if problem else None,
    )
