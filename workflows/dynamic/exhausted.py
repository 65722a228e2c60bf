"""What a box may use at most, so that whoever hits a limit from inside reads which one, and how much there is.

Where the kernel ends a box, the work side tells it; what only raises an exception inside is told here. Without a limit
(on the contributor's own machine) no number is told.
"""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CGROUPS = Path("/sys/fs/cgroup")
MEMORY = ("memory.max", "memory/memory.limit_in_bytes")
PROCESSES = ("pids.max", "pids/pids.max")
"""Below CGROUPS, of version 2 and 1. Source: kernel's cgroup-v2.rst and cgroup-v1."""
UNLIMITED = 1 << 60
"""Version 1 writes no limit as the largest number of whole pages."""
MIB = 1024**2
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_MEMORY = re.compile(
    r"bad allocation|bad_alloc|can't allocate memory|Failed to allocate memory|not enough memory"
    r"|OOM when allocating|JavaScript heap out of memory|Array buffer allocation failed",
    re.IGNORECASE,
)
_STARTS = re.compile(r"\bv?fork|spawn", re.IGNORECASE)


def exhausted(chain: Sequence[BaseException]) -> str:
    """Which limit of the box an exception and its causes speak of, to be read after "running the model"; else empty."""
    if any(isinstance(one, MemoryError) or _MEMORY.search(str(one)) for one in chain):
        return f"needs more memory than the box has{in_all(limit(MEMORY), MIB, ' MiB, scratch files included')}"
    if any(isinstance(one, OSError) and one.errno in _FULL for one in chain):
        return f"writes more files than the box has room for{in_all(scratch(), MIB, ' MiB of scratch')}"
    if any(starts_processes(one) for one in chain):
        return f"starts more processes and threads than the box may have{in_all(limit(PROCESSES), 1, '')}"
    return ""


def starts_processes(error: BaseException) -> bool:
    """Whether a process or thread could not be started."""
    if "can't start new thread" in str(error):
        return True
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, BlockingIOError) and bool(frames) and bool(_STARTS.search(frames[-1].line or ""))


def in_all(most: int | None, unit: int, name: str) -> str:
    """`" (768 MiB)"`, or nothing where there is no limit."""
    return "" if most is None else f" ({most // unit:,}{name})"


def limit(names: Sequence[str], root: Path = CGROUPS) -> int | None:
    """The first of these cgroup limits that is there; None for none."""
    for name in names:
        try:
            said = (root / name).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        return int(said) if said.isdecimal() and int(said) < UNLIMITED else None
    return None


def scratch() -> int | None:
    """Size of the file system that temporary files go to; None where it cannot be asked."""
    try:
        return shutil.disk_usage(tempfile.gettempdir()).total
    except OSError:
        return None
