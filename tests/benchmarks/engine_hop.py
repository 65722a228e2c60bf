"""What the engine costs: writing an event down, the time until it is looked at, and the processor while nothing happens."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.gateways.engine_dbos_ground import Pace
from bot.records.answer import Answer
from bot.records.event import PullSubject
from tests.fakes.engines import Bench, until
from tests.fakes.postgres import no_postgres, postgres_server

if TYPE_CHECKING:
    from bot.records.event import Hint, Subject

HOPS = 100
IDLE = 5.0
POLLING = (0.05, 0.1, 0.2)


def rows() -> list[dict[str, object]]:
    """One row for each database and pause between two looks into the queue; milliseconds, and percent of one core."""
    with ExitStack() as stack:
        urls = {"sqlite": ""}
        if not no_postgres():
            urls["postgres"] = stack.enter_context(postgres_server()).database()
        return [_row(kind, url, polling) for kind, url in urls.items() for polling in POLLING]


def _row(kind: str, url: str, polling: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Bench(url or f"sqlite:///{folder}/engine.sqlite", folder) as bench:
            return {"database": kind, "polling s": polling, **_measured(bench, polling)}


def _measured(bench: Bench, polling: float) -> dict[str, object]:
    begun: list[float] = []

    def look(_subject: Subject, _hint: Hint) -> Answer:
        begun.append(time.perf_counter())
        return Answer()

    engine = bench.start(look=look, pace=Pace(polling=polling))
    time.sleep(1)
    used, began = time.process_time(), time.perf_counter()
    time.sleep(IDLE)
    idle = (time.process_time() - used) / (time.perf_counter() - began) * 100
    writes, hops = [], []
    for number in range(HOPS):
        told = time.perf_counter()
        engine.tell(PullSubject(number + 1))
        writes.append((time.perf_counter() - told) * 1000)
        until(lambda number=number: len(begun) == number + 1)
        hops.append((begun[-1] - told) * 1000)
    return {"idle %": idle, **_spread("tell", writes), **_spread("hop", hops)}


def _spread(name: str, figures: list[float]) -> dict[str, object]:
    ordered = sorted(figures)
    return {f"{name} median ms": statistics.median(ordered), f"{name} p99 ms": ordered[int(len(ordered) * 0.99) - 1]}
