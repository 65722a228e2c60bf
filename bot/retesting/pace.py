"""How long a run will still take, learned from the run itself; and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUTE, _HOUR = 60, 3600


def seconds_left(taken: Sequence[float], remaining: int, workers: int) -> float | None:
    """From the seconds that each entry took so far, `workers` at once; None before the first is finished."""
    if not taken:
        return None
    return sum(taken) / len(taken) * remaining / max(1, min(workers, remaining))


def about(seconds: float | None) -> str:
    """`about 14 min left`; nothing where nothing is known."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"about {max(1, round(seconds))} s left"
    if seconds < _HOUR:
        return f"about {round(seconds / _MINUTE)} min left"
    return f"about {seconds / _HOUR:.1f} h left"
