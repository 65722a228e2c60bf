"""Counters and gauges of one process, for Prometheus. Every label comes from a closed set, whatever is sent from outside.

Source: https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot.intake.webhook import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.answer import Answer
    from bot.records.event import Subject

WEBHOOK_OUTCOMES = (
    "accepted", "ignored", "unsigned", "forged", "malformed", "too-large", "media-type", "too-slow", "limited", "unavailable",
)  # fmt: skip
_OTHER = "other"
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_STATES = 40
_SERVICES = ("github", "archive", "mail", "work")
_VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_LOOKS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_ANSWERS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)


class Metrics:
    """`rendered` is what `/metrics` answers; the rest counts, from any thread."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._webhooks = Counter(
            "accession_webhooks",
            "Deliveries, by event and what became of them.",
            ["event", "outcome"],
            registry=registry,
        )
        self._notices = Counter("accession_notices", "Upload notices.", ["outcome"], registry=registry)
        self._seconds = Histogram(
            "accession_webhook_seconds", "From a delivery's headers to its answer.", buckets=_ANSWERS, registry=registry
        )
        self._looks = Histogram(
            "accession_look_seconds", "Looks at subjects.", ["kind", "status"], buckets=_LOOKS, registry=registry
        )
        self._calls = Counter(
            "accession_calls", "Calls to the outside.", ["service", "verb", "status"], registry=registry
        )
        self._queue = Gauge("accession_queue", "Subjects in the queue, and its like.", ["state"], registry=registry)
        self._lost = Counter(
            "accession_buffer_lost", "Events left to the sweep because the buffer was full.", registry=registry
        )
        self._buffered = Gauge("accession_buffered", "Subjects that the database does not have yet.", registry=registry)

    def webhook(self, event: str, outcome: str, seconds: float) -> None:
        """One delivery was answered."""
        self._webhooks.labels(event if event in NAMES else _OTHER, _known(outcome, WEBHOOK_OUTCOMES)).inc()
        self._seconds.observe(seconds)

    def notice(self, outcome: str) -> None:
        """One upload notice was answered."""
        self._notices.labels(_known(outcome, WEBHOOK_OUTCOMES)).inc()

    def looked(self, subject: Subject, answer: Answer, seconds: float) -> None:
        """One look at a subject came to its end."""
        self._looks.labels(str(subject).partition(" ")[0], answer.status).observe(seconds)

    def called(self, service: str, verb: str, status: int) -> None:
        """One call to the outside was answered with an HTTP status, 0 where there was no answer."""
        kind = f"{status // 100}xx" if 100 <= status <= 599 else "none"  # noqa: PLR2004 - HTTP's own range
        self._calls.labels(_known(service, _SERVICES), _known(verb, _VERBS), "304" if status == 304 else kind).inc()  # noqa: PLR2004

    def lost(self) -> None:
        """The buffer was full."""
        self._lost.inc()

    def buffered(self, depth: int) -> None:
        """So many subjects wait for the database."""
        self._buffered.set(depth)

    def queued(self, states: Mapping[str, float]) -> None:
        """The queue as it is now; a state that is not named any more is shown no more."""
        self._queue.clear()
        for state in sorted(states)[:_STATES]:
            if _WORD.fullmatch(state):
                self._queue.labels(state).set(states[state])

    def rendered(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


def _known(word: str, words: tuple[str, ...]) -> str:
    return word if word in words else _OTHER
