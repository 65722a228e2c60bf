"""`accession retest` for people: how far it is, and the table at the end. Progress goes to stderr, the table to stdout."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.retesting.pace import about
from bot.retesting.table import HEAD, cells, found, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.corridor.retest import Watch
    from bot.corridor.retest_rounds import Try
    from bot.retesting.result import Result

_STYLES = {"worse": "bold red", "errored": "magenta", "failing": "yellow", "right": "green"}
_MINUTE = 60


@contextmanager
def watching(total: int) -> Iterator[Watch]:
    """A bar on a terminal, else a line for each finished version."""
    if not sys.stderr.isatty():
        yield Lines(total, sys.stderr)
        return
    columns = (
        TextColumn("retest"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bar(progress, total)


@dataclass
class Lines:
    """One line for each answer, with what is left."""

    total: int
    out: TextIO

    def tried(self, tried: Try, done: int, left: float | None) -> None:
        """See `corridor.retest.Watch`."""
        rest = about(left) if done < self.total else ""
        parts = (f"[{done}/{self.total}] {said(tried)}", f"{tried.row.seconds:.1f} s", rest)
        self.out.write(" · ".join(part for part in parts if part) + "\n")
        self.out.flush()


class Bar:
    """The bar, and above it a line for each version that is in trouble."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("retest", total=total, left="")

    def tried(self, tried: Try, done: int, left: float | None) -> None:
        """See `corridor.retest.Watch`."""
        if tried.row.state != "right":
            self._progress.console.print(escape(said(tried)), style=_STYLES[tried.row.state], highlight=False)
        self._progress.update(self._task, completed=done, left=about(left))


def said(tried: Try) -> str:
    """What came of one try, on one line."""
    text = f"{tried.version.place}: {found(tried.row)}"
    if tried.row.state == "right":
        return text
    text += f" · {tried.row.worst.message}"
    return text if tried.again is None else f"{text} · asked again at {tried.again.astimezone():%H:%M}"


def show(result: Result, out: TextIO) -> None:
    """The table: coloured on a terminal, else in columns of equal width."""
    if not out.isatty():
        out.write(plain(result))
        return
    console = Console(file=out, highlight=False)
    table = Table(*HEAD)
    for row in result.rows:
        table.add_row(*(escape(cell) for cell in cells(row)), style=_STYLES[row.state])
    if result.rows:
        console.print(table)
    console.print(f"{escape(result.words)}.")
