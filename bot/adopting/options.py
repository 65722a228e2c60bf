"""The options of `accession init`; apart from what it does, so that the command line starts quickly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def options(parser: argparse.ArgumentParser) -> None:
    """What `accession init` takes."""
    parser.add_argument("repository", metavar="OWNER/NAME", help="the collection's repository on GitHub")
    parser.add_argument(
        "--output", type=Path, default=Path(), metavar="DIR", help="its checkout (default: the current folder)"
    )
    parser.add_argument(
        "--mode",
        choices=("actions", "service"),
        default="actions",
        help="without a server, or with one (default actions)",
    )
    parser.add_argument("--app", action="store_true", help="in a service: the bot speaks as a GitHub App of your own")
    parser.add_argument(
        "--curator", action="append", default=[], metavar="LOGIN:ID", help="somebody who may approve; may be repeated"
    )
    parser.add_argument(
        "--keyword", action="append", default=[], metavar="WORD", help="marks uploads for it; may be repeated"
    )
    parser.add_argument("--name", default="", metavar="TEXT", help="the collection's name")
    parser.add_argument(
        "--publish-branch", default="main", metavar="BRANCH", help="where collection.json goes (default main)"
    )
    parser.add_argument(
        "--accession", default="", metavar="OWNER/NAME@SHA", help="what to pin; by default what this was installed from"
    )
    parser.add_argument("--force", action="store_true", help="replace files that somebody changed")
