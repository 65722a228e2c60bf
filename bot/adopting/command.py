"""`accession init`: files into a collection's checkout, and what its settings need. No settings, no network.

Exit codes: 0 every file is as it should be, 1 one that somebody changed was left alone, 2 wrong use.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adopting.adoption import Adoption, curator, source
from bot.adopting.files import files
from bot.adopting.find_source import find_source
from bot.adopting.say import report
from bot.adopting.write_files import write_files

if TYPE_CHECKING:
    import argparse

_CHECKOUT = Path(__file__).parents[2]


def run(arguments: argparse.Namespace) -> int:
    """Write, and say what became of it."""
    adoption = _adoption(arguments)
    written = write_files(arguments.output, files(adoption), force=arguments.force, dry_run=arguments.dry_run)
    sys.stdout.write(report(adoption, written, dry_run=arguments.dry_run))
    return 1 if any(one.outcome == "kept" for one in written) else 0


def _adoption(arguments: argparse.Namespace) -> Adoption:
    pinned = source(arguments.accession) if arguments.accession else None
    return Adoption(
        repository=arguments.repository,
        mode=arguments.mode,
        app=arguments.app,
        name=arguments.name,
        keywords=tuple(dict.fromkeys(arguments.keyword)),
        curators=tuple(dict.fromkeys(map(curator, arguments.curator))),
        publish_branch=arguments.publish_branch,
        source=pinned or (find_source(_CHECKOUT) if arguments.mode == "actions" else None),
    ).check()
