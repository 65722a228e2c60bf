"""`python -m tests.benchmarks [NAME …]`: run the named benchmarks, or all; figures of one run, to be compared as ratios."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    blob_adds,
    collection_growth,
    dynamic,
    engine_hop,
    launcher,
    poll_growth,
    retest,
    schema_engines,
    static_check,
    sweep_cost,
    throughput,
    webhooks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = list[dict[str, object]]
BENCHMARKS: dict[str, Callable[[], Rows]] = {
    "static": static_check.rows,
    "dynamic": dynamic.rows,
    "schemas": schema_engines.rows,
    "poll": poll_growth.rows,
    "sweep": sweep_cost.rows,
    "collection": collection_growth.rows,
    "retest": retest.rows,
    "webhooks": webhooks.rows,
    "throughput": throughput.rows,
    "engine": engine_hop.rows,
    "launcher": launcher.rows,
    "blobs": blob_adds.rows,
}
FOLDER = Path(__file__).parents[2] / ".bench"


def main(names: list[str]) -> int:
    """Print a table for each benchmark and keep its rows as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.stderr.write(
            f"benchmarks: no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.\n"
        )
        return 2
    FOLDER.mkdir(exist_ok=True)
    for name in names or list(BENCHMARKS):
        found = BENCHMARKS[name]()
        (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")
        show(name, found)
    return 0


def show(name: str, found: Rows) -> None:
    """One table; the first row names the columns."""
    table = Table(*found[0], title=name)
    for row in found:
        table.add_row(*(f"{value:.2f}" if isinstance(value, float) else str(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
