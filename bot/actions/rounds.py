"""Whose turn it is where one run cannot look at everything. Pure.

Nothing is remembered between runs, so the clock counts the rounds. As many rounds as it takes to come by everything once are a
cycle, and in each cycle the blocks come in another order: a schedule of which GitHub drops every second run would meet the same
blocks for ever if the order were always the same.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

T = TypeVar("T")

HALF_HOUR, DAY, WEEK = 1800, 86_400, 604_800
"""Seconds of a round, as often as a step's schedule comes by."""


def number_of(now: datetime, seconds: int) -> int:
    """How many rounds of so many seconds there were."""
    return int(now.timestamp() // seconds)


def turn(items: Sequence[T], most: int, number: int) -> Sequence[T]:
    """At most so many of the items, which are in a lasting order; everything comes by once in a cycle, so within two."""
    size = max(1, most)
    blocks = max(1, -(-len(items) // size))
    cycle, place = divmod(number, blocks)
    block = _shuffled(blocks, cycle)[place]
    return items[block * size : (block + 1) * size]


def _shuffled(blocks: int, cycle: int) -> list[int]:
    return sorted(range(blocks), key=lambda block: hashlib.sha256(f"{cycle}:{block}".encode()).digest())
