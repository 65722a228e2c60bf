"""Open what somebody named on the command line: it may be anything that has a name."""

import errno
import os
import stat
from pathlib import Path

from workflows.problem import Problem

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_SAID = {
    errno.ENOENT: ("There is no such file.", "Name a file that is there."),
    errno.ENOTDIR: ("There is no such file: a part of its path is a file itself.", "Name a file that is there."),
    errno.EACCES: ("The file may not be read.", "Give yourself the right to read it."),
    errno.EPERM: ("The file may not be read.", "Give yourself the right to read it."),
    errno.ELOOP: ("The link leads back to itself.", "Name the file that it should lead to."),
    errno.ENAMETOOLONG: ("The name is longer than a file's can be.", "Name a file that is there."),
}
# a pipe is never waited for, and a terminal never becomes ours
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_file(path: Path, limit: int) -> bytes | Problem:
    """At most `limit` + 1 bytes of a regular file (one too many tells that it is too large), or why it cannot be read."""
    try:
        # looked at before it is opened, because opening alone can set a device going, and again when it is open
        return _not_a_file(os.stat(path).st_mode) or _read(path, limit)  # noqa: PTH116 - says more than is_file
    except OSError as error:
        said = _SAID.get(error.errno or 0, (f"The file cannot be read: {error.strerror}.", "Try it again."))
        return Problem("unreadable", *said)
    except ValueError:
        return Problem("unreadable", "The name holds a NUL byte.", "Name a file that is there.")


def _read(path: Path, limit: int) -> bytes | Problem:
    number = os.open(path, _FLAGS)
    try:
        if wrong := _not_a_file(os.fstat(number).st_mode):
            return wrong
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(number)


def _not_a_file(mode: int) -> Problem | None:
    if stat.S_ISREG(mode):
        return None
    kind = _KINDS.get(stat.S_IFMT(mode), "something else")
    return Problem("not-a-file", f"This is {kind}, not a file.", "Name the RDF file itself.")


def is_file(path: Path) -> bool:
    """Whether it is a regular file, through links; no where nobody may look, and for what cannot be a name."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises for some of these


def is_folder(path: Path) -> bool:
    """Whether it is a folder, through links; no where nobody may look, and for what cannot be a name."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises for some of these
