"""Lays inputs into a box's folder under local names: hard links where the file system allows, else copies.

Nothing else shows up in the mount of a box that is running already: symbolic links and later mounts do not.
The mount is read-only inside, so a link cannot be used to change the cached file.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_READABLE = 0o444
LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def fill(folder: Path, inputs: Mapping[str, Path]) -> None:
    """Put every file in place, readable for all and writable for nobody."""
    for local, source in inputs.items():
        try:
            _place(source, folder / checked_local(local))
        except OSError as error:
            raise GatewayError(
                f"an input could not be laid into the box: {error.strerror}", reason="box-inputs", transient=True
            ) from None


def checked_local(local: str) -> str:
    """The name, where it is one: no path, nothing hidden; else `GatewayError`."""
    if not LOCAL.fullmatch(local):
        raise GatewayError(f"{local[:64]!r} is no local name for a box", reason="bad-local-name", transient=False)
    return local


def _place(source: Path, target: Path) -> None:
    if source.is_symlink() or not source.is_file():
        raise FileNotFoundError(2, "the cached file is gone")
    if source.stat().st_mode & _READABLE == _READABLE:
        try:
            os.link(source, target)
        except OSError:
            pass  # another file system
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(_READABLE)
