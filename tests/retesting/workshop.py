"""A work side with a shelf: it answers from it what it knows, and counts the boxes that it would have run.

A job's concept names the entry. `levels` says what its weights do (`onnx: reproduces`), `trouble` what happens to the next
tries (an error, or `errored`), `found` which content it finds where that is not the accepted one.
"""

from __future__ import annotations

import threading
from typing import Any

from bot import plain_json
from tests.fakes import workshop as fakes

PASSED = {"outcome": "passed", "message": "", "detail": ""}
BAD = {"outcome": "failed", "message": "It broke.", "detail": ""}
ERRORED = {"outcome": "errored", "message": "The engine did not answer.", "detail": ""}
SKIPPED = {"outcome": "skipped", "message": "Not run: it needs a GPU.", "detail": ""}
DIFFERS = {"outcome": "failed", "message": "output `out`: 12 of 4,096 elements differ", "detail": ""}
WITHIN = {
    "outcome": "failed",
    "message": "output `out`: reproduces only within 0.03 (declared: 0.05): for human eyes",
    "detail": "",
}
ANSWERS = {
    "reproduces": (PASSED, PASSED, PASSED),
    "reproduces only within": (PASSED, PASSED, WITHIN),
    "runs": (PASSED, PASSED, DIFFERS),
    "loads": (PASSED, BAD, SKIPPED),
    "fails": (BAD, SKIPPED, SKIPPED),
    "skipped": (SKIPPED, SKIPPED, SKIPPED),
    "errored": (ERRORED, ERRORED, ERRORED),
}


def weights(name: str, level: str) -> dict[str, Any]:
    """A format's part of a report that amounts to that level."""
    loads, runs, reproduces = ANSWERS[level]
    made = fakes.report("0" * 64, "passed")["weights"][0]
    tensors = [{**made["tensors"][0], "outcome": reproduces}] if runs is PASSED else []
    return {**made, "format": name, "loads": loads, "runs": runs, "reproduces": reproduces, "tensors": tensors}


def report(content: str, levels: dict[str, str]) -> dict[str, Any]:
    """A report with those formats; `rules: fails` gives it a finding."""
    formats = {name: level for name, level in levels.items() if name != "rules"}
    outcome = "failed" if set(levels.values()) - {"reproduces", "passes"} else "passed"
    outcome = "errored" if "errored" in levels.values() else outcome
    made = fakes.report(content, "failed" if levels.get("rules") == "fails" else "passed")
    found = [weights(name, level) for name, level in formats.items()]
    return plain_json.validate({**made, "outcome": outcome, "weights": found}, "report")


class ShelfWorkshop:
    """Fulfils `ports.Workshop` as far as a retest asks of it."""

    def __init__(self, environment: str = "1" * 64) -> None:
        self.image = environment
        self.levels: dict[str, dict[str, str]] = {}
        self.trouble: dict[str, list[Exception | str]] = {}
        self.found: dict[str, str] = {}
        self.jobs: list[dict[str, Any]] = []
        self.boxes = 0
        self.environments = 0
        self.at_once = self.most_at_once = 0
        self._shelf: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def environment(self) -> str:
        self.environments += 1
        return self.image

    @property
    def asked(self) -> list[str]:
        return [job["source"]["concept"] for job in self.jobs]

    def check(self, job: dict[str, Any]) -> dict[str, Any]:
        plain_json.validate(job, "job")
        with self._lock:
            self.jobs.append(job)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self._answer(job, job["source"]["concept"])
        finally:
            with self._lock:
                self.at_once -= 1

    def _answer(self, job: dict[str, Any], concept: str) -> dict[str, Any]:
        key = plain_json.digest([job["known"], self.image, job["policy"]])
        with self._lock:
            if job["known"] and key in self._shelf:
                return self._shelf[key]
        self.work(concept)
        with self._lock:
            self.boxes += 1
            trouble = self.trouble.get(concept)
            next_ = trouble.pop(0) if trouble else None
        if isinstance(next_, Exception):
            raise next_
        levels = self.levels.get(concept, {"onnx": "reproduces"})
        content = self.found.get(concept, job["known"] or "f" * 64)
        made = report(content, dict.fromkeys(levels, "errored") if next_ else levels)
        if made["outcome"] != "errored":
            with self._lock:
                self._shelf[key] = made
        return made

    def work(self, concept: str) -> None:
        """What takes time; a test may replace it."""

    def close(self) -> None:
        """Nothing is open."""
