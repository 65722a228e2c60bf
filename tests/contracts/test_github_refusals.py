"""Every refusal that the project relies on has GitHub's own status code and sentence."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from github import GithubException, UnknownObjectException

from tests.contracts.github_hub import ZOO, Hub, hub_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def refused(answer: requests.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["documentation_url"].startswith("https://docs.github.com/rest")
    assert answer.json()["status"] == str(status)
    for word in words:
        assert word in answer.text


def head(hub: Hub, number: int) -> str:
    return hub.world.pull(ZOO, number).head_sha


def test_unknown_token_is_401_also_where_anonymous_may_read(hub):
    refused(hub.get(R, token="wrong"), 401, "Bad credentials")
    assert hub.get(R, token="").status_code == 200


def test_anonymous_write_is_401(hub):
    refused(hub.post(f"{R}/git/blobs", "", content="x"), 401, "Requires authentication")


def test_unknown_route_is_404_with_documentation(hub):
    refused(hub.get("/repos/zoo/collection/nonsense"), 404, "Not Found")
    refused(hub.call("PATCH", "/rate_limit"), 404, "Not Found")


def test_malformed_json_is_400(hub):
    refused(hub.call("POST", f"{R}/issues", data=b"{"), 400, "Problems parsing JSON")


def test_no_permission_is_403(hub):
    number = hub.submission()
    refused(hub.call("PATCH", f"{R}/issues/{number}", "alice-token", json={"labels": ["x"]}), 403, "admin rights")
    refused(hub.call("PUT", f"{R}/pulls/{number}/merge", "alice-token", json={}), 403)


def test_a_private_repository_is_404_to_strangers(hub):
    hub.world.create_repository("zoo/vault", {"a": "b"}, private=True)
    refused(hub.get("/repos/zoo/vault", token="alice-token"), 404)
    refused(hub.get("/repos/zoo/vault", token=""), 404)
    assert hub.get("/repos/zoo/vault", token="zoo-token").status_code == 200


@pytest.mark.parametrize(("token", "status"), [("app-token", 403), ("actions-token", 403), ("bot-token", 404)])
def test_pushing_to_a_foreign_fork_is_refused(hub, token, status):
    fork = hub.world.fork(ZOO, "alice")
    tip = hub.world.refs(fork)["refs/heads/main"]
    body = {"ref": "refs/heads/x", "sha": tip}
    refused(hub.post(f"/repos/{fork}/git/refs", token, **body), status)
    content = {"message": "m", "content": "eA=="}
    refused(hub.call("PUT", f"/repos/{fork}/contents/new", token, json=content), status)
    assert "refs/heads/x" not in hub.world.refs(fork)


def test_edits_allowed_by_the_contributor_hold_for_people_and_not_for_apps(hub):
    fork = hub.world.fork(ZOO, "alice")
    old = hub.world.commit_files(fork, "seal", {"s": "1"}, author="alice")
    hub.world.open_pull(ZOO, "alice:seal", login="alice", title="Seal")
    new = hub.world.commit_files(fork, "elsewhere", {"s": "2"}, author="alice")
    path = f"/repos/{fork}/git/refs/heads/seal"
    refused(hub.call("PATCH", path, "app-token", json={"sha": new, "force": True}), 403, "by integration")
    assert hub.world.refs(fork)["refs/heads/seal"] == old
    assert hub.call("PATCH", path, "bob-token", json={"sha": new, "force": True}).status_code == 200


def test_duplicate_ref_is_422(hub):
    repo = hub.repo()
    sha = repo.get_branch("main").commit.sha
    repo.create_git_ref("refs/tags/ids/brave-seal", sha)
    refused(hub.post(f"{R}/git/refs", ref="refs/tags/ids/brave-seal", sha=sha), 422, "Reference already exists")


def test_malformed_and_unknown_refs_are_422(hub):
    sha = hub.world.refs(ZOO)["refs/heads/main"]
    refused(hub.post(f"{R}/git/refs", ref="main", sha=sha), 422, "must start with 'refs/'")
    refused(hub.post(f"{R}/git/refs", ref="refs/heads/x", sha="0" * 40), 422, "Object does not exist")
    refused(hub.call("DELETE", f"{R}/git/refs/heads/none"), 422, "Reference does not exist")
    refused(hub.get(f"{R}/git/ref/heads/none"), 404)


def test_non_fast_forward_is_422_unless_forced(hub):
    old = hub.world.refs(ZOO)["refs/heads/main"]
    hub.world.commit_files(ZOO, "main", {"a": "1"}, author="bob")
    path = f"{R}/git/refs/heads/main"
    refused(hub.call("PATCH", path, json={"sha": old}), 422, "Update is not a fast forward")
    assert hub.call("PATCH", path, json={"sha": old, "force": True}).status_code == 200


def test_protected_branch_is_409_by_contents_and_422_by_ref(hub):
    hub.world.protect_branch(ZOO)
    new = hub.world.commit_files(ZOO, "side", {"a": "1"}, author="bob")
    content = {"message": "m", "content": "eA==", "branch": "main"}
    refused(hub.call("PUT", f"{R}/contents/a", json=content), 409, "pull request")
    refused(hub.call("PATCH", f"{R}/git/refs/heads/main", json={"sha": new}), 422, "pull request")
    assert hub.repo().get_branch("main").protected


def test_duplicate_pull_request_is_422(hub):
    hub.submission("add/seal")
    answer = hub.post(f"{R}/pulls", title="again", head="add/seal", base="main")
    refused(answer, 422, "A pull request already exists for zoo:add/seal.")


def test_pull_request_without_commits_is_422(hub):
    hub.repo().create_git_ref("refs/heads/empty", hub.world.refs(ZOO)["refs/heads/main"])
    answer = hub.post(f"{R}/pulls", title="empty", head="empty", base="main")
    refused(answer, 422, "No commits between main and empty")
    refused(hub.post(f"{R}/pulls", title="t", head="absent", base="main"), 422, '"field": "head"')


def test_self_approval_is_422(hub):
    number = hub.submission(login="accession-bot")
    answer = hub.post(f"{R}/pulls/{number}/reviews", event="APPROVE")
    refused(answer, 422, "Can not approve your own pull request")
    assert hub.world.reviews(ZOO, number) == []


def test_long_comment_is_422_and_the_limit_itself_is_fine(hub):
    number = hub.submission()
    path = f"{R}/issues/{number}/comments"
    refused(hub.post(path, body="x" * 65537), 422, "body is too long (maximum is 65536 characters)")
    assert hub.post(path, body="x" * 65536).status_code == 201
    refused(hub.post(path, body=" "), 422, "missing_field")


def test_check_run_by_a_personal_token_is_403(hub):
    sha = head(hub, hub.submission())
    refused(hub.post(f"{R}/check-runs", name="check", head_sha=sha), 403, "You must authenticate via a GitHub App.")
    assert hub.world.check_runs(ZOO, sha) == []


def test_more_than_fifty_annotations_are_422(hub):
    sha = head(hub, hub.submission())
    note = {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m"}
    output = {"title": "t", "summary": "s", "annotations": [note] * 51}
    answer = hub.post(f"{R}/check-runs", "app-token", name="check", head_sha=sha, output=output)
    refused(answer, 422, "No more than 50 items")


def test_merge_with_a_stale_sha_is_409(hub):
    number = hub.submission()
    old = head(hub, number)
    hub.world.commit_files(ZOO, "add/seal", {"more": "x"}, author="alice")
    answer = hub.call("PUT", f"{R}/pulls/{number}/merge", json={"sha": old})
    refused(answer, 409, "Head branch was modified")
    assert not hub.world.pull(ZOO, number).merged


def test_conflict_from_git_is_405(hub):
    number = hub.submission("edit", **{"README.md": "# Theirs\n"})
    assert hub.repo().get_pull(number).mergeable is True
    hub.world.commit_files(ZOO, "main", {"README.md": "# Ours\n"}, author="bob")
    pull = hub.repo().get_pull(number)
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    refused(hub.call("PUT", f"{R}/pulls/{number}/merge", json={}), 405, "not mergeable")
    assert f"refs/pull/{number}/merge" not in hub.world.refs(ZOO)


def test_merged_twice_and_drafts_and_closed_are_405(hub):
    number = hub.submission()
    assert hub.repo().get_pull(number).merge().merged
    refused(hub.call("PUT", f"{R}/pulls/{number}/merge", json={}), 405)
    hub.world.commit_files(ZOO, "draft", {"d": "1"}, author="bob")
    draft = hub.repo().create_pull(base="main", head="draft", title="d", draft=True)
    refused(hub.call("PUT", f"{R}/pulls/{draft.number}/merge", json={}), 405, "draft")
    draft.edit(state="closed")
    refused(hub.call("PUT", f"{R}/pulls/{draft.number}/merge", json={}), 405)


def test_contents_with_a_stale_blob_is_409_and_without_one_422(hub):
    repo = hub.repo()
    old = repo.get_contents("README.md")
    repo.update_file("README.md", "edit", "new\n", old.sha)
    with pytest.raises(GithubException) as stale:
        repo.update_file("README.md", "edit", "newer\n", old.sha)
    assert stale.value.status == 409
    body = {"message": "m", "content": base64.b64encode(b"x").decode()}
    refused(hub.call("PUT", f"{R}/contents/README.md", json=body), 422, "sha")
    assert hub.world.file(ZOO, "README.md") == b"new\n"


def test_absent_things_are_404(hub):
    github = hub.github()
    for look in (
        lambda: github.get_user("nobody-here"),
        lambda: github.get_repo("zoo/none"),
        lambda: hub.repo().get_pull(99),
    ):
        with pytest.raises(UnknownObjectException):
            look()


def test_hooks_are_for_administrators(hub):
    refused(hub.get(f"{R}/hooks"), 403)
    assert hub.get(f"{R}/hooks", token="zoo-token").json() == []
