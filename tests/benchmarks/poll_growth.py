"""A poll with nothing new: what n known records cost in requests. It should grow with what changed, not with n."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot import pipeline
from tests.journeys.conftest import Little, little_world, rdf

SIZES = (10, 100, 400)
DAY = 86_400.0


def rows() -> list[dict[str, object]]:
    """Requests to the archive and to GitHub of one poll, and its seconds."""
    return [measure(size) for size in SIZES]


def measure(size: int) -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        little_world(Path(folder), zenodo_clock=lambda: time.time() - 10 * DAY) as little,
    ):
        with little.zenodo.saving_once():
            for number in range(size):
                little.publish({"rdf.yaml": rdf(name=f"Old {number}")})
        desk = little.start()
        since = datetime.fromtimestamp(time.time() - 5 * DAY, UTC)
        desk.store.put("poll", "cursor", {"updated": since.isoformat()})
        list(pipeline.poll(desk))
        return counted(little, desk, size)


def counted(little: Little, desk, size: int) -> dict[str, object]:
    before = len(little.zenodo.requests), len(little.github.requests)
    started = time.perf_counter()
    list(pipeline.poll(desk))
    seconds = time.perf_counter() - started
    after = len(little.zenodo.requests), len(little.github.requests)
    return {
        "known records": size,
        "archive requests": after[0] - before[0],
        "GitHub requests": after[1] - before[1],
        "seconds": seconds,
    }
