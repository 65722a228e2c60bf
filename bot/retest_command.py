"""`accession retest` and what it leaves: `retest.json`, `retest.svg`, and the table.

Exit codes: 0 everything as before or better, 1 something worse than before or errored, 2 usage, 128 and the signal's
number where it was stopped.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.corridor.retest import plan, retest
from bot.corridor.write_retest import write_retest
from bot.errors import ConfigError
from bot.words.text import count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from bot.corridor.desk import Desk
    from bot.corridor.retest import Plan


def run(desk: Desk, arguments: argparse.Namespace, stop: Sequence[int]) -> int:
    """Plan, ask, write, show; `stop` gets a signal's number when the run is to end."""
    planned = plan(desk, arguments.ids, all_versions=arguments.all_versions)
    _say(_before(planned))
    if arguments.dry_run:
        for version in planned.due:
            sys.stdout.write(f"would test {version.place}\n")
        return 0
    folder = _folder(arguments.output)
    from bot.retest_show import show, watching

    with watching(len(planned.due)) as watch:
        found = retest(desk, planned, watch, workers=arguments.workers, stop=_announced(stop))
    if found is None:
        _say("Stopped. What was found is kept: the same command goes on where this run was.")
        return 128 + (stop[0] if stop else 0)
    written = write_retest(folder, found)
    if arguments.json:
        sys.stdout.write(written)
    else:
        show(found, sys.stdout)
    _say(f"Written: {folder / 'retest.json'} and {folder / 'retest.svg'}.")
    return found.code


def _announced(stop: Sequence[int]) -> Callable[[], bool]:
    """Whether to stop; says once that what is under way is finished first, which may take a while."""
    said: list[int] = []

    def asked() -> bool:
        if stop and not said:
            said.append(stop[0])
            _say("Stopping: what is under way is finished first.")
        return bool(stop)

    return asked


def _before(planned: Plan) -> str:
    """What is asked about, what is not, and whether an earlier run is gone on with."""
    known, due = len(planned.known), len(planned.due)
    asked = f"{count(due, 'entry', 'entries')} to test, {known:,} known for this environment."
    if planned.unfinished:
        return (
            f"Going on with the run of {planned.unfinished:%Y-%m-%d %H:%M} UTC, which did not come to its end: {asked}"
        )
    if planned.abandoned:
        return f"An unfinished run had another environment or policy and is not gone on with: {asked}"
    return asked


def _folder(name: str) -> Path:
    """Made before the first test, so that nobody finds out hours later that it cannot be."""
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        message = f"The results cannot be written to {name} ({error.strerror}): name a folder with --output."
        raise ConfigError(message, reason="usage") from error
    return folder


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
