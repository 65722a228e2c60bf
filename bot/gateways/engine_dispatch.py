"""Told about a subject, it starts a workflow that looks at it: `ports.Engine` inside GitHub Actions.

GitHub queues the runs: each subject has a concurrency group of its own, which lets one at a time look at it, and of several that
wait the newest is kept, which looks at everything anew. A delay is nothing it could keep: the sweep comes by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ports import NO_HINT
from bot.records.event import CollectionSubject, PullSubject, RecordSubject

if TYPE_CHECKING:
    from bot.github_port import GitHub
    from bot.records.event import Hint, Subject

CHECK, POLL, PUBLISH = "check", "poll", "publish"


class DispatchEngine:
    """Fulfils `ports.Engine`."""

    def __init__(self, github: GitHub, only: str = "") -> None:
        """`only` is the one workflow file of a repository that has all of them in one; it is told `what` to do."""
        self._github = github
        self._only = only

    def tell(self, subject: Subject, hint: Hint = NO_HINT, *, after: float = 0.0) -> None:
        """As `ports.Engine`; a subject that is told later is left to the sweep, a chore to its schedule."""
        if after:
            return
        match subject:
            case PullSubject(number):
                self._start(CHECK, {"pull": str(number), "head": hint.head})
            case RecordSubject(record):
                self._start(POLL, {"record": record})
            case CollectionSubject():
                self._start(PUBLISH, {})

    def _start(self, what: str, inputs: dict[str, str]) -> None:
        given = {name: value for name, value in inputs.items() if value}
        if self._only:
            self._github.dispatch(self._only, {"what": what, **given})
        else:
            self._github.dispatch(f"{what}.yml", given)
