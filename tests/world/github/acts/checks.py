"""Asking for a check again (docs: REST, Checks, Rerequest a check run): the suite is queued, its runs stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.records import CheckRun, Rerequest
from tests.world.github.shapes import checks as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core


def rerequest(core: Core, run: CheckRun, actor: Actor, *, whole: bool = False) -> None:
    """One run, or with ``whole`` all runs of its suite."""
    number = shapes.suite_id(run.app_id, run.sha)
    core.store.put(Rerequest(number, run.repo, run.sha, run.app_id))
    payload: dict[str, Any] = {"check_run": shapes.check_run(core, run)}
    if whole:
        mine = [other for other in core.store.group(CheckRun, run.group) if other.app_id == run.app_id]
        payload = {"check_suite": shapes.check_suite(core, core.repository(run.repo), latest(mine[::-1]))}
    (event,) = payload
    core.happened(run.repo, event, "rerequested", actor.signed, payload, check_run=run.id)


def served(core: Core, run: CheckRun) -> None:
    """A run was made or updated: the suite's status follows from its runs again."""
    asked = core.store.get(Rerequest, (run.repo.lower(), shapes.suite_id(run.app_id, run.sha)))
    if asked and not core.faults.stuck_suites:
        core.store.drop(asked)


def latest(runs: list[CheckRun]) -> list[CheckRun]:
    """One for each app and name, of runs that come newest first."""
    found: dict[tuple[int, str], CheckRun] = {}
    for run in runs:
        found.setdefault((run.app_id, run.name), run)
    return list(found.values())
