"""Where a process lives, written down so that another one below the same kernel can tell for certain that it is gone.

A number is not enough: numbers are used again, and every container begins to count anew. So it goes with the kernel's boot,
the namespaces of process numbers and of time (the namespaces' own numbers belong to nobody else as long as a process lives in
them), and with the tick at which the process began. Wherever anything is missing, other or hidden, nothing is proven.
Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, https://man7.org/linux/man-pages/man7/namespaces.7.html
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROC = Path("/proc")
_BEGAN = 19
"""Of the words of `/proc/PID/stat` that follow the name in parentheses: the 22nd field, in ticks since the boot."""
_MOST = 2**22
"""Process numbers end there."""


def place() -> dict[str, str | int]:
    """This process's; empty where the system does not say."""
    pid = os.getpid()
    try:
        if (_PROC / "self").readlink().name != str(pid):  # somebody else's view of the processes
            return {}
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        spaces = "+".join(str((_PROC / "self/ns" / name).readlink()) for name in ("pid", "time"))
    except OSError:
        return {}
    began = _began(pid)
    return {"kernel": f"{boot}+{spaces}", "pid": pid, "began": began} if boot and began is not None else {}


def gone(there: object, here: Mapping[str, str | int]) -> bool:
    """Whether the process of that place certainly ended; `here` is the asker's own place."""
    if not here or not isinstance(there, dict) or there.get("kernel") != here["kernel"]:
        return False
    pid, then = there.get("pid"), there.get("began")
    if type(pid) is not int or type(then) is not int or not 0 < pid <= _MOST:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        """It is there, and somebody else's."""
    now = _began(pid)
    return now is not None and now != then


def _began(pid: int) -> int | None:
    try:
        words = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return int(words[_BEGAN])
    except (OSError, IndexError, ValueError):
        return None
