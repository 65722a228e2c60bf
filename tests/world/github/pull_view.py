"""A pull request as tests like to see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.world.github.shapes.pulls import thread

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Pull


@dataclass(frozen=True)
class PullView:
    """A pull request on one look: both halves, its issue's and git's."""

    number: int
    title: str
    body: str
    user: str
    state: str
    labels: tuple[str, ...]
    head_repo: str
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    merged: bool
    merged_by: str | None
    merge_sha: str | None
    closed_by: str | None
    draft: bool
    reviewers: tuple[str, ...]


def view(core: Core, pull: Pull) -> PullView:
    issue = thread(core, pull)
    return PullView(
        number=pull.number,
        title=issue.title,
        body=issue.body or "",
        user=issue.user,
        state=issue.state,
        labels=issue.labels,
        head_repo=pull.head_repo,
        head_ref=pull.head_ref,
        head_sha=pull.head_sha,
        base_ref=pull.base_ref,
        base_sha=pull.base_sha,
        merged=pull.merged is not None,
        merged_by=pull.merged_by,
        merge_sha=pull.merge_sha,
        closed_by=issue.closed_by,
        draft=pull.draft,
        reviewers=pull.reviewers,
    )
