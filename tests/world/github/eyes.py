"""Looking at the world, for tests: assert on the world, not on calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.world.github.acts.mergeability import mergeable
from tests.world.github.hands import Hands
from tests.world.github.records import (
    CheckRun,
    Comment,
    Delivery,
    Hook,
    Issue,
    Label,
    Pull,
    Review,
    ReviewComment,
    Status,
)
from tests.world.github.shapes.pulls import thread

if TYPE_CHECKING:
    from tests.world.github.git import Entry


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


class Eyes(Hands):
    def pull(self, full_name: str, number: int) -> PullView:
        with self.lock:
            return self._view(self._pull(full_name, number))

    def pulls(self, full_name: str, state: str = "all") -> list[PullView]:
        with self.lock:
            views = [self._view(pull) for pull in self.store.group(Pull, full_name.lower())]
        return [view for view in views if state in {"all", view.state}]

    def mergeable(self, full_name: str, number: int) -> bool:
        with self.transaction():
            return mergeable(self, self._pull(full_name, number))

    def issue(self, full_name: str, number: int) -> Issue:
        return self._issue(full_name, number)

    def comments(self, full_name: str, number: int) -> list[Comment]:
        with self.lock:
            return self.store.group(Comment, (full_name.lower(), number))

    def reviews(self, full_name: str, number: int) -> list[Review]:
        with self.lock:
            return self.store.group(Review, (full_name.lower(), number))

    def review_comments(self, full_name: str, number: int) -> list[ReviewComment]:
        with self.lock:
            return self.store.group(ReviewComment, (full_name.lower(), number))

    def labels(self, full_name: str, number: int | None = None) -> tuple[str, ...]:
        """The labels of an issue or pull request, or of the repository."""
        with self.lock:
            if number is not None:
                return self._issue(full_name, number).labels
            return tuple(label.name for label in self.store.group(Label, full_name.lower()))

    def statuses(self, full_name: str, sha: str) -> list[Status]:
        with self.lock:
            return self.store.group(Status, (full_name.lower(), sha))

    def check_runs(self, full_name: str, sha: str) -> list[CheckRun]:
        with self.lock:
            return self.store.group(CheckRun, (full_name.lower(), sha))

    def deliveries(self, full_name: str) -> list[Delivery]:
        with self.lock:
            hooks = self.store.group(Hook, full_name.lower())
            return [delivery for hook in hooks for delivery in self.store.group(Delivery, hook.id)]

    def file(self, full_name: str, path: str, ref: str = "main") -> bytes | None:
        with self.lock:
            git = self.git(self.repository(full_name))
            sha = git.resolve(ref)
            entry = git.entry(sha, path) if sha else None
            return git.blob(entry.sha) if entry and entry.type == "blob" else None

    def files(self, full_name: str, ref: str = "main") -> dict[str, Entry]:
        """Every blob below a ref, by path."""
        with self.lock:
            git = self.git(self.repository(full_name))
            sha = git.resolve(ref)
            found = git.listing(sha, recursive=True) if sha else iter(())
            return {entry.path: entry for entry in found if entry.type == "blob"}

    def refs(self, full_name: str) -> dict[str, str]:
        with self.lock:
            return self.git(self.repository(full_name)).refs()

    def _view(self, pull: Pull) -> PullView:
        issue = thread(self, pull)
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
