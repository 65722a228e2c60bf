"""Looking at the world, for tests: assert on the world, not on calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.github.acts.checks import latest
from tests.world.github.acts.mergeability import mergeable
from tests.world.github.acts.workflows import find_workflow
from tests.world.github.hands import Hands
from tests.world.github.pull_view import PullView, view
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
    Workflow,
)
from tests.world.github.shapes import checks as shapes

if TYPE_CHECKING:
    from tests.world.github.git import Entry


class Eyes(Hands):
    def pull(self, full_name: str, number: int) -> PullView:
        with self.lock:
            return view(self, self._pull(full_name, number))

    def pulls(self, full_name: str, state: str = "all") -> list[PullView]:
        with self.lock:
            views = [view(self, pull) for pull in self.store.group(Pull, full_name.lower())]
        return [found for found in views if state in {"all", found.state}]

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

    def check_suite(self, full_name: str, run_id: int) -> tuple[str, str | None]:
        """Status and conclusion of the suite that a check run belongs to."""
        with self.lock:
            run = next(run for run in self.store.all(CheckRun) if (run.repo, run.id) == (full_name, run_id))
            mine = [other for other in self.store.group(CheckRun, run.group) if other.app_id == run.app_id]
            found = shapes.check_suite(self, self.repository(full_name), latest(mine[::-1]))
            return found["status"], found["conclusion"]

    def deliveries(self, full_name: str) -> list[Delivery]:
        with self.lock:
            hooks = self.store.group(Hook, full_name.lower())
            return [delivery for hook in hooks for delivery in self.store.group(Delivery, hook.id)]

    def workflow(self, full_name: str, file: str) -> Workflow:
        with self.transaction():
            return find_workflow(self, self.repository(full_name), file)

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
