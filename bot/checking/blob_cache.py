"""The content-addressed cache: every fetched or handed-out file under its sha256, read-only, least recently used go.

A file is written beside and renamed into place, so a name stands for complete content. Content is hashed again when
this process sees it for the first time, or when its stamp changed: a corrupted file is dropped and counts as absent.

Adding looks at one file, not at all of them: what this process added since it last looked is counted, and only where
that goes beyond what was free then, or a minute is over, everything is measured, for what other processes added.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.records.blob import Blob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IN_USE_SECONDS = 900.0
"""What was touched this recently may be on its way into a box and is not evicted."""
LOOK_SECONDS = 60.0
"""Between two looks at a cache that this process has not filled: so long, others' files may be beyond the quota."""
_LEFT_OVER_SECONDS = 6 * 3600.0
_SPARE = 16
"""A full cache is emptied by one part in so many more than it must, or the very next file would fill it again."""
_LOCK = "evict.lock"


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
        self._lock = threading.Lock()
        self._added, self._free, self._next_look = 0, 0, 0.0
        for folder in (self._blobs, self._tmp):
            folder.mkdir(parents=True, exist_ok=True)

    def add(self, chunks: Iterable[bytes], *, limit: int, size: int | None = None, md5: str | None = None) -> Blob:
        """Store a stream; nothing stays where it is too large, not what was announced, or breaks off."""
        with _disk_errors(), tempfile.NamedTemporaryFile(dir=self._tmp, delete=False) as file:
            temporary = Path(file.name)
            try:
                blob = _write(chunks, file, limit, md5)
                _compare(blob.size, size)
                file.flush()
                temporary.chmod(0o444)
                path = self._blobs / blob.sha256
                more = 0 if path.exists() else blob.size
                temporary.rename(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        self._verified[blob.sha256] = _stamp(path)
        if self._is_due(more):
            self._look()
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

    def _is_due(self, more: int) -> bool:
        """Whether the caller is to look, now that it added `more` bytes; one of many threads is."""
        with self._lock:
            self._added += more
            if self._added <= self._free and time.monotonic() < self._next_look:
                return False
            self._added, self._free = 0, self._quota // _SPARE
            self._next_look = time.monotonic() + LOOK_SECONDS
            return True

    def _look(self) -> None:
        """Measure, evict what is too much, sweep, and forget what is gone; one process at a time."""
        with _disk_errors(), (self._tmp / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            held = self._evict()
            self._sweep()
        with self._lock:
            self._free = max(self._quota - held, self._quota // _SPARE)

    def _evict(self) -> int:
        """Down to the quota, least recently used first; the bytes that stay."""
        held = 0
        entries = []
        for name, status in _files(self._blobs):
            held += status.st_size
            entries.append((status.st_atime, status.st_size, name))
        if held > self._quota:
            entries.sort(reverse=True)
            goal = self._quota - self._quota // _SPARE
            while held > goal and entries[-1][0] <= time.time() - IN_USE_SECONDS:
                _, size, name = entries.pop()
                (self._blobs / name).unlink(missing_ok=True)
                held -= size
        for gone in set(self._verified) - {name for _, _, name in entries}:
            self._verified.pop(gone, None)
        return held

    def _sweep(self) -> None:
        """Remove what processes that were killed left half-written."""
        for name, status in _files(self._tmp):
            if name != _LOCK and status.st_mtime < time.time() - _LEFT_OVER_SECONDS:
                (self._tmp / name).unlink(missing_ok=True)


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


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                yield entry.name, entry.stat()


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GatewayError(f"the cache cannot be used: {error.strerror}", reason="cache", transient=True) from None
