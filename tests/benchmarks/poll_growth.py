"""What a poll costs in requests: nothing new, three new ones, and everything known shown again. It follows what changed, not n."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import pipeline
from tests.journeys.conftest import Little, little_world, rdf

if TYPE_CHECKING:
    from bot.corridor.desk import Desk

SIZES = (100, 10_000)
SHOWN_AGAIN = 200
DAY = 86_400.0
NEW = 3


def rows() -> list[dict[str, object]]:
    """Requests to the archive and to GitHub of one poll, and its seconds."""
    return [row for size in SIZES for row in measure(size)] + shown_again(SHOWN_AGAIN)


def measure(size: int) -> list[dict[str, object]]:
    """So many records that were known before the cursor; then three come."""
    past = [10 * DAY]
    with (
        tempfile.TemporaryDirectory() as folder,
        little_world(Path(folder), zenodo_clock=lambda: time.time() - past[0]) as little,
    ):
        publish(little, size)
        desk = little.start()
        since = datetime.fromtimestamp(time.time() - 5 * DAY, UTC)
        desk.store.put("poll", "cursor", {"updated": since.isoformat()})
        list(pipeline.poll(desk))
        found = [counted(little, desk, size, "nothing new")]
        past[0] = 0.0
        publish(little, NEW)
        return [*found, counted(little, desk, size, f"{NEW} new"), counted(little, desk, size, "again")]


def shown_again(size: int) -> list[dict[str, object]]:
    """All of them changed within the day that a listing overlaps with: pages of what is known."""
    with tempfile.TemporaryDirectory() as folder, little_world(Path(folder)) as little:
        publish(little, size, access="restricted")
        desk = little.start()
        return [
            counted(little, desk, size, "all new, refused"),
            counted(little, desk, size, "all shown again"),
        ]


def publish(little: Little, count: int, *, access: str = "open") -> None:
    """Uploads of their own content, written to disk once."""
    with little.zenodo.saving_once():
        for number in range(count):
            little.publish({"rdf.yaml": rdf(name=f"Upload {number}")}, access=access)


def counted(little: Little, desk: Desk, size: int, what: str) -> dict[str, object]:
    """One poll; `counted` are the requests that GitHub's allowance counts."""
    before = len(little.zenodo.requests), len(little.github.requests)
    started = time.perf_counter()
    named = len(list(pipeline.poll(desk)))
    asked = little.github.requests[before[1] :]
    return {
        "known records": size,
        "poll": what,
        "pull requests opened": named,
        "archive requests": len(little.zenodo.requests) - before[0],
        "GitHub requests": len(asked),
        "counted": sum(request.status != 304 for request in asked),
        "seconds": time.perf_counter() - started,
    }
