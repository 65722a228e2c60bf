"""Where models of some frameworks run: an interpreter on this machine, or one in a box's image that sees the cases' folder."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.agreement.corpus import JOB_PYTHON, ROOT
from tests.agreement.dynamic import cases, cases_tensorflow
from tests.samples.in_images import image_of, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.agreement.dynamic.cases import Case

SEALED = ("-i", "--rm", "--network=none", "--cap-drop=ALL", "--read-only", "--tmpfs=/tmp:mode=1777")


@dataclass(frozen=True)
class Interpreter:
    """A Python with the boxes' libraries; all that is temporary has to lie in `home`, since it may see nothing else."""

    python: str
    home: Path


@dataclass(frozen=True)
class Environment:
    """Both sides are asked about these cases in one interpreter."""

    name: str
    cases: Callable[[Path, str], Iterator[Case]]
    """Written below the folder, with the interpreter's help where they need it."""
    framework: str = ""
    """Of the image (tests/samples/in_images.py); empty: the libraries are on this machine."""

    @property
    def missing(self) -> str:
        """Why nothing can be asked here; empty where something can."""
        if self.framework:
            return missing(self.framework)
        return "" if JOB_PYTHON.exists() else "the boxes' libraries are not installed: make .venv-job"

    @contextmanager
    def interpreter(self, folder: Path) -> Iterator[Interpreter]:
        """One that sees the folder."""
        with tempfile.TemporaryDirectory(prefix="asked-") as name:  # a socket's path is short
            home = Path(name)
            python = _in_image(self.framework, home, folder) if self.framework else JOB_PYTHON
            yield Interpreter(str(python), home)


def _in_image(framework: str, home: Path, folder: Path) -> Path:
    """A file that stands in for the image's interpreter; it runs the code of this checkout, not what the image holds."""
    mounts = (f"--volume={home}:{home}", f"--volume={folder}:{folder}", f"--volume={ROOT}:{ROOT}:ro")
    settings = (f"--env=PYTHONPATH={ROOT}", f"--env=HOME={home}", f"--env=TMPDIR={home}")
    who = f"--user={os.getuid()}:{os.getgid()}"
    options = (*SEALED, *mounts, *settings, who, f"--workdir={home}", "--entrypoint=/opt/job/bin/python")
    python = home / "python-in-image"
    python.write_text(f'#!/bin/sh\nexec docker run {shlex.join((*options, image_of(framework)))} "$@"\n', "utf-8")
    python.chmod(0o755)
    return python


def _with_torch_if_there(folder: Path, python: str) -> Iterator[Case]:
    found = subprocess.run([python, "-c", "import torch"], capture_output=True, check=False)
    return cases.cases(folder, None if found.returncode else python)


ONNX_TORCH = Environment("onnx-torch", _with_torch_if_there)
TENSORFLOW = Environment("tensorflow", cases_tensorflow.cases, "tensorflow")
ENVIRONMENTS = (ONNX_TORCH, TENSORFLOW)
"""One for each image whose frameworks cannot stand side by side, but for that of TensorFlow.js, which the bare tool does not run."""
