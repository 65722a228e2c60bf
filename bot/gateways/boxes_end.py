"""How a box ended, from what was heard and what the engine says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways.boxes_words import memory_limit
from bot.gateways.seccomp import KILLED
from bot.records.box import BoxEnd, BoxRun

if TYPE_CHECKING:
    from bot.gateways.boxes_frames import BoxBrokeError
    from bot.ports import Json
    from bot.records.box import BoxLimits


@dataclass(frozen=True)
class Exit:
    """The engine's word."""

    code: int
    oom: bool
    """The kernel killed for the box's memory; true also when only a child was killed, whatever the exit code then says."""
    killed: bool
    """By us."""


def judge_end(left: Exit, done: Json | None, broke: BoxBrokeError | None, limits: BoxLimits, *, silent: bool) -> BoxRun:
    """Memory first (its death explains a cut frame), then what broke, then the exit code, then `done`.

    Raises `GatewayError` where it was killed by somebody else: what it had to say nobody knows.
    """
    end, sentence = _end(left, done, broke, limits, silent=silent)
    return BoxRun(end, None if left.killed else left.code, 0.0, "", peak_memory_bytes=_peak(done), limit=sentence)


def killed_from_outside() -> GatewayError:
    """A person or the engine did, or the kernel of a machine without memory; nothing inside can say so (`seccomp.py`).

    That is also how a death by the box's own memory looks where the engine lost the word of it; the next try tells.
    """
    message = (
        "A box was killed from outside: by a person, by the container engine, or by a machine that ran out of memory."
    )
    return GatewayError(message, reason="box-killed", transient=True)


def _end(
    left: Exit, done: Json | None, broke: BoxBrokeError | None, limits: BoxLimits, *, silent: bool
) -> tuple[BoxEnd, str]:
    if left.oom:
        return BoxEnd.MEMORY, memory_limit(limits.memory_bytes)
    if left.code == KILLED and not left.killed:
        raise killed_from_outside()
    if broke is not None:
        return broke.end, broke.sentence
    if left.killed and done is None:
        return BoxEnd.FAILED, "It closed its output and went on running."
    if left.code != 0 and not left.killed:
        return BoxEnd.FAILED, f"It ended with exit code {left.code}{_signal(left.code)}."
    if done is None:
        return (
            (BoxEnd.PROTOCOL, "It ended without a word.") if silent else (BoxEnd.FAILED, "It ended before it was done.")
        )
    return BoxEnd.DONE, ""


def _signal(code: int) -> str:
    names = {
        132: "illegal instruction",
        134: "aborted",
        135: "bus error",
        136: "arithmetic error",
        139: "segmentation fault",
        159: "forbidden system call",
    }
    return f" ({names[code]})" if code in names else ""


def _peak(done: Json | None) -> int | None:
    peak = (done or {}).get("peak_memory_bytes")
    return peak if isinstance(peak, int) and not isinstance(peak, bool) and peak >= 0 else None
