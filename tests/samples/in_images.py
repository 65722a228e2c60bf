"""Weights of frameworks that the tests do not have: made by small programs that run inside the boxes' images.

A program (`inside/`) is handed over as text, gets its tasks as JSON on stdin and answers each with files as JSON on stdout: no
folder is mounted, so that it works with any engine. The same task to the same image is asked once on one machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

INSIDE = Path(__file__).parent / "inside"
IMAGES = {
    "torch": ("ACCESSION_JOB_IMAGE", "accession-job:latest"),
    "tensorflow": ("ACCESSION_JOB_IMAGE_TENSORFLOW", "accession-job-tensorflow:latest"),
    "tfjs": ("ACCESSION_JOB_IMAGE_TFJS", "accession-job-tfjs:latest"),
}
"""Framework to the setting that names its image, and the default."""
PROGRAMS = {"torch": "torch_weights.py", "tensorflow": "keras_weights.py", "tfjs": "tfjs_weights.mjs"}
"""What makes weights of a framework."""
SEALED = ("--rm", "-i", "--network=none", "--read-only", "--cap-drop=ALL", "--tmpfs=/tmp:mode=1777")
SECONDS = 300

Task = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """Files by name, and what the RDF says of the versions that made them."""

    files: dict[str, bytes]
    versions: dict[str, str]


class NoImageError(RuntimeError):
    """The framework is not to be had here; the text says what to do."""


def image_of(framework: str) -> str:
    """The image's name, from the settings of this run."""
    variable, default = IMAGES[framework]
    return os.environ.get(variable) or default


@cache
def missing(framework: str) -> str:
    """Why nothing can be made with it here; empty where something can."""
    if framework == "torch" and find_spec("torch"):
        return ""
    image = image_of(framework)
    return "" if _image_id(image) else f"there is no engine with the image {image}: make image"


def needs(framework: str) -> None:
    """Skip the test that asks where the framework is missing; fail where an engine is required."""
    import pytest  # the boxes' interpreters make samples too, and have none

    reason = missing(framework)
    if reason and os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
        pytest.fail(f"ACCESSION_REQUIRE_DOCKER=1, but {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)


def made(framework: str, task: Task, beside: Sequence[Task] = (), program: str = "") -> Made:
    """What a program answers to a task, by default the one that makes weights; raises NoImageError, or RuntimeError with its words.

    Starting a framework is what takes time. So what is likely to be asked next is made `beside` it.
    """
    if reason := missing(framework):
        raise NoImageError(reason)
    command = _command(framework, program or PROGRAMS[framework])
    kept = _kept(framework, command, task)
    if not kept.exists():
        tasks = [task, *(other for other in beside if other != task)]
        for one, answer in zip(tasks, _ask(command, tasks), strict=True):
            _put(_kept(framework, command, one), json.dumps(answer).encode())
    answer = json.loads(kept.read_bytes())
    return Made({name: base64.b64decode(content) for name, content in answer["files"].items()}, answer["versions"])


def _ask(command: list[str], tasks: list[Task]) -> list[Any]:
    text = json.dumps(tasks, sort_keys=True).encode()
    run = subprocess.run(command, input=text, capture_output=True, check=False, timeout=SECONDS)
    if run.returncode:
        raise RuntimeError(f"a sample could not be made or run: {run.stderr.decode(errors='replace')[-2000:]}")
    return list(json.loads(run.stdout))


def _kept(framework: str, command: list[str], task: Task) -> Path:
    """Where the answer lies once it is there: named by all that it depends on."""
    parts = [_image_id(image_of(framework)), *command, json.dumps(task, sort_keys=True)]
    return _shelf() / (hashlib.sha256("\0".join(parts).encode()).hexdigest() + ".json")


def _command(framework: str, program: str) -> list[str]:
    source = (INSIDE / program).read_text(encoding="utf-8")
    if framework == "torch" and find_spec("torch"):
        return [sys.executable, "-c", source]
    node = program.endswith(".mjs")
    entry, options = ("node", ["--input-type=module", "-e"]) if node else ("python", ["-c"])
    return ["docker", "run", *SEALED, f"--entrypoint=/opt/job/bin/{entry}", image_of(framework), *options, source]


@cache
def _image_id(image: str) -> str:
    try:
        run = subprocess.run(
            ["docker", "image", "inspect", "--format", "{{.Id}}", image], capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode().strip() if run.returncode == 0 else ""


@cache
def _shelf() -> Path:
    """A folder of this user's own; what it holds can be made again."""
    folder = Path(tempfile.gettempdir()) / f"accession-samples-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        raise NoImageError(f"{folder} is somebody else's: remove it")
    return folder


def _put(path: Path, content: bytes) -> None:
    """All at once: several test processes share the folder."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
