"""Whose boxes are whose: a lock that lives exactly as long as the process that holds it.

A process killed in the middle leaves containers and folders behind. Whoever starts next finds owners whose lock is
free, and clears up after them; boxes of a living neighbour on the same cache are left alone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Owner:
    """This process among the owners of boxes below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.name = secrets.token_hex(8)
        self.folder = root / self.name
        self.folder.mkdir(mode=0o700, parents=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def dead(self) -> list[str]:
        """Owners that left something behind."""
        names = [path.name for path in self._root.iterdir() if path.is_dir() and path.name != self.name]
        return [name for name in names if _is_free(self._root / name / "lock")]

    def bury(self, name: str) -> None:
        """Remove a dead owner's folder."""
        shutil.rmtree(self._root / name, ignore_errors=True)

    def close(self) -> None:
        """Leave nothing behind."""
        os.close(self._lock)
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_free(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False  # being made, or being buried
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
