"""A box on the contributor's own machine: the same code as in the sealed ones, in a process of its own, *not* sealed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows import frames

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 900
OUTPUT_LIMIT = 8 * 1024**3
WORDS = 4000
"""Characters of what a box printed; `schemas/report.schema.json`, words."""

_TENSORFLOW, _TFJS = "ACCESSION_JOB_PYTHON_TENSORFLOW", "ACCESSION_JOB_PYTHON_TFJS"
PYTHONS = {
    "keras_hdf5": _TENSORFLOW,
    "keras_v3": _TENSORFLOW,
    "tensorflow_saved_model_bundle": _TENSORFLOW,
    "tensorflow_js": _TFJS,
}
"""Weight format to the setting that names its interpreter."""


@dataclass(frozen=True)
class BoxAnswer:
    """What a box handed out by frame name, how it ended, and the tail of what it printed."""

    frames: Mapping[str, bytes]
    ending: str
    """Empty where it said `done`, else how it ended without."""
    words: str = ""

    def json(self, name: str) -> dict[str, Any] | None:
        """That frame as a JSON object, None where it was not handed out."""
        found = self._parsed(name)
        return found if isinstance(found, dict) else None

    def items(self, name: str) -> list[Any]:
        """That frame as a JSON list, empty where it was not handed out."""
        found = self._parsed(name)
        return found if isinstance(found, list) else []

    def _parsed(self, name: str) -> Any:
        try:
            return json.loads(self.frames[name]) if name in self.frames else None
        except (ValueError, RecursionError):
            return None


def interpreter(weight_format: str, environ: Mapping[str, str]) -> str:
    """The Python that runs a format (empty: no format in particular): TensorFlow's may be one of its own, and TensorFlow.js's.

    `ACCESSION_JOB_PYTHON` names one for all that have none of their own, else it is the one that runs this.
    """
    own = environ.get(PYTHONS.get(weight_format, ""), "")
    return own or environ.get("ACCESSION_JOB_PYTHON", "") or sys.executable


def call(verb: str, job: Mapping[str, Any], inputs: Path, environ: Mapping[str, str]) -> BoxAnswer:
    """Run one box to its end, at most SECONDS, with the interpreter of the job's format."""
    payload = json.dumps(job).encode()
    settings = {**environ, "ACCESSION_IN": str(inputs), "PYTHONPATH": str(Path(__file__).parents[1])}
    python = interpreter(str(job.get("format", "")) if verb == "produce" else "", environ)
    command = [python, "-m", "workflows", "box", verb]
    with tempfile.TemporaryDirectory(prefix="accession-scratch-", ignore_cleanup_errors=True) as scratch:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command,
                input=frames.head("job", len(payload)) + payload,
                capture_output=True,
                check=False,
                cwd=scratch,
                env={**settings, "TMPDIR": scratch, "PYTHONSAFEPATH": "1"},
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return BoxAnswer({}, f"it was still running after {SECONDS} s")
    return answer(done.stdout, done.stderr, done.returncode)


def answer(stdout: bytes, stderr: bytes, exit_code: int) -> BoxAnswer:
    """Read the frames that a box wrote; a broken stream keeps what came before it."""
    found: dict[str, bytes] = {}
    stream, ending = io.BytesIO(stdout), ""
    try:
        while frame := frames.read(stream, OUTPUT_LIMIT):
            found[frame[0]] = frame[1]
    except frames.FrameError as error:
        ending = f"it broke the protocol: {error}"
    if "done" not in found or exit_code:
        ending = ending or how_it_ended(exit_code)
    return BoxAnswer(found, ending, stderr.decode("utf-8", "replace")[-WORDS:])


def how_it_ended(exit_code: int) -> str:
    """An exit code in words; negative ones are signals."""
    if exit_code < 0:
        return f"it was ended by signal {-exit_code}"
    return f"it ended with exit code {exit_code} without an answer"


def environment() -> dict[str, str]:
    """What a local box inherits."""
    return dict(os.environ)
