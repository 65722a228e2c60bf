"""How a box ended, from what was heard and what the engine says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.gateways.boxes_words import memory_limit
from bot.records.box import BoxEnd, BoxRun

if TYPE_CHECKING:
    from bot.gateways.boxes_frames import BoxBrokeError
    from bot.ports import Json
    from bot.records.box import BoxLimits

KILLED = 137
"""128 + SIGKILL. Nothing inside can send that to the box's first process, so without us it was the kernel."""


@dataclass(frozen=True)
class Exit:
    """The engine's word."""

    code: int
    oom: bool
    """True also when only a child was killed, whatever the exit code then says."""
    killed: bool
    """By us."""


def judge_end(left: Exit, done: Json | None, broke: BoxBrokeError | None, limits: BoxLimits, *, silent: bool) -> BoxRun:
    """Memory first (its death explains a cut frame), then what broke, then the exit code, then `done`."""
    end, sentence = _end(left, done, broke, limits, silent=silent)
    return BoxRun(end, None if left.killed else left.code, 0.0, "", peak_memory_bytes=_peak(done), limit=sentence)


def _end(
    left: Exit, done: Json | None, broke: BoxBrokeError | None, limits: BoxLimits, *, silent: bool
) -> tuple[BoxEnd, str]:
    if left.oom or (left.code == KILLED and not left.killed):
        return BoxEnd.MEMORY, memory_limit(limits.memory_bytes)
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
