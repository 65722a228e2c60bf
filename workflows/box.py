"""One box, one job, then it ends: `python -m workflows box VERB` (`.github/BOXES.md`).

The private stream is taken away from descriptor 1 before anything else happens, so that what contributed code prints
never enters the protocol.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from workflows import frames
from workflows.machine import peak_memory, single_out_threads
from workflows.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

VERBS: Mapping[str, str] = {
    "describe": "workflows.describe.describe",
    "static": "workflows.static.static",
    "produce": "workflows.dynamic.produce",
    "judge": "workflows.dynamic.judge",
    "compare": "workflows.dynamic.compare",
    "environment": "workflows.environment.environment",
    "resolve": "workflows.environment.resolve",
    "install": "workflows.environment.install",
}
"""Verb to module, the last two for the builder alone; a module has `run`, and may have `preload` for what is worth doing before the job, `finish` for after."""

JOB_LIMIT = 16 * 1024**2
"""Bytes of a job frame; the largest part of one is the listing of an upload."""


def private_stdout() -> BinaryIO:
    """The protocol's stream; from now on descriptor 1, and so every print, is stderr. Children do not inherit it."""
    sys.stdout.flush()
    private = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(private, "wb")


def private_stdin() -> BinaryIO:
    """The stream the job comes from; from now on descriptor 0 is empty."""
    private = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(private, "rb")


def main(verb: str) -> int:
    """Serve one job; 0, or 1 with the traceback on stderr and without `done`."""
    with private_stdout() as out, private_stdin() as into:
        single_out_threads(os.environ)
        try:
            serve(verb, into, out)
        except BaseException:  # noqa: BLE001 - a box ends by its exit code, whatever was raised inside
            traceback.print_exc()
            return 1
    return 0


def leave(code: int) -> NoReturn:
    """End the process without taking its interpreter down: with a framework in it that takes longer than most models.

    Measured: 0.1 s with onnxruntime, 0.3 to 1.5 s with torch, of which nothing comes any more.
    """
    sys.stderr.flush()
    os._exit(code)


def serve(verb: str, into: BinaryIO, out: BinaryIO) -> None:
    """Ready, one job, the verb's frames, done.

    Raises ValueError where the stream does not hold a job, and whatever the verb raises.
    """
    watch = Stopwatch()
    with watch.part("import"):
        module = importlib.import_module(VERBS[verb])
        getattr(module, "preload", _nothing)()
    try:
        _serve(module, watch, into, out)
    finally:
        getattr(module, "finish", _nothing)()


def _serve(module: ModuleType, watch: Stopwatch, into: BinaryIO, out: BinaryIO) -> None:
    frames.write(out, "ready", b"")
    with watch.part("wait"):
        job = read_job(into)
    with watch.part("run"):
        _work(module, job, out)
    done = {"seconds": watch.seconds, "peak_memory_bytes": peak_memory()}
    frames.write(out, "done", json.dumps(done).encode())


def read_job(into: BinaryIO) -> dict[str, Any]:
    """The one frame named `job`: a JSON object."""
    frame = frames.read(into, JOB_LIMIT)
    if frame is None or frame[0] != "job":
        raise ValueError("expected one frame named job")
    job = json.loads(frame[1])
    if not isinstance(job, dict):
        raise TypeError("a job is a JSON object")
    return job


def _work(module: ModuleType, job: dict[str, Any], out: BinaryIO) -> None:
    def emit(name: str, payload: bytes) -> None:
        frames.write(out, name, payload)

    run: Callable[[dict[str, Any], Path, Callable[[str, bytes], None]], None] = module.run
    run(job, Path(os.environ.get("ACCESSION_IN", "/in")), emit)


def _nothing() -> None:
    """What a verb without heavy libraries loads before its job, and one without processes of its own does after it."""
