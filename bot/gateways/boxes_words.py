"""Sentences about limits, and the bounded tail of what a box prints. Pure."""

from __future__ import annotations

WORDS = 8000
"""Characters kept of what a box prints (`BoxRun.words`)."""
_TAIL_BYTES = WORDS * 4
"""Enough for that many characters of four bytes."""

_KIB = 1024


def size(count: int) -> str:
    """Bytes as people write them: `512 MiB`, `1.5 GiB`."""
    value, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < _KIB:
            break
        value, unit = value / _KIB, larger
    return f"{value:.4g} {unit}"


def time_limit(limit: float) -> str:
    """What a contributor reads when a box ran for too long; how much longer it would take nobody knows."""
    return f"It was still running after {limit:g} s, the time limit of one box."


def ready_limit(limit: float) -> str:
    """What is said of a box that is late with its `ready`."""
    return f"It had not loaded its libraries after {limit:g} s."


def memory_limit(limit: int) -> str:
    """What a contributor reads when the kernel killed a box for its memory."""
    return f"It asked for more memory than the {size(limit)} that one box has (scratch files count, there is no swap)."


def output_limit(announced: int, limit: int) -> str:
    """What a contributor reads when a box hands out too much."""
    return f"It wanted to hand out {size(announced)}; the output limit of one box is {size(limit)}."


def print_limit(limit: int) -> str:
    """What a contributor reads when a box prints too much."""
    return f"It printed more than {size(limit)}, the output limit of one box."


class Tail:
    """The last bytes of an endless stream; memory stays bounded whatever is printed."""

    def __init__(self) -> None:
        self._kept = b""
        self.seen = 0

    def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        self.seen += len(piece)
        self._kept = (self._kept + piece[-_TAIL_BYTES:])[-_TAIL_BYTES:]

    def text(self) -> str:
        """The last 8,000 characters; bytes that are no UTF-8 become replacement characters, NUL disappears."""
        return self._kept.decode(errors="replace").replace("\0", "")[-WORDS:]
