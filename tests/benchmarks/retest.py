"""Retesting 200 entries: with nothing changed, after the store was lost, and under a new image; the work side is a fake that counts.

With nothing changed no box runs. The world is the local one, so seconds hold reads of GitHub over loopback.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.corridor.retest import plan, retest
from bot.retesting.heatmap import heatmap
from tests.journeys.conftest import REPOSITORY, little_world
from tests.retesting.collection import files
from tests.retesting.workshop import ShelfWorkshop

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.corridor.retest_rounds import Try

SIZE = 200


class Silent:
    def tried(self, tried: Try, done: int, left: float | None) -> None:
        """Nobody looks."""


def rows() -> list[dict[str, object]]:
    """Seconds, boxes and requests of the first run and of those after it."""
    with tempfile.TemporaryDirectory() as folder, little_world(Path(folder)) as little:
        entries = {path: content for number in range(SIZE) for path, content in files(f"seal-{number}").items()}
        little.github.commit_files(REPOSITORY, "main", entries, author="curator")
        little.workshop = workshop = ShelfWorkshop()
        desk = little.start()
        found = [measure("first", desk, workshop), measure("nothing changed", desk, workshop)]
        workshop.image = "2" * 64
        found += [measure("another image", desk, workshop), measure("nothing changed", desk, workshop)]
        little.lose_database()
        return [*found, measure("our store lost, the work side's shelf kept", little.start(), workshop)]


def measure(what: str, desk: Desk, workshop: ShelfWorkshop) -> dict[str, object]:
    boxes, asked, environments = workshop.boxes, len(workshop.jobs), workshop.environments
    started = time.perf_counter()
    result = retest(desk, plan(desk, (), all_versions=False), Silent(), workers=4, stop=lambda: False)
    assert result is not None
    heatmap(result)
    return {
        "entries": len(result.rows),
        "run": what,
        "boxes run": workshop.boxes - boxes,
        "checks asked": len(workshop.jobs) - asked,
        "environment asked": workshop.environments - environments,
        "seconds": time.perf_counter() - started,
    }
