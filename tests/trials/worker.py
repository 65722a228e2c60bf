"""`accession work` with a work side that judges by what the upload says of itself: the queue is real, the boxes are not."""

from __future__ import annotations

import base64
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.errors import GatewayError
from bot.queueing.fair import choose
from bot.work_bench import open_work_engine
from bot.work_settings import WorkSettings
from tests.fakes.workshop import FakeWorkshop

if TYPE_CHECKING:
    from bot.ports import Json

ENVIRONMENT = "e" * 64
LANES = 2


class Judge:
    """Answers as `bot.work.Server` does; `seconds` is what a box would take."""

    def __init__(self, seconds: float) -> None:
        self._workshop = FakeWorkshop(environment=ENVIRONMENT)
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
    judge = Judge(float(os.environ.get("TRIAL_SECONDS", "0.1")))
    engine = open_work_engine(
        settings.work_database,
        reply=judge.reply,
        environment=lambda: ENVIRONMENT,
        choose=choose,
        lanes=LANES,
        lease=settings.lease,
    )
    engine.start()
    while not stop.wait(0.5):
        pass
    engine.stop(5.0)
    os._exit(0)


if __name__ == "__main__":
    main()
