"""Issues, pull requests and what is said on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.world.github.records.base import InRepository, Key, OnThread


@dataclass(frozen=True)
class Issue(InRepository):
    """An issue, or the issue half of a pull request (GitHub keeps both under one number)."""

    node: ClassVar[str] = "I"
    number: int
    title: str
    body: str | None
    user: str
    created: float
    updated: float
    state: str = "open"
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    closed: float | None = None
    closed_by: str | None = None
    state_reason: str | None = None
    is_pull: bool = False

    @property
    def key(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class Pull(InRepository):
    """The git half of a pull request. ``base_sha`` stays what it was when the pull request was merged."""

    node: ClassVar[str] = "PR"
    number: int
    base_ref: str
    base_sha: str
    head_repo: str
    head_ref: str
    head_sha: str
    draft: bool = False
    merged: float | None = None
    merged_by: str | None = None
    merge_sha: str | None = None
    maintainer_can_modify: bool = False
    reviewers: tuple[str, ...] = ()
    created: float = 0.0
    null_reads: int = 0  # how many more reads answer ``mergeable: null``

    @property
    def key(self) -> Key:
        return (self.repo.lower(), self.number)


@dataclass(frozen=True)
class Comment(OnThread):
    node: ClassVar[str] = "IC"
    user: str
    body: str
    created: float
    updated: float
    minimized: str | None = None
    edited_by: str | None = None
    app_id: int | None = None


@dataclass(frozen=True)
class Review(OnThread):
    """A review; ``submitted`` is None while it is pending and visible to its author only."""

    node: ClassVar[str] = "PRR"
    user: str
    body: str
    state: str
    commit_id: str
    submitted: float | None
    created: float


@dataclass(frozen=True)
class ReviewComment(OnThread):
    node: ClassVar[str] = "PRRC"
    review_id: int | None
    user: str
    body: str
    path: str
    commit_id: str
    original_commit_id: str
    diff_hunk: str
    created: float
    updated: float
    line: int | None = None
    start_line: int | None = None
    side: str = "RIGHT"
    in_reply_to: int | None = None
    resolved: bool = False
    resolved_by: str | None = None
    minimized: str | None = None
