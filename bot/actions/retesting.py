"""The weekly retest in three steps: what is due, in shards for jobs without a token; and what became of it, as one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import retest_command
from bot.corridor.retest import job, plan, read_ahead
from bot.errors import PendingError

if TYPE_CHECKING:
    import argparse

    from bot.corridor.desk import Desk


def shards(desk: Desk, most: int) -> list[list[str]]:
    """Question ids of everything due, dealt to at most so many jobs; a record that is gone asks nothing."""
    planned = plan(desk, (), all_versions=False)
    read = read_ahead(desk, planned)
    asked: list[str] = []
    for version in planned.due:
        made = job(desk, planned, version, read)
        if made is None:
            continue
        try:
            desk.workshop.check(made)
        except PendingError as pending:
            asked.append(pending.job)
    return [dealt for start in range(max(1, most)) if (dealt := asked[start :: max(1, most)])]


def collect(desk: Desk, arguments: argparse.Namespace) -> int:
    """`retest.json` and `retest.svg` from the jobs' answers; what was not answered is errored there."""
    arguments.ids, arguments.all_versions, arguments.dry_run = [], False, False
    arguments.workers, arguments.json = 4, False
    return retest_command.run(desk, arguments, ())
