"""Binary files in one commit through GraphQL, first commits, forced refs, and files as a browser gets them."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from tests.contracts.github_hub import ZOO, Hub, hub_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"
COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { clientMutationId commit { oid messageHeadline } }
}
"""
PNG = b"\x89PNG\r\n\x1a\n\0\xff"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def tip(hub, branch="main"):
    return hub.world.refs(ZOO)[f"refs/heads/{branch}"]


def commit(hub, token="bot-token", **changes):
    given = {
        "branch": {"repositoryNameWithOwner": ZOO, "branchName": "main"},
        "expectedHeadOid": tip(hub),
        "fileChanges": {"additions": [{"path": "a/b.png", "contents": b64encode(PNG).decode()}]},
        "message": {"headline": "Keep"},
    }
    variables = {"input": given | changes}
    return hub.call("POST", "/graphql", token, json={"query": COMMIT, "variables": variables}).json()


def kinds(answer):
    assert answer["data"] == {"createCommitOnBranch": None}
    return [(error["type"], error["path"]) for error in answer["errors"]]


def test_files_are_added_and_removed_in_one_commit_by_whoever_asks(hub):
    first = tip(hub)
    made = commit(hub, message={"headline": "Keep", "body": "More."})["data"]["createCommitOnBranch"]["commit"]
    assert made == {"oid": tip(hub), "messageHeadline": "Keep"}
    assert hub.world.file(ZOO, "a/b.png") == PNG
    seen = hub.get(f"{R}/git/commits/{made['oid']}").json()
    assert [parent["sha"] for parent in seen["parents"]] == [first]
    assert (seen["message"], seen["author"]["name"]) == ("Keep\n\nMore.", "accession-bot")
    commit(hub, fileChanges={"additions": [], "deletions": [{"path": "a/b.png"}]})
    assert hub.world.file(ZOO, "a/b.png") is None


def test_a_branch_that_has_moved_is_stale(hub):
    old = tip(hub)
    hub.world.commit_files(ZOO, "main", {"x": "1"}, author="bob")
    answer = commit(hub, expectedHeadOid=old)
    assert kinds(answer) == [("STALE_DATA", ["createCommitOnBranch"])]
    assert answer["errors"][0]["message"].startswith(f'Expected branch to point to "{old}"')
    assert hub.world.file(ZOO, "a/b.png") is None


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"branch": {"repositoryNameWithOwner": ZOO, "branchName": "nowhere"}}, "NOT_FOUND"),
        ({"branch": {"repositoryNameWithOwner": "zoo/other", "branchName": "main"}}, "NOT_FOUND"),
        ({"fileChanges": {"additions": [{"path": "../x", "contents": ""}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"deletions": [{"path": "not/there"}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [{"path": "x", "contents": "no base64!"}]}}, "argumentLiteralsIncompatible"),
        ({"expectedHeadOid": None}, "argumentLiteralsIncompatible"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(hub, changes, kind):
    before = tip(hub)
    assert kinds(commit(hub, **changes)) == [(kind, ["createCommitOnBranch"])]
    assert tip(hub) == before


def test_who_may_not_push_may_not_commit_and_protection_holds(hub):
    assert kinds(commit(hub, "alice-token"))[0][0] == "FORBIDDEN"
    hub.world.protect_branch(ZOO)
    assert kinds(commit(hub, "app-token"))[0][0] == "UNPROCESSABLE"


@pytest.mark.parametrize("token", ["app-token", "actions-token"])
def test_apps_and_actions_may(hub, token):
    assert commit(hub, token)["data"]["createCommitOnBranch"]["commit"]["oid"] == tip(hub)


def test_a_first_commit_keeps_folders_by_sha_and_a_ref_moves_by_force_only(hub):
    folder = next(item for item in hub.get(f"{R}/git/trees/main").json()["tree"] if item["type"] == "tree")
    item = {key: folder[key] for key in ("path", "mode", "type", "sha")}
    tree = hub.post(f"{R}/git/trees", tree=[item]).json()
    assert [found["path"] for found in tree["tree"]] == ["collection"]
    root = hub.post(f"{R}/git/commits", message="First", tree=tree["sha"], parents=[]).json()
    assert root["parents"] == []
    hub.post(f"{R}/git/refs", ref="refs/heads/side", sha=tip(hub))
    patch = {"sha": root["sha"], "force": False}
    assert hub.call("PATCH", f"{R}/git/refs/heads/side", json=patch).status_code == 422
    moved = hub.call("PATCH", f"{R}/git/refs/heads/side", json=patch | {"force": True})
    assert (moved.status_code, moved.json()["object"]["sha"]) == (200, root["sha"])


@pytest.mark.parametrize(
    ("name", "kind"), [("b.png", "image/png"), ("b.zip", "application/zip"), ("b.html", "text/plain")]
)
def test_a_browser_gets_pictures_as_pictures_and_pages_as_text(hub, name, kind):
    hub.world.commit_files(ZOO, "main", {f"a/{name}": PNG}, author="bob")
    found = hub.call("GET", f"/{ZOO}/raw/main/a/{name}", "")
    assert found.headers["Content-Type"].partition(";")[0] == kind
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.content == PNG
