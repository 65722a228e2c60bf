"""Acting in the world as a person, in-process: what tests, the demo and the pages do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.world.github.acts import checks, comments, labels, merging, notes, pulls, repositories, reviews, threads
from tests.world.github.acts.pushes import push
from tests.world.github.auth import human, require
from tests.world.github.founding import Founding
from tests.world.github.records import CheckRun, Comment, Issue, Pull, Review, ReviewComment, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


class Hands(Founding):
    """Each verb is one transaction; what GitHub refuses raises ApiError."""

    def commit_files(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, bytes | str | None],
        *,
        author: str,
        message: str = "Update files",
    ) -> str:
        """Push one commit; a branch that does not exist starts from the default branch. The new sha."""
        with self.transaction():
            repo = self.repository(full_name)
            git = self.git(repo)
            tip = git.branch(branch) or git.branch(repo.default_branch)
            tree = git.write_files(tip, files)
            sha = git.write_commit(tree, [tip] if tip else [], message, self.person(author))
            push(self, repo, f"refs/heads/{branch}", sha, human(author))
            return sha

    def make_default(self, full_name: str, branch: str) -> None:
        """Another branch becomes the default one."""
        with self.transaction():
            self.store.put(replace(self.repository(full_name), default_branch=branch))

    def delete_branch(self, full_name: str, branch: str, *, login: str) -> None:
        with self.transaction():
            push(self, self.repository(full_name), f"refs/heads/{branch}", None, human(login))

    def fork(self, full_name: str, login: str) -> str:
        with self.transaction():
            return repositories.fork(self, self.repository(full_name), login, human(login)).full_name

    def open_pull(
        self, full_name: str, head: str, *, login: str, title: str, body: str = "", base: str = "main"
    ) -> int:
        """Open a pull request; ``head`` is ``branch`` or ``owner:branch``. Its number."""
        with self.transaction():
            repo = self.repository(full_name)
            owner, colon, branch = head.partition(":")
            source = next(item for item in self.network(repo) if item.owner == owner) if colon else repo
            spot = (source, branch if colon else owner)
            return pulls.open_pull(self, repo, spot, base, (title, body), human(login)).number

    def review(self, full_name: str, number: int, *, login: str, state: str = "APPROVE", body: str = "") -> Review:
        with self.transaction():
            return reviews.add_review(self, self._pull(full_name, number), human(login), state, body, None, [])

    def approve(self, full_name: str, number: int, *, login: str, body: str = "") -> Review:
        return self.review(full_name, number, login=login, body=body)

    def dismiss_review(self, review_id: int, *, login: str) -> Review:
        with self.transaction():
            found = self.store.get(Review, review_id)
            if found is None:
                raise LookupError(review_id)
            return reviews.dismiss_review(self, found, human(login))

    def close_pull(self, full_name: str, number: int, *, login: str) -> None:
        with self.transaction():
            pulls.close_pull(self, self._pull(full_name, number), human(login))

    def reopen_pull(self, full_name: str, number: int, *, login: str) -> None:
        with self.transaction():
            pulls.reopen_pull(self, self._pull(full_name, number), human(login))

    def merge_pull(self, full_name: str, number: int, *, login: str, method: str = "merge") -> str:
        with self.transaction():
            return merging.merge_pull(self, self._pull(full_name, number), human(login), method, None, None)

    def open_issue(self, full_name: str, *, login: str, title: str, body: str = "") -> int:
        with self.transaction():
            return threads.open_issue(self, self.repository(full_name), title, body, human(login)).number

    def comment(self, full_name: str, number: int, *, login: str, body: str) -> Comment:
        with self.transaction():
            return comments.add_comment(self, self._issue(full_name, number), body, human(login))

    def edit_comment(self, comment_id: int, body: str, *, login: str) -> Comment:
        """Change anybody's comment, as people with write role can."""
        with self.transaction():
            found = self.store.get(Comment, comment_id)
            if found is None:
                raise LookupError(comment_id)
            return comments.change_comment(self, found, body, human(login))

    def set_labels(self, full_name: str, number: int, names: list[str], *, login: str) -> None:
        with self.transaction():
            labels.set_labels(self, self._issue(full_name, number), list(names), human(login))

    def add_status(
        self, full_name: str, sha: str, context: str, state: str, *, login: str, description: str = ""
    ) -> Status:
        """A commit status, as another bot or service would set it; no event."""
        with self.transaction():
            number = self.store.next_id("status", 1200001)
            return self.store.put(Status(number, full_name, sha, context, state, description, None, login, self.now()))

    def rerequest(self, full_name: str, run_id: int, *, login: str, whole: bool = False) -> None:
        """Press "Re-run" at a check run, or "Re-run all checks"; who may write has the button."""
        with self.transaction():
            repo, found = self.repository(full_name), self.store.get(CheckRun, run_id)
            if found is None or found.repo != repo.full_name:
                raise LookupError(run_id)
            require(self, human(login), repo, "write")
            checks.rerequest(self, found, human(login), whole=whole)

    def comment_on_line(
        self, full_name: str, number: int, path: str, line: int, *, login: str, body: str
    ) -> ReviewComment:
        with self.transaction():
            given = {"path": path, "line": line, "body": body}
            return notes.add_note(self, self._pull(full_name, number), human(login), given)

    def resolve_thread(self, comment_id: int, *, login: str, resolved: bool = True) -> None:
        """Resolve the thread of a comment on a line, or open it again, with the button."""
        with self.transaction():
            found = self.store.get(ReviewComment, comment_id)
            if found is None:
                raise LookupError(comment_id)
            notes.set_resolved(self, found, human(login), resolved=resolved)

    # webhooks

    def flush_webhooks(self) -> int:
        """Send what is held (shuffled if so switched); call ``drain_webhooks`` to wait for it."""
        with self.transaction():
            return self.hookshot.flush()

    def drain_webhooks(self) -> None:
        self.hookshot.drain()

    # looking up

    def _pull(self, full_name: str, number: int) -> Pull:
        found = self.store.get(Pull, (full_name.lower(), number))
        if found is None:
            raise LookupError(f"{full_name}#{number}")
        return found

    def _issue(self, full_name: str, number: int) -> Issue:
        found = self.store.get(Issue, (full_name.lower(), number))
        if found is None:
            raise LookupError(f"{full_name}#{number}")
        return found
