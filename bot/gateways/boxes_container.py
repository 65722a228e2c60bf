"""What a sealed container looks like to the engine: one pure function, one record.

Scratch is a tmpfs without set-uid, devices and program files (nothing that a box runs needs `exec` there); the root
is read-only; the one bind mount is read-only. The entrypoint is the image's (`python -m workflows box`), the verb is
the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.gateways import seccomp

if TYPE_CHECKING:
    from docker import APIClient

    from bot.records.box import BoxLimits

LABEL = "accession.box"
OWNER_LABEL = "accession.owner"
OPEN_FILES = 1024
INODES = 65536


@dataclass(frozen=True)
class Seal:
    """One box to be: who starts it, what it may use."""

    image: str
    """By digest, so that a moved tag changes nothing under way."""
    verb: str
    limits: BoxLimits
    uid: int
    """Its own, so that two boxes share no user even on one kernel."""
    folder: str
    """The folder that is filled with inputs and mounted at `/in`."""
    owner: str
    preload: str = ""
    """Weight formats whose frameworks are loaded before the job; only a box that waits has the time."""
    mount: str = ""
    """What the engine calls that folder, where this process is in a container; empty where both call it the same."""


def environment(limits: BoxLimits) -> dict[str, str]:
    """All that a box is told of its surroundings; torch sees every core of the host unless told."""
    cpus = str(limits.cpus)
    return {
        "ACCESSION_IN": "/in",
        "HOME": "/tmp",  # noqa: S108 - a tmpfs of the box's own
        "TMPDIR": "/tmp",  # noqa: S108 - the same tmpfs
        "MKL_NUM_THREADS": cpus,
        "OMP_NUM_THREADS": cpus,
        "OPENBLAS_NUM_THREADS": cpus,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }


def create_arguments(client: APIClient, seal: Seal) -> dict[str, Any]:
    """Arguments of `APIClient.create_container`."""
    return {
        "image": seal.image,
        "command": [seal.verb],
        "user": f"{seal.uid}:{seal.uid}",
        "environment": environment(seal.limits) | ({"ACCESSION_PRELOAD": seal.preload} if seal.preload else {}),
        "working_dir": "/tmp",  # noqa: S108 - the same tmpfs
        "hostname": "box",
        "labels": {LABEL: seal.verb, OWNER_LABEL: seal.owner},
        "stdin_open": True,
        "tty": False,
        "healthcheck": {"test": ["NONE"]},
        "host_config": client.create_host_config(**_host_config(seal)),
    }


def _host_config(seal: Seal) -> dict[str, Any]:
    limits = seal.limits
    return _limits(limits) | {
        "network_mode": "none",
        "ipc_mode": "none",
        "dns": ["127.0.0.1"],
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges", f"seccomp={seccomp.profile()}"],
        "log_config": {"type": "none", "config": {}},
        "tmpfs": {"/tmp": _scratch(limits, seal.uid)},  # noqa: S108 - the same tmpfs
        "mounts": [_inputs(seal.mount or seal.folder)],
    }


def _limits(limits: BoxLimits) -> dict[str, Any]:
    return {
        "mem_limit": limits.memory_bytes,
        "memswap_limit": limits.memory_bytes,
        "mem_swappiness": 0,
        "pids_limit": limits.pids,
        "nano_cpus": limits.cpus * 10**9,
        "oom_score_adj": 500,
        "ulimits": [
            _ulimit("nofile", OPEN_FILES),
            _ulimit("core", 0),
            _ulimit("memlock", 0),
            _ulimit("fsize", limits.scratch_bytes),
        ],
    }


def _scratch(limits: BoxLimits, uid: int) -> str:
    return f"rw,noexec,nosuid,nodev,size={limits.scratch_bytes},nr_inodes={INODES},mode=0700,uid={uid},gid={uid}"


def _ulimit(name: str, value: int) -> dict[str, Any]:
    return {"Name": name, "Soft": value, "Hard": value}


def _inputs(folder: str) -> dict[str, Any]:
    """No word on propagation: the engine's default is none, and below its own root, where volumes lie, it takes no other."""
    return {"Type": "bind", "Source": folder, "Target": "/in", "ReadOnly": True}
