"""`ports.Boxes` without a container engine: a plain subprocess, for the project's own sample alone."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.gateways.boxes_end import Exit, judge_end
from bot.gateways.boxes_frames import BoxBrokeError
from bot.gateways.boxes_inputs import fill
from bot.gateways.boxes_pipes import PipeLink
from bot.gateways.boxes_talk import Talk
from bot.gateways.boxes_trust import Trust
from bot.records.box import FIRST, Machine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.gateways.boxes_talk import Take
    from bot.ports import Json
    from bot.records.box import BoxLimits, BoxRun

log = structlog.get_logger(__name__)
_INHERITED = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH")
_SOURCES = (
    "import hashlib, pathlib, schemas, workflows\n"
    "folders = [pathlib.Path(one.__path__[0]) for one in (workflows, schemas)]\n"
    "files = sorted(p for folder in folders for p in folder.rglob('*') if p.suffix in {'.py', '.json'})\n"
    "print(hashlib.sha256(b''.join(p.read_bytes() for p in files)).hexdigest())\n"
)
_LEAVE_SECONDS = 5.0


class ProcessBoxes:
    """Not sealed; refuses whatever is not trusted by its hash."""

    def __init__(self, python: str, trusted: frozenset[str], folder: Path, *, cwd: Path | None = None) -> None:
        """`python` has the job's libraries; `cwd` is where `workflows` is found, if it is not installed."""
        folder.mkdir(parents=True, exist_ok=True)
        self._python = python
        self._folder = folder
        self._cwd = cwd
        self._trust = Trust(trusted, folder / "derived")
        log.warning("NO CONTAINER ENGINE: models run unsealed, and only the project's own sample is run")

    def images(self) -> Mapping[str, str]:
        """`process-` and a hash over the sources that run, so that a changed rule changes the verdict key."""
        return {FIRST: f"process-{self._sources}"}

    def machine(self) -> Machine:
        """This one."""
        return Machine(os.cpu_count() or 1, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """Nothing is kept waiting here."""

    def close(self) -> None:
        """Nothing is left behind between runs."""

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Take,
        *,
        image: str = FIRST,
        whose: str = "",  # noqa: ARG002 - there are no turns here
    ) -> BoxRun:
        """As `ports.Boxes`; raises `GatewayError` for an input that is not trusted, or for an image."""
        if image != FIRST and image not in self.images().values():
            raise GatewayError(f"there is no image {image} without an engine", reason="no-image", transient=False)
        self._trust.demand(inputs)
        scratch = Path(tempfile.mkdtemp(prefix="box-", dir=self._folder))
        try:
            return self._run(job, inputs, limits, take, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _run(self, job: Json, inputs: Mapping[str, Path], limits: BoxLimits, take: Take, scratch: Path) -> BoxRun:
        for name in ("in", "tmp"):
            (scratch / name).mkdir()
        fill(scratch / "in", inputs)
        process = self._start(job["verb"], limits, scratch)
        link = PipeLink(process)
        talk, done, broke, ready = Talk(link, job["verb"], limits), None, None, False
        try:
            ready = talk.hear_ready()
            if ready:
                talk.give(job)
                done = talk.hear(lambda name, chunks, size: take(name, self._trust.derive(chunks), size))
        except BoxBrokeError as error:
            broke = error
        finally:
            breaks = broke is not None and not broke.cut
            left = _end(process, 0 if breaks else (_LEAVE_SECONDS if done is not None else talk.left()))
            link.close()
        run = judge_end(left, done, broke, limits, silent=talk.silent)
        return replace(run, ready=ready, seconds=time.monotonic() - talk.started, words=link.tail.text())

    def _start(self, verb: str, limits: BoxLimits, scratch: Path) -> subprocess.Popen[bytes]:
        command = [self._python, "-m", "workflows", "box", verb]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program, the verb is one of four words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=scratch / "tmp",
                env=self._environment(limits, scratch),
                start_new_session=True,
            )
        except OSError as error:
            message = f"the job's Python cannot be started: {error.strerror}"
            raise GatewayError(message, reason="no-job-python", transient=False) from None
        _limit(process.pid, limits)
        return process

    def _environment(self, limits: BoxLimits, scratch: Path) -> dict[str, str]:
        """No `ACCESSION_*` but its own, no token, no proxy."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        path = os.pathsep.join(filter(None, [str(self._cwd or ""), inherited.get("PYTHONPATH", "")]))
        return (
            inherited
            | ({"PYTHONPATH": path} if path else {})
            | {
                "ACCESSION_IN": str(scratch / "in"),
                "HOME": str(scratch / "tmp"),
                "TMPDIR": str(scratch / "tmp"),
                "OMP_NUM_THREADS": str(limits.cpus),
                "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        )

    @cached_property
    def _sources(self) -> str:
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        if self._cwd is not None:
            environment["PYTHONPATH"] = str(self._cwd)
        try:
            answer = subprocess.run(  # noqa: S603 - our own program
                [self._python, "-c", _SOURCES],
                capture_output=True,
                check=True,
                timeout=60,
                env=environment,
                text=True,
                cwd=self._folder,
            )
        except (OSError, subprocess.SubprocessError):
            message = "the job's Python cannot be started or has no `workflows`"
            raise GatewayError(message, reason="no-job-python", transient=False) from None
        return answer.stdout.strip()[:64]


def _limit(pid: int, limits: BoxLimits) -> None:
    """Set from outside, before the process has heard of its job: code between fork and exec is unsafe with threads."""
    for kind, value in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds * (limits.cpus + 1) + 60),
        (resource.RLIMIT_FSIZE, limits.scratch_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        try:
            resource.prlimit(pid, kind, (value, value))
        except ProcessLookupError:
            return


def _end(process: subprocess.Popen[bytes], seconds: float) -> Exit:
    """Wait, then end the whole process group; a code as a shell gives it (128 + signal)."""
    killed = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        killed = True
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    return Exit(code if code >= 0 else 128 - code, oom=False, killed=killed)
