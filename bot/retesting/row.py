"""What a retest found of one accepted version: a level for the rules and for each weight format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.retesting.levels import BY_NAME, GOOD, RULES, level_of, worse
from bot.words.text import count, line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.verdict import Report, Weights
    from bot.retesting.accepted import Accepted

MESSAGE = 300
STATES = ("worse", "errored", "failing", "right")
"""Of a row as a whole, in the order in which rows are shown."""


@dataclass(frozen=True)
class Cell:
    """One column of one row; `before` is its level under the previous environment, None where there was none."""

    column: str
    level: str
    message: str
    before: str | None = None

    @property
    def worse(self) -> bool:
        """It came further before."""
        return worse(self.level, self.before)

    @property
    def words(self) -> str:
        """`runs (was: reproduces)`; what it was is said where it changed."""
        changed = self.before is not None and self.before != self.level
        return f"{self.level} (was: {self.before})" if changed else self.level


@dataclass(frozen=True)
class Row:
    """One accepted version; `seconds` is what finding out took, `tested` the content that the work side found."""

    id: str
    version: str
    name: str
    kind: str
    content: str
    tested: str | None
    cells: tuple[Cell, ...]
    seconds: float

    @property
    def state(self) -> str:
        """One of `STATES`."""
        levels = {cell.level for cell in self.cells}
        if any(cell.worse for cell in self.cells):
            return "worse"
        if "errored" in levels:
            return "errored"
        weights = {cell.level for cell in self.cells if cell.column != RULES}
        return "right" if levels <= GOOD and (not weights or "reproduces" in weights) else "failing"

    @property
    def worst(self) -> Cell:
        """The cell that is told first: what became worse, then what is in most trouble."""
        return max(self.cells, key=lambda cell: (cell.worse, BY_NAME[cell.level].trouble))

    @property
    def place(self) -> tuple[int, int, str, str]:
        """Where it stands among all rows: trouble first, then by name."""
        return STATES.index(self.state), -BY_NAME[self.worst.level].trouble, self.id, self.version

    def levels(self) -> dict[str, str]:
        """Column to level: what a later run compares with."""
        return {cell.column: cell.level for cell in self.cells}

    def after(self, before: Mapping[str, str]) -> Row:
        """The same, beside what it was before."""
        return replace(self, cells=tuple(replace(cell, before=before.get(cell.column)) for cell in self.cells))


def row(version: Accepted, report: Report, seconds: float) -> Row:
    """From the work side's report; all texts are cut and harmless on a terminal."""
    weights = {one.format: one for one in report.weights}
    formats = [*version.formats, *(name for name in weights if name not in version.formats)]
    found = [(name, *_format(report, weights.get(name))) for name in formats]
    cells = [Cell(name, level, line(said, MESSAGE)) for name, level, said in ((RULES, *_rules(report)), *found)]
    tested = report.content_hash or None
    return Row(
        version.id, version.version, line(version.name), version.kind, version.content, tested, tuple(cells), seconds
    )


def same_content(version: Accepted, found: Row) -> bool:
    """What was tested is what was accepted: a file that is missing today must not be remembered as the entry's result."""
    return found.tested is not None and version.known in {None, found.tested}


def unknown(version: Accepted, message: str, seconds: float) -> Row:
    """Nobody could find out: every cell is errored."""
    return _all_alike(version, ("errored", "errored"), message, seconds)


def gone(version: Accepted) -> Row:
    """The archive has its files no more."""
    message = f"Record {version.record} is not open in the archive any more: withdraw the entry, or have the record opened again."
    return _all_alike(version, ("fails", "skipped"), message, 0.0)


def _all_alike(version: Accepted, levels: tuple[str, str], message: str, seconds: float) -> Row:
    columns = ((RULES, levels[0]), *((name, levels[1]) for name in version.formats))
    cells = tuple(Cell(column, level, line(message, MESSAGE)) for column, level in columns)
    return Row(version.id, version.version, line(version.name), version.kind, version.content, None, cells, seconds)


def _rules(report: Report) -> tuple[str, str]:
    blocking = report.blocking
    if blocking:
        more = len(blocking) - 1 + report.findings_left_out
        return "fails", blocking[0].message + (f" And {count(more, 'more finding')}." if more else "")
    if report.outcome == "errored" and not report.weights:
        return "errored", report.message
    return "passes", ""


def _format(report: Report, weights: Weights | None) -> tuple[str, str]:
    if weights is not None:
        return level_of(weights)
    return ("errored", report.message) if report.outcome == "errored" else ("skipped", f"Not run. {report.message}")


def as_json(found: Row) -> dict[str, Any]:
    """As in `schemas/retest.schema.json`."""
    cells = [vars(cell) | {"worse": cell.worse} for cell in found.cells]
    return {**vars(found), "state": found.state, "cells": cells}


def from_json(data: Mapping[str, Any]) -> Row:
    """What `as_json` wrote."""
    cells = (Cell(one["column"], one["level"], one["message"], one["before"]) for one in data["cells"])
    plain = ("id", "version", "name", "kind", "content", "tested", "seconds")
    return Row(**{name: data[name] for name in plain}, cells=tuple(cells))
