"""What the work side says to a box and hears about its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FIRST = "onnx-torch"
"""The kind of image that runs every verb; there are no boxes without it."""
KINDS = (FIRST, "tensorflow", "tfjs")
"""Kinds of job images; those after the first run the verb `produce` for weights that it cannot run."""


@dataclass(frozen=True)
class BoxLimits:
    """Limits of one box; bytes, seconds, counts. Swap is as large as memory, that is: none."""

    seconds: int = 120
    memory_bytes: int = 4 * 1024**3
    pids: int = 256
    cpus: int = 2
    output_bytes: int = 1024**3
    """Everything the box hands out, all frames together."""
    scratch_bytes: int = 512 * 1024**2
    """Its tmpfs, counted into its memory by the engine."""


@dataclass(frozen=True)
class Machine:
    """What boxes share: the machine of the container engine."""

    cpus: int
    memory_bytes: int

    def at_once(self, limits: BoxLimits) -> int:
        """How many boxes of these limits run side by side without taking cpus or memory from each other; at least 1."""
        return max(1, min(self.cpus // limits.cpus, self.memory_bytes // limits.memory_bytes))


class BoxEnd(Enum):
    """How a box ended; the values are the words people see."""

    DONE = "done"
    FAILED = "failed"
    """It exited without its closing frame, or with a code other than 0."""
    TIME = "time limit"
    MEMORY = "memory limit"
    OUTPUT = "output limit"
    PROTOCOL = "broke the protocol"
    """A frame that was not asked for, or no frame at all."""


@dataclass(frozen=True)
class BoxRun:
    """The end of one box, with the tail of what it printed (untrusted, at most 8,000 characters)."""

    end: BoxEnd
    exit_code: int | None
    seconds: float
    words: str
    peak_memory_bytes: int | None = None
    limit: str = ""
    """Which limit was hit and by how much, as a sentence for the contributor; empty for none."""
    ready: bool = True
    """False where it ended before its `ready`: no contributed byte was read, so the fault is ours."""
