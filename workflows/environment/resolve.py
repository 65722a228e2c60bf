"""The builder's first verb: requirements to a lock of wheels with hashes. It has a network and nothing else worth having.

No code of any package runs here: wheels alone are taken, and pip reads their metadata.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.environment import pip_run, pip_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WHEELS_ONLY = (
    "--only-binary",
    ":all:",
    "--no-input",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--progress-bar",
    "off",
)


def run(job: Mapping[str, Any], _inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """`requirements` (each one argument of pip, so that nothing in it is expanded), `pip` settings, `seconds`: frame `lock`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        pip_run.settings(folder, job["pip"])
        report = folder / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", *_WHEELS_ONLY]
        command += ["--report", str(report), "--", *job["requirements"]]
        end = pip_run.run(command, folder, job["seconds"])
        lock = None if end.code or end.late or end.large else locked(json.loads(report.read_bytes()))
        if lock is not None and not all(one["sha256"] for one in lock):
            end, lock = pip_run.PipEnd(1, f"ERROR: a package without a hash\n{end.words}"), None
    emit(
        "lock", json.dumps(pip_words.answer(end, job["seconds"], "Resolving the declared dependencies", lock)).encode()
    )


def locked(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Name, version and sha256 of everything that pip would install, sorted (pip's installation report, version 1)."""
    found = [
        {
            "name": one["metadata"]["name"],
            "version": one["metadata"]["version"],
            "sha256": one["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256", ""),
        }
        for one in report["install"]
    ]
    return sorted(found, key=lambda one: one["name"].lower())
