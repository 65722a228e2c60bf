"""Reads files out of a folder that somebody else filled, and may have filled to harm: an artifact of another job.

The attacks: a symbolic link to a file of ours, a folder that is one, a pipe that never ends, a file of a terabyte, a name
that climbs. So every name is a plain one, no link is followed at any step, only ordinary files are opened, and the size is
asked before a byte is read.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_MOST_NAMES = 4096
_ABSENT = {errno.ENOENT}


@contextmanager
def opened(root: Path, *names: str, limit: int) -> Iterator[IO[bytes] | None]:
    """The file `root/…names`, None where there is none; `GatewayError` where it is no ordinary file of at most `limit` bytes."""
    descriptor = _descend(root, names, os.O_RDONLY | os.O_NONBLOCK)
    if descriptor is None:
        yield None
        return
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise strange(f"{names[-1]} is no ordinary file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limit:
            raise strange(f"{names[-1]} has {status.st_size} bytes; {limit} are read")
        yield file


def read(root: Path, *names: str, limit: int) -> bytes | None:
    """The bytes of a small file, None where there is none; raises as `opened` does."""
    with opened(root, *names, limit=limit) as file:
        if file is None:
            return None
        content = file.read(limit + 1)
        if len(content) > limit:
            raise strange(f"{names[-1]} grew while it was read")
        return content


def names(root: Path, *folders: str) -> list[str]:
    """What lies in the folder `root/…folders`, sorted; empty where there is none. Names that are not plain are an error."""
    descriptor = _descend(root, folders, os.O_RDONLY | os.O_DIRECTORY)
    if descriptor is None:
        return []
    try:
        found = sorted(os.listdir(descriptor))  # noqa: PTH208 - a path could be changed meanwhile
    finally:
        os.close(descriptor)
    if len(found) > _MOST_NAMES:
        raise strange(f"it holds {len(found)} files")
    for name in found:
        _plain(name)
    return found


def strange(what: str) -> GatewayError:
    """Another job left something that none of ours leaves: nothing of it is taken."""
    return GatewayError(
        f"What another job left is not as it should be: {what}.", reason="strange-artifact", transient=False
    )


def _descend(root: Path, parts: tuple[str, ...], last: int) -> int | None:
    """A descriptor of what lies at the end; every step is opened by the one before, and follows no link."""
    try:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    for index, part in enumerate(parts):
        flags = last if index == len(parts) - 1 else os.O_RDONLY | os.O_DIRECTORY
        try:
            deeper = os.open(_plain(part), flags | os.O_NOFOLLOW, dir_fd=here)
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise strange(f"{part} cannot be opened ({errno.errorcode.get(error.errno or 0, 'unknown')})") from None
        finally:
            os.close(here)
        here = deeper
    return here


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise strange(f"{name[:64]!r} is no name of a file of ours")
    return name
