"""Acceptance of webhooks over loopback, alone and with three busy processes beside it, on whatever the machine has.

Every delivery is signed and of a real pull request's size. Behind the door is the buffer, and behind that an engine whose
every write takes as long as a busy SQLite file was seen to need. The client is a process of its own; latency is its view, from
the first byte sent to the last one read; with more busy processes than cores it has to wait for its own turn too, so the
door's view, from headers to answer, stands beside it.
"""

from __future__ import annotations

import hmac
import http.client
import json
import multiprocessing
import os
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.serving.app import Door, Readiness, build
from bot.serving.buffer import Buffer
from bot.serving.metrics import Metrics
from bot.serving.run import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET, REPOSITORY = b"a secret of the benchmark", "zoo/collection"
BUSY, CLIENTS = 3, 4
STEADY, STEADY_RATE = 450, 30
"""Deliveries at a steady rate a second: 20 times what GitHub's 5,000 requests an hour let somebody cause for long."""
FLOOD = 1_200
SLOW_WRITE = 0.08
"""Seconds."""
PADDING = 24_000
"""Bytes: with it a delivery is as large as GitHub's of a pull request."""


def rows() -> list[dict[str, object]]:
    """One row for each load and neighbourhood."""
    return [
        measured(load, busy)
        for busy in (0, BUSY)
        for load in (f"steady, {STEADY_RATE} a second", f"as fast as {CLIENTS} clients can")
    ]


def measured(load: str, busy: int) -> dict[str, object]:
    steady = load.startswith("steady")
    seen = Seen()
    with door(seen) as (port, buffer), neighbours(busy):
        taken, seconds = asked(port, STEADY if steady else FLOOD, STEADY_RATE if steady else 0)
        waiting = buffer.depth
    return {
        "load": load,
        "busy processes": busy,
        "deliveries": len(seconds),
        "accepted a second": len(seconds) / taken,
        "p50 ms": statistics.median(seconds) * 1000,
        "p99 ms": seconds[int(len(seconds) * 0.99)] * 1000,
        "longest ms": seconds[-1] * 1000,
        "door p99 ms": sorted(seen.seconds)[int(len(seen.seconds) * 0.99)] * 1000,
        "subjects not written yet": waiting,
    }


class Seen(Metrics):
    """Keeps how long each delivery took."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def webhook(self, event: str, outcome: str, seconds: float) -> None:
        super().webhook(event, outcome, seconds)
        self.seconds.append(seconds)


@contextmanager
def door(seen: Seen) -> Iterator[tuple[int, Buffer]]:
    buffer = Buffer(lambda _subject, _hint: time.sleep(SLOW_WRITE))
    buffer.start()
    made = Door(REPOSITORY, (SECRET,), (), buffer.tell, dict, Readiness, metrics=seen, clock=time.perf_counter)
    with serving(build(made), "127.0.0.1", 0) as port:
        yield port, buffer
    buffer.close(0.1)


@contextmanager
def neighbours(count: int) -> Iterator[None]:
    """Processes that do nothing but compute."""
    found = [_spawn.Process(target=_spin, args=(os.getpid(),), daemon=True) for _ in range(count)]
    for process in found:
        process.start()
    try:
        yield
    finally:
        for process in found:
            process.kill()
            process.join()


_spawn = multiprocessing.get_context("spawn")


def _spin(parent: int) -> None:
    number = 1
    while os.getppid() == parent:
        for _ in range(100_000):
            number = number * 6364136223846793005 % 2**64


def asked(port: int, count: int, rate: float) -> tuple[float, list[float]]:
    """Seconds of all, and of each delivery, sorted, told by client processes; `rate` a second in all, 0 for as fast as they can."""
    with _spawn.Pool(CLIENTS) as pool:
        pool.map(_nothing, range(CLIENTS))
        started = time.perf_counter()
        share, each = count // CLIENTS, rate / CLIENTS
        found: list[list[float]] = pool.starmap(_client, [(port, number, share, each) for number in range(CLIENTS)], 1)
        taken = time.perf_counter() - started
    return taken, sorted(seconds for one in found for seconds in one)


def _nothing(_: Any) -> None:
    """So that no process starts while it is measured."""


def _client(port: int, name: int, count: int, rate: float) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found, began = [], time.perf_counter()
    for turn in range(count):
        body, headers = _delivery(name * count + turn)
        if rate:
            time.sleep(max(0.0, began + turn / rate - time.perf_counter()))
        started = time.perf_counter()
        connection.request("POST", "/webhook", body, headers)
        answer = connection.getresponse()
        answer.read()
        found.append(time.perf_counter() - started)
        if answer.status != 202:
            raise RuntimeError(f"a delivery was answered {answer.status}")
    connection.close()
    return found


def _delivery(turn: int) -> tuple[bytes, dict[str, str]]:
    payload = {
        "action": "synchronize",
        "pull_request": {"number": turn % 500 + 1, "head": {"sha": f"{turn:040x}"}, "body": "x" * PADDING},
        "repository": {"full_name": REPOSITORY, "default_branch": "main"},
        "sender": {"id": 5, "login": "ada"},
    }
    body = json.dumps(payload).encode()
    signature = "sha256=" + hmac.digest(SECRET, body, "sha256").hex()
    return body, {
        "Content-Type": "application/json", "X-GitHub-Event": "pull_request", "X-Hub-Signature-256": signature,
    }  # fmt: skip
