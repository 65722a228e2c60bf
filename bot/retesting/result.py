"""A finished retest: every row in the order in which it is shown, counts, and how the command ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.retesting.levels import RULES
from bot.retesting.row import STATES, as_json
from bot.words.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.retesting.row import Row

FORMATS = (
    "onnx",
    "torchscript",
    "pytorch_state_dict",
    "keras_hdf5",
    "keras_v3",
    "tensorflow_saved_model_bundle",
    "tensorflow_js",
)
"""In the order of the columns."""


@dataclass(frozen=True)
class Result:
    """`at` is the date shown (ISO 8601), `environment` and `policy` are digests, `asked` counts the work side's answers."""

    collection: str
    at: str
    environment: str
    policy: str
    asked: int
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The rules, then the formats that occur."""
        there = {cell.column for row in self.rows for cell in row.cells}
        return (RULES, *(name for name in FORMATS if name in there))

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state, all states named."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in STATES}

    @property
    def code(self) -> int:
        """0: everything is as before or better; 1: something is worse, or nobody could find out."""
        return 1 if self.counts["worse"] or self.counts["errored"] else 0

    @property
    def words(self) -> str:
        """The counts as a sentence."""
        said = [
            f"{number:,} {'worse than before' if state == 'worse' else state}"
            for state, number in self.counts.items()
            if number
        ]
        return f"{count(len(self.rows), 'entry', 'entries')}: {', '.join(said) or 'nothing to test'}"


def result(collection: str, at: str, environment: str, policy: str, asked: int, rows: Iterable[Row]) -> Result:
    """With its rows in order."""
    return Result(collection, at, environment, policy, asked, tuple(sorted(rows, key=lambda row: row.place)))


def result_json(found: Result) -> dict[str, Any]:
    """As in `schemas/retest.schema.json`."""
    return {
        "schema": "accession/retest/1",
        "collection": found.collection,
        "at": found.at,
        "environment": found.environment,
        "policy": found.policy,
        "asked": found.asked,
        "counts": found.counts,
        "columns": list(found.columns),
        "entries": [as_json(row) for row in found.rows],
    }
