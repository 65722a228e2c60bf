"""What sweeps cost in calls to GitHub, with so many open pull requests that wait for a review and do not move.

`looks` are what a sweep names; `requests` are the sweep's own and those looks'; `counted` are the ones that the hourly allowance
counts (a 304 is free); there is none here, so that all is counted: GitHub's own would spread the first sweep over hours. It finds
an empty database. `a share` is a quarter of an hour in the second half of a day,
when it is each one's turn once. `renewed token` is the same after an App's hourly rotation: no ETag holds any more.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot import pipeline
from tests.journeys.conftest import TOKEN, little_world
from tests.journeys.crowd import waiting_crowd

if TYPE_CHECKING:
    from tests.journeys.conftest import Little

SIZES = (100, 1_000)
QUARTER, HALF_DAY = 900, 43_300


def rows() -> list[dict[str, object]]:
    """For each size: first, again, a share, and both with a renewed token."""
    return [row for size in SIZES for row in measure(size)]


def measure(size: int) -> list[dict[str, object]]:
    """One world, several sweeps."""
    with tempfile.TemporaryDirectory() as folder, little_world(Path(folder)) as little:
        little.github.faults.rate_limit = 10**9
        waiting_crowd(little, little.start(), size)
        little.github.add_token("accession", TOKEN[::-1])
        little.lose_database()
        desk = little.start()
        found = [swept(little, desk, size, "first, empty database")]
        little.later(QUARTER)
        pipeline.reconcile_all(desk, pipeline.sweep(desk))
        renewed = little.start(token=TOKEN[::-1])
        for name, wait, on in (
            ("again", QUARTER, desk),
            ("again, renewed token", QUARTER, renewed),
            ("a share", HALF_DAY, desk),
            ("a share, renewed token", QUARTER, renewed),
        ):
            little.later(wait)
            found.append(swept(little, on, size, name))
        return found


def swept(little: Little, desk, size: int, name: str) -> dict[str, object]:
    """One sweep and the looks that it names."""
    before, started = len(little.github.requests), time.perf_counter()
    named = pipeline.sweep(desk)
    listed = len(little.github.requests) - before
    pipeline.reconcile_all(desk, named)
    asked = little.github.requests[before:]
    return {
        "open": size,
        "sweep": name,
        "looks": len(named),
        "own requests": listed,
        "requests": len(asked),
        "counted": sum(request.status != 304 for request in asked),
        "seconds": time.perf_counter() - started,
    }
