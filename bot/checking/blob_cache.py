"""The content-addressed cache: every fetched or handed-out file under its sha256, read-only, least recently used go.

A file is written beside and renamed into place, so a name stands for complete content. Content is hashed again when
this process sees it for the first time, or when its stamp changed: a corrupted file is dropped and counts as absent.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.records.blob import Blob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IN_USE_SECONDS = 900.0
"""What was touched this recently may be on its way into a box and is not evicted."""
_LEFT_OVER_SECONDS = 6 * 3600.0


class TooLargeError(Exception):
    """The stream has more bytes than allowed."""


class WrongContentError(Exception):
    """The stream's md5 or size is not the announced one."""


class BlobCache:
    """Blobs below `root`; several processes may share it."""

    def __init__(self, root: Path, *, quota_bytes: int) -> None:
        self._blobs, self._tmp = root / "blobs", root / "tmp"
        self._quota = quota_bytes
        self._verified: dict[str, tuple[int, int, int]] = {}
        for folder in (self._blobs, self._tmp):
            folder.mkdir(parents=True, exist_ok=True)
        self._sweep()

    def add(self, chunks: Iterable[bytes], *, limit: int, size: int | None = None, md5: str | None = None) -> Blob:
        """Store a stream; nothing stays where it is too large, not what was announced, or breaks off."""
        with _disk_errors(), tempfile.NamedTemporaryFile(dir=self._tmp, delete=False) as file:
            temporary = Path(file.name)
            try:
                blob = _write(chunks, file, limit, md5)
                _compare(blob.size, size)
                file.flush()
                temporary.chmod(0o444)
                temporary.rename(self._blobs / blob.sha256)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        self._verified[blob.sha256] = _stamp(self._blobs / blob.sha256)
        self._evict()
        return blob

    def path(self, sha256: str) -> Path | None:
        """Where verified content lies; None where it is absent (evicted, corrupted)."""
        path = self._blobs / sha256
        try:
            stamp = _stamp(path)
            if self._verified.get(sha256) != stamp:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                        path.unlink(missing_ok=True)
                        return None
                self._verified[sha256] = stamp
            os.utime(path, ns=(time.time_ns(), stamp[0]))
        except FileNotFoundError:
            return None
        return path

    def read(self, sha256: str, *, limit: int) -> bytes:
        """Small content; `GatewayError` where it is gone or larger than `limit`."""
        path = self.path(sha256)
        if path is None:
            raise GatewayError("a cached file is gone", reason="blob-gone", transient=True)
        with _disk_errors(), path.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise GatewayError(f"a cached file has more than {limit} bytes", reason="blob-too-large", transient=False)
        return content

    def _evict(self) -> None:
        """Down to the quota, least recently used first; one process at a time."""
        entries = sorted(((status.st_atime, status.st_size, path) for path, status in _files(self._blobs)))
        excess = sum(size for _, size, _ in entries) - self._quota
        if excess <= 0:
            return
        with (self._tmp / "evict.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for used, size, path in entries:
                if excess <= 0 or used > time.time() - IN_USE_SECONDS:
                    break
                path.unlink(missing_ok=True)
                excess -= size

    def _sweep(self) -> None:
        """Remove what processes that were killed left half-written."""
        for path, status in _files(self._tmp):
            if status.st_mtime < time.time() - _LEFT_OVER_SECONDS:
                path.unlink(missing_ok=True)


def _write(chunks: Iterable[bytes], file: tempfile._TemporaryFileWrapper[bytes], limit: int, md5: str | None) -> Blob:
    sha256, other, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLargeError
        sha256.update(chunk)
        if md5 is not None:
            other.update(chunk)
        file.write(chunk)
    if md5 is not None and other.hexdigest() != md5:
        raise WrongContentError("another md5")
    return Blob(sha256.hexdigest(), size)


def _compare(size: int, announced: int | None) -> None:
    if announced is not None and size != announced:
        raise WrongContentError(f"{size} bytes instead of {announced}")


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.iterdir():
        try:
            yield path, path.stat()
        except FileNotFoundError:
            continue


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GatewayError(f"the cache cannot be used: {error.strerror}", reason="cache", transient=True) from None
