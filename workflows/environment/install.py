"""The builder's second verb: exactly the lock's wheels into `/opt/job`, where the boxes' interpreter is looked for.

What the container holds afterwards becomes the image, so that pip's settings and files are gone before the answer is given.
Nothing that was installed is run: not even `.pth` files, which any start of the new interpreter would execute.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.environment import pip_run, pip_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TARGET = Path("/opt/job")
_OPTIONS = (
    *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile", "--no-input"),
    *("--disable-pip-version-check", "--no-cache-dir", "--progress-bar", "off", "--ignore-installed"),
)


def run(job: Mapping[str, Any], _inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """`lock`, `pip` settings, `seconds`: frame `installed`."""
    target = Path(job.get("target", TARGET))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        pip_run.settings(folder, job["pip"])
        (folder / "lock.txt").write_text(lock_file(job["lock"]), encoding="ascii")
        site = _empty_venv(target)
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            *_OPTIONS,
            "--target",
            str(site),
            "-r",
            str(folder / "lock.txt"),
        ]
        end = pip_run.run(command, folder, job["seconds"])
    answer = pip_words.answer(end, job["seconds"], "Installing the declared dependencies")
    if answer["outcome"] == "done":
        compile_all(site)
    emit("installed", json.dumps(answer).encode())


def lock_file(lock: Iterable[Mapping[str, str]]) -> str:
    """Pip's file with one version and one hash a line; the fields were held to patterns that know no space."""
    return "".join(f"{one['name']}=={one['version']} --hash=sha256:{one['sha256']}\n" for one in lock)


def compile_all(site: Path) -> None:
    """Byte code, so that a read-only box does not compile at each start; a file that does not compile stays as it is."""
    command = [sys.executable, "-I", "-S", "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*command, str(site)], capture_output=True, check=False)  # noqa: S603 - our own interpreter


def _empty_venv(target: Path) -> Path:
    """A bare virtual environment of the system's interpreter, and its folder of packages."""
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-m", "venv", "--without-pip", "--clear", str(target)], capture_output=True, check=True
    )
    return next(target.glob("lib/python3*")) / "site-packages"
