"""What a box knows of the machine below it: how many cores are its own, how much memory it took at most."""

from __future__ import annotations

import math
import os
import re
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

THREAD_SETTINGS = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
PROC = Path("/proc")
QUOTA_V2 = Path("/sys/fs/cgroup/cpu.max")
QUOTA_V1 = (Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))


def single_out_threads(environ: MutableMapping[str, str]) -> None:
    """Tell the numeric libraries how many threads to start; what is set already stays.

    They look at the machine's cores, not at the container's share of them (`--cpus`), and would start one thread for
    each.
    """
    count = str(own_cores())
    for name in THREAD_SETTINGS:
        environ.setdefault(name, count)


def own_cores() -> int:
    """How many cores this process may use, at least 1."""
    return cores(_quota(), len(_affinity()))


def cores(quota: str, allowed: int) -> int:
    """Whole cores of a cgroup quota `"<microseconds> <period>"`, at least 1 and at most the `allowed` ones.

    `max`, `-1` and anything else that is no quota mean all allowed cores. Source: kernel's cgroup-v2.rst, cpu.max.
    """
    match = re.fullmatch(r"(\d+) ([1-9]\d*)", quota.strip())
    if match is None:
        return max(1, allowed)
    return max(1, min(allowed, math.ceil(int(match[1]) / int(match[2]))))


def peak_memory() -> int:
    """Most resident bytes of this process so far, and of those below it that still live: the most that they can have taken.

    The kernel's high-water mark where there is one: `ru_maxrss` survives an exec and would count the parent's.
    """
    try:
        return sum(high_water(_status(pid)) for pid in ("self", *below("self")))
    except (OSError, ValueError):
        return largest_resident(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, sys.platform)


def below(pid: str, proc: Path = PROC) -> list[str]:
    """The processes that a process started and theirs, as far as the kernel tells (CONFIG_PROC_CHILDREN)."""
    found: list[str] = []
    for task in proc.glob(f"{pid}/task/*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        found += [one for child in children for one in (child, *below(child, proc))]
    return found


def _status(pid: str) -> str:
    """A process that ended meanwhile, or is not reaped yet, has no mark: it counts nothing."""
    path = PROC / pid / "status"
    try:
        status = path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        status = ""
    return status if pid == "self" or "VmHWM:" in status else "VmHWM:\t0 kB"


def high_water(status: str) -> int:
    """Bytes of the VmHWM line of `/proc/self/status`; ValueError without one."""
    match = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    if match is None:
        raise ValueError("no VmHWM line")
    return int(match[1]) * 1024


def largest_resident(maxrss: int, platform: str) -> int:
    """Bytes of `ru_maxrss`, which counts kilobytes on Linux and bytes on macOS."""
    return maxrss if platform == "darwin" else maxrss * 1024


def _quota() -> str:
    try:
        if QUOTA_V2.exists():
            return QUOTA_V2.read_text(encoding="ascii")
        return " ".join(path.read_text(encoding="ascii").strip() for path in QUOTA_V1)
    except (OSError, UnicodeDecodeError):
        return ""


def _affinity() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))
