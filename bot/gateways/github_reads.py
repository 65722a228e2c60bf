"""What the bot reads of one repository: the first half of `ports.GitHub`.

Source: https://docs.github.com/rest, page by page as named in the methods.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import structlog

from bot import looks
from bot.errors import GatewayError
from bot.gateways import github_blobs
from bot.gateways import github_json as read
from bot.gateways.github_bodies import ACTIONS_BOT, CONTEXT, THREADS
from bot.records.github import User, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from bot.gateways.github_transport import Transport
    from bot.records.github import (
        Commit,
        IssueComment,
        Pull,
        PullCommit,
        PullFile,
        PullSummary,
        Review,
        ReviewComment,
        ReviewThread,
        StatusMark,
        TreeFile,
    )

log = structlog.get_logger()


class GitHubReads:
    """See `ports.GitHub`; nothing here changes anything."""

    def __init__(self, transport: Transport, repository: str, *, bot_login: str | None = None) -> None:
        self._t = transport
        self._root = f"/repos/{repository}"
        self._app = bot_login is not None
        self._bot_login = bot_login
        self._viewer: Viewer | None = None

    def viewer(self) -> Viewer:
        """`GET /user`; an installation is known by its bot's account."""
        if self._viewer is None:
            self._viewer = Viewer(self._who(), self._app)
        return self._viewer

    def _who(self) -> User:
        if self._bot_login is None:
            return read.user(self._t.get("/user"))
        return self.user(self._bot_login) or read.GHOST

    def clock_ahead(self) -> timedelta:
        """From the `Date` header of GitHub's last answer (RFC 9110), never negative."""
        return self._t.ahead

    def clock_behind(self) -> timedelta:
        """The other way round, where it is more than a minute."""
        return self._t.behind

    def user(self, login: str) -> User | None:
        """`GET /users/{username}`."""
        data = self._t.get(f"/users/{login}")
        return read.user(data) if data else None

    def permission(self, login: str) -> str:
        """`GET /repos/{}/collaborators/{username}/permission`, without cache."""
        data = self._t.get(f"{self._root}/collaborators/{login}/permission", fresh=True)
        return str(data.get("role_name") or data["permission"]) if data else "none"

    def default_branch(self) -> str:
        """`GET /repos/{}`, once a look: it may be renamed, or another branch take its place, while the bot runs."""
        return looks.once(f"default branch of {self._root}", self._default_branch)

    def _default_branch(self) -> str:
        data = self._t.get(self._root)
        if data is None:
            message = "The repository is not there, or the token may not see it."
            raise GatewayError(message, reason="no-repository", transient=False)
        return str(data["default_branch"])

    def ref(self, name: str) -> str | None:
        """`GET /repos/{}/git/ref/{ref}`."""
        data = self._t.get(f"{self._root}/git/ref/{name}")
        return data["object"]["sha"] if data else None

    def commit(self, sha: str) -> Commit:
        """`GET /repos/{}/git/commits/{sha}`."""
        return read.commit(self._need(f"{self._root}/git/commits/{sha}"))

    def folder(self, commit: str, path: str) -> tuple[TreeFile, ...]:
        """`GET /repos/{}/git/trees/{sha}`, walked down to `path`, then recursive: small also in a large collection."""
        sha = self.commit(commit).tree
        for part in path.split("/"):
            items = self._need(f"{self._root}/git/trees/{sha}")["tree"]
            sha = next((item["sha"] for item in items if item["path"] == part and item["type"] == "tree"), "")
            if not sha:
                return ()
        data = self._t.get(f"{self._root}/git/trees/{sha}", {"recursive": 1})
        if data["truncated"]:
            raise GatewayError(f"GitHub cut the listing of {path}.", reason="tree-truncated", transient=False)
        return tuple(read.tree_file(item, f"{path}/") for item in data["tree"] if item["type"] != "tree")

    def names(self, path: str, ref: str) -> frozenset[str]:
        """`GET /repos/{}/contents/{path}` of a folder: one conditional read, whatever else the branch holds."""
        data = self._t.get(f"{self._root}/contents/{path}", {"ref": ref})
        return frozenset(item["name"] for item in data) if isinstance(data, list) else frozenset()

    def top(self, commit: str) -> tuple[TreeFile, ...]:
        """`GET /repos/{}/git/trees/{sha}`, not recursive."""
        data = self._need(f"{self._root}/git/trees/{self.commit(commit).tree}")
        return tuple(read.tree_file(item) for item in data["tree"])

    def blob(self, sha: str) -> bytes:
        """`GET /repos/{}/git/blobs/{sha}`."""
        return base64.b64decode(self._need(f"{self._root}/git/blobs/{sha}")["content"])

    def blobs(self, files: Iterable[TreeFile]) -> dict[str, bytes]:
        """GraphQL `object`, many in one request; one by one what that does not show byte for byte."""
        wanted = {file.sha: file for file in files}
        found: dict[str, bytes] = {}
        for shas in github_blobs.parcels(wanted.values()):
            found |= self._shown(shas)
        return {sha: found[sha] if sha in found else self.blob(sha) for sha in wanted}

    def _shown(self, shas: tuple[str, ...]) -> dict[str, bytes]:
        """Where GraphQL refuses, or takes too long for so many, none are."""
        try:
            answer = self._t.query(*github_blobs.document(self._root.removeprefix("/repos/"), shas))
        except GatewayError as error:
            if error.reason != "graphql":
                raise
            log.warning("blobs_not_shown", count=len(shas), message=error.message)
            return {}
        return github_blobs.believed(shas, answer)

    def file(self, path: str, ref: str) -> tuple[str, bytes] | None:
        """`GET /repos/{}/contents/{path}`: blob sha and bytes; large files (over 1 MB) come as a blob."""
        data = self._t.get(f"{self._root}/contents/{path}", {"ref": ref})
        if data is None:
            return None
        inline = data.get("encoding") == "base64"
        return data["sha"], base64.b64decode(data["content"]) if inline else self.blob(data["sha"])

    def pulls(self, *, state: str, head: str | None = None) -> tuple[PullSummary, ...]:
        """`GET /repos/{}/pulls`, oldest first; `head` narrows to `owner:branch`."""
        query = {"state": state, "sort": "created", "direction": "asc"} | ({"head": head} if head else {})
        return tuple(read.pull_summary(item) for item in self._t.pages(f"{self._root}/pulls", query))

    def recent_pulls(self, since: datetime | None) -> Iterator[PullSummary]:
        """`GET /repos/{}/pulls?sort=updated`, a page at a time as far as it is wanted."""
        query = {"state": "all", "sort": "updated", "direction": "desc"}
        for item in self._t.pages(f"{self._root}/pulls", query):
            found = read.pull_summary(item)
            if since is not None and found.updated < since:
                return
            yield found

    def branches(self, prefix: str) -> tuple[str, ...]:
        """`GET /repos/{}/git/matching-refs/heads/{prefix}`."""
        found = self._t.get(f"{self._root}/git/matching-refs/heads/{prefix}") or ()
        return tuple(item["ref"].removeprefix("refs/heads/") for item in found)

    def pull(self, number: int) -> Pull:
        """`GET /repos/{}/pulls/{number}`, and the issue for who closed it."""
        data = self._need(f"{self._root}/pulls/{number}")
        closer = None
        if data["state"] == "closed" and not data["merged"]:
            issue = self._need(f"{self._root}/issues/{number}")
            closer = read.user(issue["closed_by"])
        return read.pull(data, closer)

    def pull_files(self, number: int) -> tuple[PullFile, ...]:
        """`GET /repos/{}/pulls/{number}/files`."""
        return tuple(read.pull_file(item) for item in self._t.pages(f"{self._root}/pulls/{number}/files"))

    def pull_commits(self, number: int) -> tuple[PullCommit, ...]:
        """`GET /repos/{}/pulls/{number}/commits`."""
        return tuple(read.pull_commit(item) for item in self._t.pages(f"{self._root}/pulls/{number}/commits"))

    def comments(self, number: int) -> tuple[IssueComment, ...]:
        """`GET /repos/{}/issues/{number}/comments`."""
        return tuple(read.issue_comment(item) for item in self._t.pages(f"{self._root}/issues/{number}/comments"))

    def reviews(self, number: int, *, fresh: bool = False) -> tuple[Review, ...]:
        """`GET /repos/{}/pulls/{number}/reviews`."""
        items = self._t.pages(f"{self._root}/pulls/{number}/reviews", fresh=fresh)
        return tuple(read.review(item) for item in items if item.get("submitted_at"))

    def review_comments(self, number: int) -> tuple[ReviewComment, ...]:
        """`GET /repos/{}/pulls/{number}/comments`."""
        return tuple(read.review_comment(item) for item in self._t.pages(f"{self._root}/pulls/{number}/comments"))

    def review_threads(self, number: int) -> tuple[ReviewThread, ...]:
        """GraphQL `pullRequest.reviewThreads`: REST does not say what is resolved."""
        owner, name = self._root.split("/")[2:]
        found: list[ReviewThread] = []
        after: str | None = None
        while True:
            asked = {"owner": owner, "name": name, "number": number, "after": after}
            data = self._t.query(THREADS, asked)["repository"]["pullRequest"]["reviewThreads"]
            found += [read.review_thread(node) for node in data["nodes"]]
            if not data["pageInfo"]["hasNextPage"]:
                return tuple(found)
            after = data["pageInfo"]["endCursor"]

    def marks(self, sha: str) -> tuple[StatusMark, ...]:
        """`GET /repos/{}/commits/{ref}/check-runs`, or `/statuses` with a personal token; ours alone."""
        if self._app:
            runs = self._need(f"{self._root}/commits/{sha}/check-runs?check_name={CONTEXT}&filter=all&per_page=100")
            return tuple(read.check_run(run) for run in runs["check_runs"])
        items = self._t.pages(f"{self._root}/commits/{sha}/statuses")
        return tuple(read.status(item, sha) for item in items if item["context"] == CONTEXT)

    def rerun_asked(self, sha: str) -> bool:
        """`GET /repos/{}/commits/{ref}/check-suites`; `queued`, because each of our check runs is made as a completed one.

        Source: https://docs.github.com/rest/checks/runs#rerequest-a-check-run. Actions answers its own button by itself.
        """
        if self._bot_login in {None, ACTIONS_BOT}:
            return False
        data = self._need(f"{self._root}/commits/{sha}/check-suites?check_name={CONTEXT}&per_page=100")
        return any(read.wanted_again(suite, str(self._bot_login)) for suite in data["check_suites"])

    def _need(self, path: str) -> Any:
        data = self._t.get(path)
        if data is None:
            raise GatewayError(f"GitHub does not know {path}.", reason="not-found", transient=True, status=404)
        return data
