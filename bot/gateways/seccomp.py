"""Our own seccomp profile, made from `seccomp.json`: deny by default, one list of what is allowed.

The engine's default lets `io_uring_setup` and `AF_VSOCK` through in an otherwise sealed box. Some calls
are allowed with conditions: sockets of the Unix family alone (not even loopback TCP), and `clone` without any
namespace flag. `clone3` hides its flags behind a pointer that seccomp cannot follow, so it answers ENOSYS and libc
falls back to `clone`.

Exit code 137 is a SIGKILL's, and means that a box was killed from outside. The kernel keeps a box's first process from
killing itself (pid_namespaces(7)), but for two ways that are closed here: to say `exit(137)`, which is not done and ends it by
SIGSYS instead, and to give itself no more processor time (RLIMIT_CPU), which is refused. Both were measured. Whoever catches
SIGSYS lives on and has not said it. A race is left: the kernel takes that protection away where the process dies by a fault
or by SIGSYS, whatever the action here, and for a moment another one inside may send it a SIGKILL.

Only what every Docker Engine from 20.10.0 and every runc with it know is said: an older runc than 1.1 starts no box where it
reads `SCMP_ACT_KILL_PROCESS`, and an older engine than 20.10.10 passes over a rule's own `errnoRet`. So `clone3` is TRACE,
which is ENOSYS where nobody traces, and nobody inside can.

Source: https://docs.docker.com/engine/security/seccomp/, seccomp(2), clone(2), setrlimit(2), runc's `libcontainer/seccomp`,
moby's `profiles/seccomp`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

NAMESPACE_FLAGS = 0x7E020000
"""CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET."""
KILLED = 137
"""128 + SIGKILL: the exit code that is the kernel's alone."""
_CODE = 0xFF
"""What the kernel keeps of an exit code."""
_RLIMIT_CPU = 0
_OTHER_LIMITS = range(1, 16)
_EXITS = ["exit", "exit_group"]
_SETTERS = (("setrlimit", 0), ("prlimit64", 1))
"""With the place among their arguments at which they say which limit."""

Rule = dict[str, Any]


@cache
def profile() -> str:
    """The profile as the engine takes it: JSON text, inline in the container's security options."""
    data = json.loads(files("bot.gateways").joinpath("seccomp.json").read_text(encoding="utf-8"))
    families = [_equal(["socket", "socketpair"], family) for family in data["socket_families"]]
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "archMap": [{"architecture": name, "subArchitectures": []} for name in data["architectures"]],
            "syscalls": [_allow(names) for names in data["allow"].values()]
            + families
            + [_clone(), _clone3(), *_exits(), *_limits()],
        },
    )


def _allow(names: list[str]) -> Rule:
    return {"names": names, "action": "SCMP_ACT_ALLOW"}


def _equal(names: list[str], value: int) -> Rule:
    return _allow(names) | {"args": [_equals(0, value)]}


def _clone() -> Rule:
    return _allow(["clone"]) | {"args": [_masked(NAMESPACE_FLAGS, 0)]}


def _clone3() -> Rule:
    return {"names": ["clone3"], "action": "SCMP_ACT_TRACE"}


def _exits() -> list[Rule]:
    """One rule for each bit that differs: a call that is allowed without a condition is allowed whatever else is said of it."""
    bits = [1 << bit for bit in range(_CODE.bit_length())]
    others = [_allow(_EXITS) | {"args": [_masked(bit, bit & ~KILLED)]} for bit in bits]
    return [*others, {"names": _EXITS, "action": "SCMP_ACT_TRAP", "args": [_masked(_CODE, KILLED)]}]


def _limits() -> list[Rule]:
    """Each limit but one by its number: the kernel looks at 32 bits of it, so "not this one" would let 1 << 32 through.

    `prlimit64` is also how limits are asked for: without a new one it may name any.
    """
    asked = [_equals(1, _RLIMIT_CPU), _equals(2, 0)]
    others = [
        _allow([name]) | {"args": [_equals(place, number)]} for name, place in _SETTERS for number in _OTHER_LIMITS
    ]
    return [*others, _allow(["prlimit64"]) | {"args": asked}]


def _masked(mask: int, value: int) -> Rule:
    return {"index": 0, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}


def _equals(index: int, value: int) -> Rule:
    return {"index": index, "value": value, "op": "SCMP_CMP_EQ"}
