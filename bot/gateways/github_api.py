"""GitHub's door: `ports.GitHub` on one repository.

Source: https://docs.github.com/rest, page by page as named in the methods.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bot.errors import GatewayError
from bot.gateways import github_json as read
from bot.records.github import Annotation, Merge, StatusMark, User, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.gateways.github_transport import Transport
    from bot.records.github import Commit, IssueComment, Pull, PullFile, PullSummary, Review, TreeFile

CONTEXT = "accession"
"""Name of our check run or status context."""

ANNOTATIONS_A_REQUEST = 50
"""https://docs.github.com/rest/checks/runs#create-a-check-run; further ones are appended by updates."""

_BLOB = "100644"


class GitHubApi:
    """See `ports.GitHub`."""

    def __init__(self, transport: Transport, repository: str, *, bot_login: str | None = None) -> None:
        self._t = transport
        self._root = f"/repos/{repository}"
        self._app = bot_login is not None
        self._bot_login = bot_login
        self._viewer: Viewer | None = None
        self._base: str | None = None

    # reads

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

    def user(self, login: str) -> User | None:
        """`GET /users/{username}`."""
        data = self._t.get(f"/users/{login}")
        return read.user(data) if data else None

    def permission(self, login: str) -> str:
        """`GET /repos/{}/collaborators/{username}/permission`, without cache."""
        data = self._t.get(f"{self._root}/collaborators/{login}/permission", fresh=True)
        return str(data.get("role_name") or data["permission"]) if data else "none"

    def default_branch(self) -> str:
        """`GET /repos/{}`, once."""
        if self._base is None:
            data = self._t.get(self._root)
            if data is None:
                raise GatewayError(
                    "The repository is not there, or the token may not see it.", reason="no-repository", transient=False
                )
            self._base = str(data["default_branch"])
        return self._base

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

    def blob(self, sha: str) -> bytes:
        """`GET /repos/{}/git/blobs/{sha}`."""
        return base64.b64decode(self._need(f"{self._root}/git/blobs/{sha}")["content"])

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

    def pull_committers(self, number: int) -> frozenset[str]:
        """`GET /repos/{}/pulls/{number}/commits`: authors and committers with an account."""
        commits = self._t.pages(f"{self._root}/pulls/{number}/commits")
        people = (item.get(role) for item in commits for role in ("author", "committer"))
        return frozenset(person["login"] for person in people if person and person.get("login"))

    def comments(self, number: int) -> tuple[IssueComment, ...]:
        """`GET /repos/{}/issues/{number}/comments`."""
        return tuple(read.issue_comment(item) for item in self._t.pages(f"{self._root}/issues/{number}/comments"))

    def reviews(self, number: int, *, fresh: bool = False) -> tuple[Review, ...]:
        """`GET /repos/{}/pulls/{number}/reviews`."""
        items = self._t.pages(f"{self._root}/pulls/{number}/reviews", fresh=fresh)
        return tuple(read.review(item) for item in items if item.get("submitted_at"))

    def marks(self, sha: str) -> tuple[StatusMark, ...]:
        """`GET /repos/{}/commits/{ref}/check-runs`, or `/statuses` with a personal token; ours alone."""
        if self._app:
            runs = self._need(f"{self._root}/commits/{sha}/check-runs?check_name={CONTEXT}&filter=all&per_page=100")
            return tuple(read.check_run(run) for run in runs["check_runs"])
        items = self._t.pages(f"{self._root}/commits/{sha}/statuses")
        return tuple(read.status(item, sha) for item in items if item["context"] == CONTEXT)

    def _need(self, path: str) -> Any:
        data = self._t.get(path)
        if data is None:
            raise GatewayError(f"GitHub does not know {path}.", reason="not-found", transient=True, status=404)
        return data

    # writes

    def create_commit(self, *, parent: str, files: Mapping[str, bytes | None], message: str, when: datetime) -> str:
        """`POST /repos/{}/git/trees` with the files inline, `POST /repos/{}/git/commits` with fixed author and dates."""
        tree = self.commit(parent).tree
        if files:
            items = [_tree_item(path, content) for path, content in sorted(files.items())]
            tree = self._t.write("POST", f"{self._root}/git/trees", {"base_tree": tree, "tree": items})[1]["sha"]
        person = {
            "name": "Accession",
            "email": "accession@users.noreply.github.com",
            "date": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        body = {"message": message, "tree": tree, "parents": [parent], "author": person, "committer": person}
        return str(self._t.write("POST", f"{self._root}/git/commits", body)[1]["sha"])

    def create_ref(self, name: str, sha: str) -> bool:
        """`POST /repos/{}/git/refs`."""
        return self._unless("exists", "POST", f"{self._root}/git/refs", {"ref": f"refs/{name}", "sha": sha})

    def update_ref(self, name: str, sha: str) -> bool:
        """`PATCH /repos/{}/git/refs/{ref}`, never forced."""
        return self._unless("refused", "PATCH", f"{self._root}/git/refs/{name}", {"sha": sha, "force": False})

    def delete_ref(self, name: str) -> None:
        """`DELETE /repos/{}/git/refs/{ref}`; gone already is gone."""
        if self.ref(name) is not None:
            self._unless("refused", "DELETE", f"{self._root}/git/refs/{name}", None)

    def _unless(self, reason: str, verb: str, path: str, body: dict[str, Any] | None) -> bool:
        try:
            self._t.write(verb, path, body)
        except GatewayError as error:
            if error.reason == reason or error.status == 422:
                return False
            raise
        return True

    def put_file(self, *, branch: str, path: str, content: bytes, message: str, old: str | None) -> str | None:
        """`PUT /repos/{}/contents/{path}`: one write for one file."""
        body = {"branch": branch, "message": message, "content": base64.b64encode(content).decode()}
        if old:
            body["sha"] = old
        try:
            return str(self._t.write("PUT", f"{self._root}/contents/{path}", body)[1]["commit"]["sha"])
        except GatewayError as error:
            if error.status in {409, 422}:
                return None
            raise

    def create_pull(self, *, head: str, title: str, body: str) -> int:
        """`POST /repos/{}/pulls`."""
        data = {"head": head, "base": self.default_branch(), "title": title, "body": body}
        return int(self._t.write("POST", f"{self._root}/pulls", data)[1]["number"])

    def close_pull(self, number: int) -> None:
        """`PATCH /repos/{}/pulls/{number}`."""
        self._t.write("PATCH", f"{self._root}/pulls/{number}", {"state": "closed"})

    def create_comment(self, number: int, body: str) -> int:
        """`POST /repos/{}/issues/{number}/comments`."""
        return int(self._t.write("POST", f"{self._root}/issues/{number}/comments", {"body": body})[1]["id"])

    def edit_comment(self, comment: int, body: str) -> None:
        """`PATCH /repos/{}/issues/comments/{id}`."""
        self._t.write("PATCH", f"{self._root}/issues/comments/{comment}", {"body": body})

    def delete_comment(self, comment: int) -> None:
        """`DELETE /repos/{}/issues/comments/{id}`; gone already is gone."""
        try:
            self._t.write("DELETE", f"{self._root}/issues/comments/{comment}")
        except GatewayError as error:
            if error.status != 404:
                raise

    def set_labels(self, number: int, labels: Sequence[str]) -> None:
        """`PATCH /repos/{}/issues/{number}`: one write for all labels."""
        self._t.write("PATCH", f"{self._root}/issues/{number}", {"labels": sorted(labels)})

    def create_mark(self, mark: StatusMark, annotations: Sequence[Annotation], *, url: str) -> None:
        """`POST /repos/{}/check-runs` and, over 50 annotations, updates that append; or `POST /repos/{}/statuses/{sha}`."""
        if not self._app:
            self._t.write("POST", f"{self._root}/statuses/{mark.sha}", _status(mark, url))
            return
        first, rest = annotations[:ANNOTATIONS_A_REQUEST], annotations[ANNOTATIONS_A_REQUEST:]
        run = self._t.write("POST", f"{self._root}/check-runs", _check_run(mark, first, url))[1]
        for start in range(0, len(rest), ANNOTATIONS_A_REQUEST):
            output = _output(mark, rest[start : start + ANNOTATIONS_A_REQUEST])
            self._t.write("PATCH", f"{self._root}/check-runs/{run['id']}", {"output": output})

    def merge(self, number: int, *, sha: str, title: str) -> Merge:
        """`PUT /repos/{}/pulls/{number}/merge`, bound to `sha`."""
        body = {"sha": sha, "merge_method": "merge", "commit_title": title, "commit_message": ""}
        try:
            data = self._t.write("PUT", f"{self._root}/pulls/{number}/merge", body)[1]
        except GatewayError as error:
            if error.status in {405, 409}:
                return Merge(merged=False, sha=None, reason=error.message)
            raise
        return Merge(merged=bool(data["merged"]), sha=data["sha"], reason="")


def _tree_item(path: str, content: bytes | None) -> dict[str, Any]:
    item: dict[str, Any] = {"path": path, "mode": _BLOB, "type": "blob"}
    return item | ({"sha": None} if content is None else {"content": content.decode()})


_STATES = {"success": "success", "failure": "failure", "neutral": "pending"}


def _status(mark: StatusMark, url: str) -> dict[str, Any]:
    """A description has at most 140 characters; the verdict's name rides on the target address."""
    target = f"{url}#accession-{mark.external_id}"
    return {
        "state": _STATES[mark.conclusion],
        "context": CONTEXT,
        "description": mark.title[:140],
        "target_url": target,
    }


def _output(mark: StatusMark, annotations: Iterable[Annotation]) -> dict[str, Any]:
    lines = [
        {
            "path": a.path,
            "start_line": a.start_line,
            "end_line": a.end_line,
            "annotation_level": a.level,
            "title": a.title[:255],
            "message": a.message[:60_000],
        }
        for a in annotations
    ]
    return {"title": mark.title, "summary": mark.summary[:65_000], "annotations": lines}


def _check_run(mark: StatusMark, annotations: Sequence[Annotation], url: str) -> dict[str, Any]:
    return {
        "name": CONTEXT,
        "head_sha": mark.sha,
        "status": "completed",
        "conclusion": mark.conclusion,
        "external_id": mark.external_id,
        "details_url": url,
        "output": _output(mark, annotations),
    }
