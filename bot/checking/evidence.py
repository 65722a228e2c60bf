"""What reports name beyond their words: pictures and produced tensors, kept for a while whatever the cache evicts.

A file lies under its sha256; its time of change says until when it is kept, so that a look into the folder shows it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.checking.blob_cache import BlobCache

FOLDER = "evidence"
SWEEP_SECONDS = 3600.0
_DAY = 86_400
_COPY_SECONDS = 3600.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_GONE = "is not kept here: evidence is kept for some days only (`evidence_days` in collection/accession.yaml)"


class Evidence:
    """Files below `root`; several processes may share it."""

    def __init__(self, root: Path, *, quota_bytes: int) -> None:
        """What is over its time goes right away."""
        self._root = root
        self._quota = quota_bytes
        root.mkdir(parents=True, exist_ok=True)
        self.sweep()

    def pin(self, cache: BlobCache, names: Iterable[str], *, days: int) -> None:
        """Keep blobs for so many days from now; one that is kept already is kept longer, one that is gone is let go."""
        until = time.time() + days * _DAY
        for sha256 in names:
            path = self._root / sha256
            if not path.exists():
                found = cache.path(sha256)
                if found is None:
                    continue
                with _disk_errors():
                    _copy(found, path, until)
            with suppress(FileNotFoundError):
                os.utime(path, (time.time(), max(until, path.stat().st_mtime)))
        self.sweep()

    def path(self, sha256: str) -> Path | None:
        """Where it lies, None where it is not kept."""
        path = self._root / sha256
        return path if path.is_file() else None

    def sweep(self) -> None:
        """Remove what is over its time, then what is nearest to its end until the rest fits the quota."""
        files = sorted((_until(path, status), status.st_size, path) for path, status in _files(self._root))
        excess = sum(size for _, size, _ in files) - self._quota
        for until, size, path in files:
            if until > time.time() and excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess -= size

    @contextmanager
    def swept(self) -> Iterator[None]:
        """Sweeps once an hour meanwhile."""
        over = threading.Event()

        def keep_sweeping() -> None:
            while not over.wait(SWEEP_SECONDS):
                self.sweep()

        thread = threading.Thread(target=keep_sweeping, name="evidence", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def hand_out(root: Path, sha256: str, target: Path) -> int:
    """Copy one file out of the folder, whatever its size; the number of bytes. Raises `GatewayError` where it cannot."""
    source = root / sha256
    if not _SHA256.fullmatch(sha256) or not source.is_file():
        raise GatewayError(f"{sha256!r} {_GONE}.", reason="evidence-gone", transient=False)
    try:
        shutil.copyfile(source, target)
        with target.open("rb") as file:
            right = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}."
        raise GatewayError(message, reason="evidence-output", transient=False) from None
    if not right:
        raise GatewayError(f"{sha256} was damaged on this disk.", reason="evidence-damaged", transient=False)
    return target.stat().st_size


def _copy(source: Path, target: Path, until: float) -> None:
    """A copy, not a link: its time of change is its own."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        shutil.copyfile(source, beside)
        os.utime(beside, (time.time(), until))
        beside.chmod(0o444)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _until(path: Path, status: os.stat_result) -> float:
    """A copy under way may take its time; one that a killed process left is over then."""
    return status.st_mtime + (_COPY_SECONDS if path.name.startswith(".") else 0)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            yield path, path.stat()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GatewayError(f"evidence cannot be kept: {error.strerror}", reason="evidence", transient=True) from None
