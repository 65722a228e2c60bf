"""Runs pip in the builder: an empty environment, its settings from a file of ours, bounded in time and in what it writes."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WORDS = 8000
"""Characters kept of what pip says; `schemas/environment.schema.json`."""
_LOG = 4_000_000
_GIB = 1024**3
_LOOK_SECONDS = 2.0
_MULTIPLE = frozenset({"extra-index-url", "trusted-host"})


@dataclass(frozen=True)
class PipEnd:
    """How pip ended: `late` and `large` say that it was stopped, and why."""

    code: int
    words: str
    late: bool = False
    large: bool = False
    log: str = ""
    """The end of its own log, which says what its words do not: that a registry answered 503, for example."""


def settings(folder: Path, pip: Mapping[str, str]) -> Path:
    """Pip's configuration file with the index's addresses, and the certificates' text in a file of its own."""
    lines = ["[global]"]
    for name in ("index-url", "extra-index-url", "trusted-host", "proxy"):
        values = pip.get(name, "").split() if name in _MULTIPLE else [" ".join(pip.get(name, "").split())]
        if any(values):
            lines.append(f"{name} = " + "\n    ".join(values))
    if pip.get("cert"):
        (folder / "ca.pem").write_text(pip["cert"], encoding="utf-8")
        lines.append(f"cert = {folder / 'ca.pem'}")
    made = folder / "pip.conf"
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def run(command: Sequence[str], folder: Path, seconds: float, *, most_bytes: int = 20 * _GIB) -> PipEnd:
    """`python -m pip …` in `folder`, with nothing in its environment but where its settings are; stopped at either limit."""
    environment = {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PIP_CONFIG_FILE": str(folder / "pip.conf"),
        "TMPDIR": str(folder),
    }
    said, log = folder / "words", folder / "log"
    late = large = False
    with said.open("wb") as words:
        process = subprocess.Popen(  # noqa: S603 - pip of this image, its arguments were held to a pattern
            [*command[:3], "--log", str(log), *command[3:]],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            cwd=folder,
            env=environment,
        )
        until = time.monotonic() + seconds
        while not (late or large):
            try:
                process.wait(min(_LOOK_SECONDS, max(until - time.monotonic(), 0.01)))
                break
            except subprocess.TimeoutExpired:
                late = time.monotonic() >= until
                large = size(folder) > most_bytes
        if late or large:
            process.kill()
            process.wait()
    return PipEnd(process.returncode, _tail(said, WORDS), late, large, _tail(log, _LOG) if log.exists() else "")


def size(folder: Path) -> int:
    """Bytes below a folder, links not followed; what vanishes meanwhile counts nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - 50,000 files every 2 s
            except OSError:
                continue
    return total


def _tail(path: Path, characters: int) -> str:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4 * characters, 0))
        return file.read().decode(errors="replace")[-characters:]
