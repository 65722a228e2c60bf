"""The door to GitHub: one repository's branches, files, pull requests and marks, as the smallest set of verbs the road needs.

What every door keeps to is said in `ports.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.records.github import (
        Annotation,
        Commit,
        IssueComment,
        LineComment,
        Merge,
        Pull,
        PullCommit,
        PullFile,
        PullSummary,
        Review,
        ReviewComment,
        ReviewThread,
        StatusMark,
        TreeFile,
        User,
        Viewer,
    )


class GitHub(Protocol):
    """What the bot may ask of GitHub; one repository, named when the gateway was built.

    Source: https://docs.github.com/rest. Reads may lag behind writes; writes are not repeated by the gateway.
    """

    def viewer(self) -> Viewer:
        """Who the credentials are: login, numeric id, and whether check runs may be created."""

    def clock_ahead(self) -> timedelta:
        """How far GitHub's clock is ahead of ours, zero when it is not: reviews carry GitHub's time."""

    def clock_behind(self) -> timedelta:
        """How far ours is ahead of GitHub's, zero unless it jumped: what is due by days must not be due for that."""

    def user(self, login: str) -> User | None:
        """The account of that login, None where there is none."""

    def permission(self, login: str) -> str:
        """`admin`, `maintain`, `write`, `triage`, `read` or `none`; read without cache."""

    def default_branch(self) -> str:
        """The base branch that entries are merged into and policy is read from."""

    def ref(self, name: str) -> str | None:
        """The sha that `heads/…` or `tags/…` points to, None where absent."""

    def commit(self, sha: str) -> Commit:
        """Message, tree, parents and committers' logins of one commit."""

    def folder(self, commit: str, path: str) -> tuple[TreeFile, ...]:
        """All files below a folder at a commit, recursive: path, mode, blob sha, size in bytes; empty where there is none."""

    def file(self, path: str, ref: str) -> tuple[str, bytes] | None:
        """Blob sha and bytes of a file at a branch or commit, None where there is none."""

    def blob(self, sha: str) -> bytes:
        """The bytes of one blob, opaque."""

    def blobs(self, files: Iterable[TreeFile]) -> Mapping[str, bytes]:
        """By blob sha the bytes of files that `folder` listed, a hundred or so in one request; all of them are held at once."""

    def names(self, path: str, ref: str) -> frozenset[str]:
        """What lies directly in a folder at a branch, by name, at most 1,000; empty where there is no such folder or branch."""

    def top(self, commit: str) -> tuple[TreeFile, ...]:
        """What lies at the root of a commit, folders (mode `040000`) included."""

    def pulls(self, *, state: str, head: str | None = None) -> tuple[PullSummary, ...]:
        """Pull requests against the default branch; `state` open, closed or all; `head` is `owner:branch`."""

    def recent_pulls(self, since: datetime | None) -> Iterator[PullSummary]:
        """Every pull request, the one that changed last first, until one that did not change since then (or all of them)."""

    def branches(self, prefix: str) -> tuple[str, ...]:
        """The branches whose names begin so."""

    def pull(self, number: int) -> Pull:
        """One pull request as it stands now, who closed it included."""

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """Changed files, at most 3,000 (GitHub's own limit): compare with `Pull.changed_files`."""

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """The pull request's commits, oldest first, at most 250 (GitHub's own limit)."""

    def comments(self, number: int) -> tuple[IssueComment, ...]:
        """All comments of a pull request, oldest first."""

    def reviews(self, number: int, *, fresh: bool = False) -> tuple[Review, ...]:
        """All reviews, oldest first; `fresh` bypasses every cache."""

    def review_comments(self, number: int) -> tuple[ReviewComment, ...]:
        """All comments on lines, oldest first."""

    def review_threads(self, number: int) -> tuple[ReviewThread, ...]:
        """All threads of comments on lines, and whether they are resolved; asked anew each time."""

    def marks(self, sha: str) -> tuple[StatusMark, ...]:
        """Our check runs and commit statuses on a commit."""

    def rerun_asked(self, sha: str) -> bool:
        """Whether somebody pressed "Re-run" at our check run on a commit, and none was made since; an App alone has the button."""

    def create_commit(self, *, parent: str, files: Mapping[str, bytes | None], message: str, when: datetime) -> str:
        """A commit on top of `parent`; None deletes a path. Deterministic: the same arguments give the same sha."""

    def create_root(self, *, files: Mapping[str, bytes], kept: Sequence[TreeFile], message: str, when: datetime) -> str:
        """A commit without parents: text files, and what lies in the repository already, by its sha. Deterministic."""

    def put_files(self, *, branch: str, head: str, files: Mapping[str, bytes], message: str) -> bool:
        """One commit of whatever bytes onto a branch; False, and nothing written, when its tip is not `head` any more."""

    def create_ref(self, name: str, sha: str) -> bool:
        """True when created, False when a ref of that name exists already."""

    def update_ref(self, name: str, sha: str, *, force: bool = False) -> bool:
        """Fast-forward only; False when somebody else moved it first. `force` moves it from wherever it is."""

    def delete_ref(self, name: str) -> None:
        """Gone afterwards, also when it was gone before."""

    def put_file(self, *, branch: str, path: str, content: bytes, message: str, old: str | None) -> str | None:
        """Write one file in one commit; `old` is the blob sha it replaces. None when somebody was faster (409)."""

    def create_pull(self, *, head: str, title: str, body: str) -> int:
        """The new pull request's number; raises `GatewayError(reason='exists')` for a duplicate."""

    def close_pull(self, number: int) -> None:
        """Close without merging."""

    def create_comment(self, number: int, body: str) -> int:
        """The new comment's id; at most 65,536 characters."""

    def edit_comment(self, comment: int, body: str) -> None:
        """Replace the body of one of our own comments."""

    def delete_comment(self, comment: int) -> None:
        """Remove one of our own comments; gone afterwards, also when it was gone before."""

    def create_review(self, number: int, *, commit: str, body: str, comments: Sequence[LineComment]) -> None:
        """A review that takes no side, with comments on lines that the diff shows at `commit`; one write."""

    def delete_review_comment(self, comment: int) -> None:
        """Remove one of our own comments on a line; gone afterwards, also when it was gone before."""

    def set_threads(self, *, resolved: Sequence[str], unresolved: Sequence[str]) -> None:
        """Resolve and unresolve threads by node id; one write for up to 50."""

    def set_labels(self, number: int, labels: Sequence[str]) -> None:
        """Make the pull request carry exactly these labels, one write."""

    def create_mark(self, mark: StatusMark, annotations: Sequence[Annotation], *, url: str) -> None:
        """A completed check run with its annotations (App, Actions) or a commit status (personal token)."""

    def merge(self, number: int, *, sha: str, title: str) -> Merge:
        """Merge iff the head is still `sha`."""

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow of the default branch, named by its file, with these inputs."""

    def keep_enabled(self, workflow: str) -> None:
        """Put off the day on which GitHub disables a quiet repository's workflow; one that somebody disabled stays so."""
