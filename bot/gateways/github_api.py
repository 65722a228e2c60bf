"""GitHub's door: `ports.GitHub` on one repository; the writes, each sent once.

Source: https://docs.github.com/rest, page by page as named in the methods.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bot.errors import GatewayError
from bot.gateways.github_bodies import (
    COMMIT,
    check_run,
    commit,
    commit_on_branch,
    kept_item,
    output,
    review,
    status,
    thread_changes,
    tree_item,
)
from bot.gateways.github_reads import GitHubReads
from bot.records.github import Merge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.records.github import Annotation, LineComment, StatusMark, TreeFile

ANNOTATIONS_A_REQUEST = 50
"""https://docs.github.com/rest/checks/runs#create-a-check-run; further ones are appended by updates."""


THREADS_A_REQUEST = 50
"""Mutations in one GraphQL document; each counts towards https://docs.github.com/graphql/overview/rate-limits."""


class GitHubApi(GitHubReads):
    """See `ports.GitHub`."""

    def create_commit(self, *, parent: str, files: Mapping[str, bytes | None], message: str, when: datetime) -> str:
        """`POST /repos/{}/git/trees` with the files inline, `POST /repos/{}/git/commits` with fixed author and dates."""
        tree = self.commit(parent).tree
        if files:
            items = [tree_item(path, content) for path, content in sorted(files.items())]
            tree = self._t.write("POST", f"{self._root}/git/trees", {"base_tree": tree, "tree": items})[1]["sha"]
        return self._commit(tree, [parent], message, when)

    def _commit(self, tree: str, parents: list[str], message: str, when: datetime) -> str:
        body = commit(tree, parents, message, when)
        return str(self._t.write("POST", f"{self._root}/git/commits", body)[1]["sha"])

    def create_root(self, *, files: Mapping[str, bytes], kept: Sequence[TreeFile], message: str, when: datetime) -> str:
        """`POST /repos/{}/git/trees` without a base, `POST /repos/{}/git/commits` without parents."""
        items = [tree_item(path, content) for path, content in sorted(files.items())] + [kept_item(f) for f in kept]
        tree = self._t.write("POST", f"{self._root}/git/trees", {"tree": items})[1]["sha"]
        return self._commit(tree, [], message, when)

    def put_files(self, *, branch: str, head: str, files: Mapping[str, bytes], message: str) -> bool:
        """GraphQL `createCommitOnBranch`: one write, where REST takes one for every binary file and three more."""
        repository = self._root.removeprefix("/repos/")
        try:
            self._t.mutate(COMMIT, {"input": commit_on_branch(repository, branch, head, files, message)})
        except GatewayError as error:
            if error.reason == "stale":
                return False
            raise
        return True

    def create_ref(self, name: str, sha: str) -> bool:
        """`POST /repos/{}/git/refs`."""
        return self._unless("exists", "POST", f"{self._root}/git/refs", {"ref": f"refs/{name}", "sha": sha})

    def update_ref(self, name: str, sha: str, *, force: bool = False) -> bool:
        """`PATCH /repos/{}/git/refs/{ref}`."""
        return self._unless("refused", "PATCH", f"{self._root}/git/refs/{name}", {"sha": sha, "force": force})

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
        self._delete(f"{self._root}/issues/comments/{comment}")

    def create_review(self, number: int, *, commit: str, body: str, comments: Sequence[LineComment]) -> None:
        """`POST /repos/{}/pulls/{number}/reviews`, event COMMENT."""
        self._t.write("POST", f"{self._root}/pulls/{number}/reviews", review(commit, body, comments))

    def delete_review_comment(self, comment: int) -> None:
        """`DELETE /repos/{}/pulls/comments/{id}`; gone already is gone."""
        self._delete(f"{self._root}/pulls/comments/{comment}")

    def _delete(self, path: str) -> None:
        try:
            self._t.write("DELETE", path)
        except GatewayError as error:
            if error.status != 404:
                raise

    def set_threads(self, *, resolved: Sequence[str], unresolved: Sequence[str]) -> None:
        """GraphQL `resolveReviewThread` and `unresolveReviewThread`, several in one document."""
        changes = [("resolveReviewThread", node) for node in resolved]
        changes += [("unresolveReviewThread", node) for node in unresolved]
        for start in range(0, len(changes), THREADS_A_REQUEST):
            self._t.mutate(*thread_changes(changes[start : start + THREADS_A_REQUEST]))

    def set_labels(self, number: int, labels: Sequence[str]) -> None:
        """`PATCH /repos/{}/issues/{number}`: one write for all labels."""
        self._t.write("PATCH", f"{self._root}/issues/{number}", {"labels": sorted(labels)})

    def create_mark(self, mark: StatusMark, annotations: Sequence[Annotation], *, url: str) -> None:
        """`POST /repos/{}/check-runs` and, over 50 annotations, updates that append; or `POST /repos/{}/statuses/{sha}`."""
        if not self._app:
            self._t.write("POST", f"{self._root}/statuses/{mark.sha}", status(mark, url))
            return
        first, rest = annotations[:ANNOTATIONS_A_REQUEST], annotations[ANNOTATIONS_A_REQUEST:]
        run = self._t.write("POST", f"{self._root}/check-runs", check_run(mark, first, url))[1]
        for start in range(0, len(rest), ANNOTATIONS_A_REQUEST):
            more = output(mark, rest[start : start + ANNOTATIONS_A_REQUEST])
            self._t.write("PATCH", f"{self._root}/check-runs/{run['id']}", {"output": more})

    def merge(self, number: int, *, sha: str, title: str) -> Merge:
        """`PUT /repos/{}/pulls/{number}/merge`, bound to `sha`."""
        body = {"sha": sha, "merge_method": "merge", "commit_title": title, "commit_message": ""}
        try:
            data = self._t.write("PUT", f"{self._root}/pulls/{number}/merge", body)[1]
        except GatewayError as error:
            if error.status in {405, 409}:
                return Merge(merged=False, sha=None, reason=f"{error.message.partition(': ')[2]}.")
            raise
        return Merge(merged=bool(data["merged"]), sha=data["sha"], reason="")

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """`POST /repos/{}/actions/workflows/{file}/dispatches`; Actions' own token may start runs by this and nothing else."""
        body = {"ref": self.default_branch(), "inputs": dict(inputs)}
        self._t.write("POST", f"{self._root}/actions/workflows/{workflow}/dispatches", body)

    def keep_enabled(self, workflow: str) -> None:
        """`GET /repos/{}/actions/workflows/{file}`, then `PUT /repos/{}/actions/workflows/{file}/enable`.

        Reported to begin the 60 days anew also where it is enabled: https://github.com/opentofu/registry-ui/pull/270.
        """
        path = f"{self._root}/actions/workflows/{workflow}"
        if self._need(path)["state"] != "disabled_manually":
            self._t.write("PUT", f"{path}/enable")
