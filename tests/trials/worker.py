"""`accession work` with a work side that judges by what the upload says of itself: queue, fetching and cache are real, boxes are not."""

from __future__ import annotations

import base64
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.checking import prepared
from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.evidence import Evidence
from bot.checking.fetch_file import fetch_file
from bot.checking.fetch_time import FetchTime
from bot.checking.json_shelf import JsonShelf
from bot.checking.sources import wanted
from bot.errors import GatewayError
from bot.gateways.clock import SystemClock
from bot.gateways.http import Web
from bot.queueing.fair import choose
from bot.records.blob import Blob
from bot.records.job import Job
from bot.work_bench import open_work_engine
from bot.work_settings import WorkSettings
from tests.fakes.boxes import FakeBoxes
from tests.fakes.workshop import FakeWorkshop, report

if TYPE_CHECKING:
    from bot.ports import Json

ENVIRONMENT = "e" * 64
LANES = 2
_NOTHING = "0" * 64


class Workshop(FakeWorkshop):
    """Fetches as the real one does: three tries, into a cache that survives the process; what fails then is errored."""

    def __init__(self, settings: WorkSettings) -> None:
        super().__init__(environment=ENVIRONMENT)
        cache = settings.cache
        self._bench = Bench(
            cache=BlobCache(cache, quota_bytes=10**9),
            shelf=JsonShelf(cache / "facts"),
            web=Web(settings.zenodo_url),
            boxes=FakeBoxes(),
            clock=SystemClock(),
            evidence=Evidence(cache / "evidence", quota_bytes=10**9),
            secret=b"secret",
        )

    def prepare(self, job: Json) -> dict[str, Any]:
        try:
            return super().prepare(job)
        except GatewayError as error:
            return prepared.errored(error.reason, error.message)

    def check(self, job: Json) -> dict[str, Any]:
        found = self.prepare(job)
        if found["outcome"] == "errored":
            return report(_NOTHING, "errored") | {"message": found["message"]}
        return super().check(job)

    def blob(self, sha256: str) -> bytes:
        path = self._bench.cache.path(sha256)
        return path.read_bytes() if path else super().blob(sha256)

    def _rdf(self, job: Json) -> bytes | None:
        read = Job.from_json(job)
        file = next((file for file in read.files if file.name == "rdf.yaml"), None)
        if read.override is not None or file is None:
            return read.override
        limits = read.limits
        time_ = FetchTime(self._bench.clock, limits.fetch_seconds)
        found = fetch_file(self._bench, wanted(file), limit=limits.rdf_bytes, time=time_)
        if not isinstance(found, Blob):
            raise GatewayError(found.message, reason=found.rule, transient=True)
        return self._bench.cache.read(found.sha256, limit=limits.rdf_bytes)


class Judge:
    """Answers as `bot.work.Server` does; `seconds` is what a box would take."""

    def __init__(self, workshop: Workshop, seconds: float) -> None:
        self._workshop = workshop
        self._seconds = seconds

    def reply(self, request: Json) -> Json:
        try:
            return {"answer": self._answer(request)}
        except GatewayError as error:
            return {"error": {"message": error.message, "reason": error.reason, "transient": error.transient}}

    def _answer(self, request: Json) -> dict[str, Any]:
        if request["verb"] == "blob":
            return {"base64": base64.b64encode(self._workshop.blob(request["sha256"])).decode()}
        time.sleep(self._seconds)
        return getattr(self._workshop, request["verb"])(request["job"])


def main() -> None:
    settings, stop = WorkSettings.from_env(os.environ), threading.Event()
    logs.configure(())
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    judge = Judge(Workshop(settings), float(os.environ.get("TRIAL_SECONDS", "0.1")))
    engine = open_work_engine(
        settings.work_database,
        reply=judge.reply,
        environment=lambda: ENVIRONMENT,
        choose=choose,
        lanes=LANES,
        lease=settings.lease,
    )
    engine.start()
    while not stop.wait(0.1):
        pass
    engine.stop(5.0)
    os._exit(0)


if __name__ == "__main__":
    main()
