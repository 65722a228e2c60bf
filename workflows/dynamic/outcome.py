"""The value every check ends in; the default is not passed (design, decision 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MESSAGE_LIMIT = 2000
DETAIL_LIMIT = 8000
"""Characters; `schemas/report.schema.json`, outcome."""


class Kind(Enum):
    """The four ends of a check, in the words of the report."""

    PASSED = "passed"
    FAILED = "failed"
    """The contributor's: shown with what to do."""
    SKIPPED = "skipped"
    ERRORED = "errored"
    """Ours: tried again, never blamed on the contributor."""


@dataclass(frozen=True)
class Outcome:
    """How one question was answered, in plain words, with evidence."""

    kind: Kind
    message: str
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        """The form of `schemas/report.schema.json`; a long message loses its end, a long detail its beginning."""
        return {
            "outcome": self.kind.value,
            "message": shortened(self.message),
            "detail": self.detail[-DETAIL_LIMIT:],
        }


def passed(message: str) -> Outcome:
    """It was tried, and it is right."""
    return Outcome(Kind.PASSED, message)


def failed(message: str, detail: str = "") -> Outcome:
    """It was tried, and the contributor has something to change."""
    return Outcome(Kind.FAILED, message, detail)


def skipped(message: str) -> Outcome:
    """It was not tried, for this reason."""
    return Outcome(Kind.SKIPPED, message)


def errored(message: str, detail: str = "") -> Outcome:
    """It could not be answered, and the fault is not the contributor's."""
    return Outcome(Kind.ERRORED, message, detail)


def shortened(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """At most `limit` characters, with an ellipsis where the end is gone."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def ppm_words(ppm: float) -> str:
    """Whole, but for the few that would be rounded to none."""
    return f"{ppm:,.0f} ppm" if ppm == 0 or ppm >= 10 else f"{ppm:.2g} ppm"  # noqa: PLR2004 - two digits are enough
