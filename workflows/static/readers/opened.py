"""Opens a file of a package that nobody trusts: regular files only, never waiting, every failure in words."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unreadable(ValueError):  # noqa: N818 - named for what the contributor hears
    """The file cannot be opened or read; the text goes on after "it"."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, for bounded reads; a pipe is never waited for. Raises `Unreadable`, also for what fails while reading."""
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable("is no regular file")
            yield file
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or type(error).__name__})") from error


def size_of(file: BinaryIO) -> int:
    """Bytes of an open file, as it is now; the file stands at its end afterwards."""
    return file.seek(0, os.SEEK_END)


def head(path: Path, size: int) -> bytes:
    """At most the first `size` bytes; raises `Unreadable`."""
    with opened(path) as file:
        return file.read(size)
