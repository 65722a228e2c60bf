"""A worker beside the service, for a machine that has nothing else: `accession work` as a child, started again when it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Self

import structlog

from bot.gateways.work_process import child_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before it is started again; doubled as long as it ends at once."""
STEADY = 60.0
"""A worker that ran so long did not end at once."""
STOP_SECONDS = 40.0
"""What is under way there is finished or given back."""
COMMAND = (sys.executable, "-m", "bot", "work")

log = structlog.get_logger(__name__)


class WorkBeside:
    """A context manager. The child gets the work side's settings and the work database, and no key."""

    def __init__(
        self, environ: Mapping[str, str], database: str, *, command: Sequence[str] = COMMAND, first: float = FIRST_PAUSE
    ) -> None:
        self._environ = child_environment(environ) | {"ACCESSION_WORK_DATABASE": database}
        self._command, self._first = list(command), first
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="work-beside", daemon=True)
        self.starts = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _keep(self) -> None:
        pause = self._first
        while not self._stop.is_set():
            child = self._start()
            steady = child is not None and self._watch(child)
            pause = self._first if steady else min(pause * 2, LONGEST_PAUSE)
            self._stop.wait(pause)

    def _start(self) -> subprocess.Popen[bytes] | None:
        self.starts += 1
        try:
            return subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.DEVNULL,
                env=self._environ,
                process_group=0,  # Ctrl-C is for us: what is under way there is finished first
            )
        except OSError as error:
            log.error("worker_not_started", error=error.strerror)  # noqa: TRY400 - a sentence, not a traceback
            return None

    def _watch(self, child: subprocess.Popen[bytes]) -> bool:
        """Until it ends or is to end; whether it ran steadily."""
        waited = 0.0
        while not self._stop.wait(0.2):
            waited += 0.2
            if child.poll() is not None:
                log.warning("worker_ended", code=child.returncode)
                return waited >= STEADY
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        return True
