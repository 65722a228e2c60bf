"""A run's inputs, copied from descriptors into a folder of the launcher's own.

No path of the other side is ever opened here, so there is none to escape by. A copy rather than a link: the other side
may go on writing to its file, and a hard link to a descriptor takes a capability that the launcher does not have. Where the
file system shares blocks the copy costs nothing, else the kernel makes it.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways.boxes_inputs import checked_local

if TYPE_CHECKING:
    from typing import Self

SPARE_BYTES = 2 * 1024**3
"""What must stay free on the disk, whatever is asked for."""
_ONCE = 1 << 30


class Inputs:
    """Files under local names, gone when the `with` ends; a run links them into its box."""

    def __init__(self, root: Path, *, most: int, most_bytes: int, spare_bytes: int = SPARE_BYTES) -> None:
        self._root = root
        self._most = most
        self._room = most_bytes
        self._spare = spare_bytes
        self.paths: dict[str, Path] = {}

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(dir=self._root))
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, local: str, descriptor: int) -> None:
        """Copy the open file; raises `GatewayError` for a name, a kind of file, a number or a size that is not allowed."""
        checked_local(local)
        if local in self.paths or len(self.paths) >= self._most:
            raise _refused(f"more than {self._most} inputs, or one of them twice")
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refused("an input that is no regular file")
        if status.st_size > self._room:
            raise _refused("inputs that are too large together")
        self._room -= status.st_size
        target = self._folder / str(len(self.paths))
        try:
            self._need(status.st_size)
            _copy(descriptor, target, status.st_size)
        except OSError as error:
            message = f"an input could not be copied: {error.strerror}"
            raise GatewayError(message, reason="box-inputs", transient=True) from None
        self.paths[local] = target

    def _need(self, size: int) -> None:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < size + self._spare:
            raise OSError(28, "the launcher's disk is nearly full")


def _copy(descriptor: int, target: Path, size: int) -> None:
    """Exactly `size` bytes from the beginning: the descriptor's own position belongs to the other side too."""
    into = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        done = 0
        while done < size:
            count = _some(descriptor, into, done, min(_ONCE, size - done))
            if not count:
                raise OSError(5, "it became shorter meanwhile")
            done += count
        os.fchmod(into, 0o444)
    finally:
        os.close(into)


def _some(descriptor: int, into: int, done: int, count: int) -> int:
    try:
        return os.copy_file_range(descriptor, into, count, done, done)
    except OSError:  # another file system, or one that cannot
        os.lseek(into, done, os.SEEK_SET)
        return os.sendfile(into, descriptor, done, count)


def _refused(what: str) -> GatewayError:
    return GatewayError(f"The launcher was given {what}.", reason="bad-request", transient=False)
