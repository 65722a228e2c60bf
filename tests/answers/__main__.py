"""`python -m tests.answers`: the table of weight formats and answers, from the Docker boxes; 1 where one is not as it should be."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.answers.ask import open_desk
from tests.answers.table import CELLS, QUESTIONS


def main() -> int:
    """Ask, print, and count what is not as it should be."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    table = Table("sample", "format", "variant", *QUESTIONS, "as it should be", title="weight formats and answers")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="accession-answers-") as folder, open_desk(Path(folder)) as desk:
        for cell in CELLS:
            entry = desk.ask(cell)
            answers = tuple(entry[question]["outcome"] for question in QUESTIONS)
            wrong += answers != cell.variant.answers
            right = "yes" if answers == cell.variant.answers else f"no: {entry}"
            table.add_row(cell.kind, cell.weight_format, cell.variant.name, *answers, right)
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    sys.stdout.write(f"{len(CELLS) - wrong} of {len(CELLS)} as they should be\n")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
