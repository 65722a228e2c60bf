"""What GitHub told us, as frozen values; names are GitHub's own (https://docs.github.com/rest)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class User:
    """An account; the numeric id is the identity, a login can change hands."""

    id: int
    login: str


@dataclass(frozen=True)
class Viewer:
    """Who our credentials are."""

    user: User
    check_runs: bool
    """Apps and Actions' own token may create check runs; personal tokens may not."""


@dataclass(frozen=True)
class Commit:
    """One git commit."""

    sha: str
    tree: str
    message: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class TreeFile:
    """A file in a tree; mode as git writes it (`100644`), size in bytes (None for a submodule)."""

    path: str
    mode: str
    sha: str
    size: int | None


@dataclass(frozen=True)
class PullSummary:
    """A pull request as a listing shows it."""

    number: int
    state: str
    merged: bool
    head_repository: str | None
    head_branch: str
    head_sha: str
    author: User
    labels: frozenset[str]
    title: str
    updated: datetime
    """By GitHub's clock, in whole seconds; what moves it is not documented, see `corridor/sweeping.py`."""


@dataclass(frozen=True)
class Pull:
    """A pull request as it stands; `mergeable` is None while GitHub has not computed it."""

    number: int
    state: str
    merged: bool
    mergeable: bool | None
    head_repository: str | None
    """`owner/name`; None when the fork is gone."""
    head_branch: str
    head_sha: str
    base_branch: str
    author: User
    closed_by: User | None
    merged_by: User | None
    labels: frozenset[str]
    changed_files: int
    title: str
    url: str
    private: bool = False
    merge_sha: str | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class PullFile:
    """A changed file of a pull request; status as GitHub words it (added, modified, removed, renamed …)."""

    path: str
    status: str
    sha: str
    previous: str | None = None
    shown: tuple[tuple[int, int], ...] = ()
    """First and last line of each part of the new file that the diff shows: where a review may comment."""


@dataclass(frozen=True)
class PullCommit:
    """A commit of a pull request; `people` are the logins of author and committer, where they have an account."""

    sha: str
    message: str
    people: frozenset[str]


@dataclass(frozen=True)
class IssueComment:
    """A comment on the conversation of a pull request."""

    id: int
    node_id: str
    author: User
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Review:
    """A review; state as GitHub words it: APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING."""

    id: int
    author: User
    state: str
    commit: str
    submitted_at: datetime


@dataclass(frozen=True)
class ReviewComment:
    """A comment on lines of a pull request's diff."""

    id: int
    author: User
    body: str


@dataclass(frozen=True)
class LineComment:
    """A comment to be made on lines of the new file, counted from 1, both ends included."""

    path: str
    start_line: int
    end_line: int
    body: str


@dataclass(frozen=True)
class ReviewThread:
    """A thread of review comments; `comment` is the id of its first, `resolved_by` a login, None where GitHub hides it."""

    node_id: str
    comment: int
    resolved: bool
    resolved_by: str | None


@dataclass(frozen=True)
class Annotation:
    """A note on a line of a file in the pull request (check runs only)."""

    path: str
    start_line: int
    end_line: int
    level: str
    """`failure`, `warning` or `notice`."""
    title: str
    message: str


@dataclass(frozen=True)
class StatusMark:
    """Our mark on a commit: a completed check run, or a commit status with a personal token."""

    sha: str
    conclusion: str
    """`success`, `failure` or `neutral` (a status says `pending` for it)."""
    title: str
    summary: str
    external_id: str
    """Names the verdict; a re-check is a new mark."""
    id: int = field(default=0, compare=False)
    """GitHub's own number of a check run; ids only grow. 0 before it is made, and for a commit status."""


@dataclass(frozen=True)
class Merge:
    """The answer to a merge; `reason` is a sentence when it did not happen."""

    merged: bool
    sha: str | None
    reason: str
