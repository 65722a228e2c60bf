"""Our own seccomp profile, made from `seccomp.json`: deny by default, one list of what is allowed.

The engine's default lets `io_uring_setup` and `AF_VSOCK` through in an otherwise sealed box. Three calls
are allowed with conditions: sockets of the Unix family alone (not even loopback TCP), and `clone` without any
namespace flag. `clone3` hides its flags behind a pointer that seccomp cannot follow, so it answers ENOSYS and libc
falls back to `clone`.

Source: https://docs.docker.com/engine/security/seccomp/, seccomp(2), clone(2).
"""

from __future__ import annotations

import errno
import json
from functools import cache
from importlib.resources import files
from typing import Any

NAMESPACE_FLAGS = 0x7E020000
"""CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET."""

Rule = dict[str, Any]


@cache
def profile() -> str:
    """The profile as the engine takes it: JSON text, inline in the container's security options."""
    data = json.loads(files("bot.gateways").joinpath("seccomp.json").read_text(encoding="utf-8"))
    families = [_equal(["socket", "socketpair"], family) for family in data["socket_families"]]
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": errno.EPERM,
            "archMap": [{"architecture": name, "subArchitectures": []} for name in data["architectures"]],
            "syscalls": [_allow(names) for names in data["allow"].values()] + families + [_clone(), _clone3()],
        },
    )


def _allow(names: list[str]) -> Rule:
    return {"names": names, "action": "SCMP_ACT_ALLOW"}


def _equal(names: list[str], value: int) -> Rule:
    return _allow(names) | {"args": [{"index": 0, "value": value, "op": "SCMP_CMP_EQ"}]}


def _clone() -> Rule:
    masked = {"index": 0, "value": NAMESPACE_FLAGS, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    return _allow(["clone"]) | {"args": [masked]}


def _clone3() -> Rule:
    return {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": errno.ENOSYS}
