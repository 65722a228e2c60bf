"""What the demo sees of the road: the pull request, the report and the stage of each upload, and the writes it took."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.corridor import checks_kept
from bot.feedback.state_block import unseal
from bot.gateways.store_sqlite import SqliteStore
from tests.demo.stage import REPOSITORY, STATE_KEY

if TYPE_CHECKING:
    from bot.records.verdict import Report
    from tests.demo.stage import Sample, Stage
    from tests.world.github import PullView

FINAL = {"merged", "needs changes", "blocked", "declined"}


@dataclass
class Journey:
    """One upload on its way; seconds count from its publication."""

    sample: Sample
    record: str
    published: float = field(default_factory=time.time)
    pull: int | None = None
    stage: str = "uploaded"
    seconds_to_pull: float | None = None
    seconds_to_report: float | None = None
    seconds_to_end: float | None = None
    pulls: int = 0
    listed: bool = False
    """It stands in collection.json."""

    @property
    def arrived(self) -> bool:
        """It is where the bot leaves it: for an accepted one, in the collection."""
        return self.stage in FINAL and (self.listed or self.stage != "merged")


def look(stage: Stage, journey: Journey) -> None:
    """Bring a journey up to date with the world."""
    mine = [pull for pull in stage.github.pulls(REPOSITORY) if pull.title.endswith(f" {journey.record}")]
    journey.pulls = len(mine)
    if not mine:
        return
    pull, since = mine[0], time.time() - journey.published
    journey.pull = pull.number
    journey.seconds_to_pull = journey.seconds_to_pull or since
    journey.stage = next((label for label in pull.labels), "checking")
    if _state(stage, pull):
        journey.seconds_to_report = journey.seconds_to_report or since
    collection = stage.github.file(REPOSITORY, "collection/collection.json") or b""
    journey.listed = f'"version": "{journey.record}"'.encode() in collection
    if journey.arrived:
        journey.seconds_to_end = journey.seconds_to_end or since


def _state(stage: Stage, pull: PullView) -> Any:
    where = f"{REPOSITORY}#{pull.number}"
    bodies = (comment.body for comment in stage.github.comments(REPOSITORY, pull.number))
    return next((found[0] for body in bodies if (found := unseal(body, STATE_KEY.encode(), where))), None)


def verdict(stage: Stage, journey: Journey) -> Report | None:
    """The verdict that an upload's report names, from the bot's own store."""
    state = _state(stage, stage.github.pull(REPOSITORY, journey.pull)) if journey.pull else None
    if state is None:
        return None
    store = SqliteStore(stage.folder / "cache" / "accession.sqlite")
    try:
        checked = checks_kept.load(store, state.check_key)
    finally:
        store.close()
    return checked.report if checked else None


def reasons(report: Report | None) -> list[str]:
    """Why an upload was not accepted."""
    if report is None:
        return ["no verdict"]
    found = [finding.message for finding in report.blocking]
    for weights in report.weights:
        outcomes = (weights.loads, weights.runs, weights.reproduces)
        troubles = [outcome for outcome in outcomes if outcome.outcome in {"failed", "errored"}]
        found += [f"{weights.format}: {outcome.message}" for outcome in troubles]
    return found or [report.message or report.outcome]


def writes(stage: Stage) -> tuple[dict[int, int], dict[int, int]]:
    """Writes to GitHub for each pull request, and how many until its report was visible.

    A proposal's writes come before its number is known; they count for the pull request that they end in.
    """
    total: Counter[int] = Counter()
    seen: dict[int, int] = {}
    pending, last = 0, 0
    heads = {pull.head_sha: pull.number for pull in stage.github.pulls(REPOSITORY)}
    branches = {pull.head_ref: pull.number for pull in stage.github.pulls(REPOSITORY)}
    comments = {
        c.id: p.number for p in stage.github.pulls(REPOSITORY) for c in stage.github.comments(REPOSITORY, p.number)
    }
    opened = iter(sorted(heads.values()))
    for write in (w for w in stage.github.writes if w.actor == "accession-bot"):
        number = _numbered(write.path, heads, branches, comments)
        if number is None and write.path.endswith("/pulls"):
            number = next(opened)
            total[number] += pending
            pending = 0
        elif number is None and "/git/" in write.path:
            pending += 1
            continue
        elif number is None:  # the evidence branch, which is begun where its first picture is put there
            total[last] += pending
            pending = 0
        last = number or last
        total[last] += 1
        if write.method == "POST" and write.path.endswith("/comments"):
            seen.setdefault(last, total[last])
    return dict(total), seen


def _numbered(path: str, heads: dict[str, int], branches: dict[str, int], comments: dict[int, int]) -> int | None:
    if found := re.search(r"/issues/comments/(\d+)", path):
        return comments.get(int(found[1]))
    if found := re.search(r"/(?:pulls|issues)/(\d+)", path):
        return int(found[1])
    if found := re.search(r"/statuses/([0-9a-f]{40})", path):
        return heads.get(found[1])
    return next((number for branch, number in branches.items() if path.endswith(f"/heads/{branch}")), None)
