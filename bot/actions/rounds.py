"""Whose turn it is where one run cannot look at everything. Pure.

Nothing is remembered between runs, so the clock counts the rounds. As many rounds as it takes to come by everything once are a
cycle, and in each cycle the blocks come in another order: a schedule of which GitHub drops every second run would meet the same
blocks for ever if the order were always the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

T = TypeVar("T")

HALF_HOUR, DAY = 1800, 86_400
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


def turns(first: Sequence[T], others: Sequence[T], most: int, number: int) -> Sequence[T]:
    """At most so many of both: the others have half of the places, and either has what the other leaves free.

    However many the others are, they make the cycle of the first no longer than twice what it is without them.
    """
    half = most // 2
    if not half:
        return turn([*first, *others], most, number)
    for_first = most - min(half, len(others))
    for_others = most - min(for_first, len(first))
    return [*turn(first, for_first, number), *turn(others, for_others, number)]


def ahead(items: Sequence[T], owner: Callable[[T], str], share: int) -> tuple[list[T], list[T]]:
    """Each owner's newest so many, and all that are left; the items are in a lasting order, oldest first.

    Both by their place among their owner's: whoever has hundreds is behind everybody who has a few, and adds to their own alone.
    """
    newer = Counter(map(owner, items))
    placed = []
    for item in items:
        newer[owner(item)] -= 1
        placed.append((newer[owner(item)], item))
    placed.sort(key=lambda one: one[0])
    return [item for place, item in placed if place < share], [item for place, item in placed if place >= share]


def _shuffled(blocks: int, cycle: int) -> list[int]:
    return sorted(range(blocks), key=lambda block: hashlib.sha256(f"{cycle}:{block}".encode()).digest())
