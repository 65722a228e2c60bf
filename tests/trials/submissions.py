"""What is uploaded, and what should become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.journeys.conftest import rdf

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED_EVERY = 4
"""Every fourth upload fails its check, and a curator declines it."""


@dataclass(frozen=True)
class Submission:
    """One upload; `accepted` is what it deserves."""

    number: int
    accepted: bool

    @property
    def title(self) -> str:
        return f"Upload {self.number}"

    def files(self) -> Mapping[str, bytes]:
        verdict = "passed" if self.accepted else "failed"
        return {"rdf.yaml": rdf(verdict, name=f"Model {self.number}"), "weights.onnx": b"weights %d" % self.number}


def submissions(count: int) -> tuple[Submission, ...]:
    return tuple(Submission(number, number % REFUSED_EVERY != 0) for number in range(1, count + 1))
