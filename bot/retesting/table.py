"""The result as text: one line for each version, trouble first; the cells of the table on a terminal, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.retesting.levels import BY_NAME
from bot.words.text import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.retesting.result import Result
    from bot.retesting.row import Row

HEAD = ("entry", "version", "state", "found", "why")
_WHY = 120


def cells(row: Row) -> tuple[str, ...]:
    """One line of the table; the reason is told for what is in trouble."""
    why = "" if row.state == "right" else line(f"{row.worst.column}: {row.worst.message}", _WHY)
    return (row.id, row.version, row.state, found(row), why)


def found(row: Row) -> str:
    """Columns grouped by what became of them, trouble first: `runs (was: reproduces): onnx; passes: rules`."""
    groups: dict[str, list[str]] = {}
    ordered = sorted(row.cells, key=lambda cell: (not cell.worse, -BY_NAME[cell.level].trouble))
    for cell in ordered:
        groups.setdefault(cell.words, []).append(cell.column)
    return "; ".join(f"{words}: {', '.join(columns)}" for words, columns in groups.items())


def plain(result: Result) -> str:
    """The whole table in columns of equal width, for files and pipes; ends with the counts."""
    lines = [HEAD, *(cells(row) for row in result.rows)]
    widths = [max(len(one[index]) for one in lines) for index in range(len(HEAD))]
    return "".join(f"{_padded(one, widths)}\n" for one in (lines if result.rows else ())) + f"{result.words}.\n"


def _padded(one: Sequence[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(one, widths, strict=True)).rstrip()
