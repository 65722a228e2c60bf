"""What a case is: an upload, the right answers, and the words that go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.hostile_models.archive import Answer

FINE = ("passed", "passed", "passed")
AT_LOAD = ("failed", "skipped", "skipped")
AT_RUN = ("passed", "failed", "skipped")
WRONG = ("passed", "passed", "failed")
STOPPED = ("skipped", "failed", "skipped")
"""The box never said how far the model had come."""
NOT_RUN = ("skipped", "skipped", "skipped")
"""A rule refuses a file, so that nothing of it is run."""


@dataclass(frozen=True)
class Case:
    """One hostile upload; loads, runs and reproduces in this order."""

    name: str
    make: Callable[[Path], Path]
    answers: tuple[str, str, str]
    says: str
    """A regular expression: of the failed answer, of a finding where nothing was run, else of the box's own words."""
    limits: Mapping[str, int] = field(default_factory=dict)

    def told(self, answer: Answer) -> bool:
        """Whether the report has the words."""
        return any(re.search(self.says, text, re.DOTALL) for text in self._texts(answer))

    def _texts(self, answer: Answer) -> list[str]:
        if self.answers == FINE:
            return [answer.weights["words"]]
        if self.answers == NOT_RUN:
            kept = [one for one in answer.report["findings"] if one["level"] in {"error", "policy"}]
            return [f"{one['rule']}: {one['message']}" for one in kept]
        outcomes = [answer.weights[question] for question in ("loads", "runs", "reproduces")]
        return [one["message"] for one in outcomes if one["outcome"] == "failed"]
