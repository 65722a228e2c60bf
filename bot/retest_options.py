"""The options of `accession retest`; apart from what it does, so that the command line starts without its libraries."""

from __future__ import annotations

import argparse

FOLDER = "retest"
WORKERS = 4
"""As many as the work side answers at the same time (`bot/work.py`)."""
_MOST_WORKERS = 64


def options(parser: argparse.ArgumentParser) -> None:
    """What `accession retest` takes."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="entries to test, e.g. calm-seal; all of them by default")
    parser.add_argument("--all-versions", action="store_true", help="every accepted version, not only the newest")
    parser.add_argument(
        "--output", default=FOLDER, metavar="DIR", help=f"where retest.json and retest.svg go (default {FOLDER})"
    )
    parser.add_argument(
        "--workers", type=_workers, default=WORKERS, metavar="N", help=f"entries at the same time (default {WORKERS})"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON instead of a table")


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_WORKERS}")
    return int(text)
