"""Fine-grained permissions in the local world: what a token was not granted is refused as GitHub refuses it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from github import Auth, GithubIntegration

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.contracts.test_github_apps import key  # noqa: F401 - a fixture
from tests.world.github.grants import needed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"
HIDDEN = "zoo/hidden"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        hub.world.create_repository(HIDDEN, {"README.md": "Hidden.\n"}, private=True)
        yield hub


def grant(hub: Hub, kind: str = "app", **permissions: str) -> str:
    login = {"app": "accession[bot]", "actions": "github-actions[bot]", "personal": "zoo"}[kind]
    hub.world.add_token(login, "fine", kind=kind, permissions=permissions)
    return "fine"


def test_anybody_reads_what_is_public_and_nobody_what_is_not(hub: Hub) -> None:
    token = grant(hub)
    assert hub.get(f"{R}/contents/README.md", token).status_code == 200
    refused = hub.get(f"/repos/{HIDDEN}/contents/README.md", token)
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")
    token = grant(hub, contents="read")
    assert hub.get(f"/repos/{HIDDEN}/contents/README.md", token).status_code == 200
    assert hub.get(f"/repos/{HIDDEN}/pulls", token).status_code == 403


@pytest.mark.parametrize(
    ("kind", "who"), [("app", "integration"), ("actions", "integration"), ("personal", "personal access token")]
)
def test_a_write_needs_its_permission_whoever_asks(hub: Hub, kind: str, who: str) -> None:
    body = {"ref": "refs/tags/id/seal", "sha": hub.world.refs(ZOO)["refs/heads/main"]}
    refused = hub.post(f"{R}/git/refs", grant(hub, kind, contents="read", pull_requests="write"), **body)
    assert (refused.status_code, refused.json()["message"]) == (403, f"Resource not accessible by {who}")
    assert hub.post(f"{R}/git/refs", grant(hub, kind, contents="write"), **body).status_code == 201


def test_pull_requests_is_enough_to_comment_on_one_and_not_on_an_issue(hub: Hub) -> None:
    pull, issue = hub.submission(), hub.world.open_issue(ZOO, login="alice", title="Hello")
    token = grant(hub, pull_requests="write")
    assert hub.post(f"{R}/issues/{pull}/comments", token, body="hello").status_code == 201
    assert hub.post(f"{R}/issues/{issue}/comments", token, body="hello").status_code == 403
    assert hub.post(f"{R}/issues/{issue}/comments", grant(hub, issues="write"), body="hello").status_code == 201


@pytest.mark.parametrize("kind", ["app", "actions", "personal"])
def test_pull_requests_is_enough_to_use_a_label_and_issues_it_takes_to_make_one(hub: Hub, kind: str) -> None:
    """https://github.com/actions/labeler/issues/870."""
    pull = hub.submission()
    both = grant(hub, kind, issues="write")
    assert hub.post(f"{R}/labels", both, name="old").status_code == 201
    token = grant(hub, kind, pull_requests="write", issues="read")
    assert hub.call("PATCH", f"{R}/issues/{pull}", token, json={"labels": ["old"]}).status_code == 200
    for refused in (
        hub.call("PATCH", f"{R}/issues/{pull}", token, json={"labels": ["old", "new"]}),
        hub.post(f"{R}/issues/{pull}/labels", token, labels=["new"]),
        hub.post(f"{R}/labels", token, name="new"),
    ):
        said = "You do not have permission to create labels on this repository."
        assert (refused.status_code, refused.json()["message"]) == (403, said)
    assert (hub.world.labels(ZOO), hub.world.labels(ZOO, pull)) == (("old",), ("old",))
    both = grant(hub, kind, pull_requests="write", issues="write")
    assert hub.call("PATCH", f"{R}/issues/{pull}", both, json={"labels": ["old", "new"]}).status_code == 200
    assert hub.world.labels(ZOO, pull) == ("old", "new")


def test_graphql_is_held_to_it_too(hub: Hub) -> None:
    number = hub.submission()
    note = hub.world.comment_on_line(ZOO, number, "collection/entries/add/seal/rdf.yaml", 1, login="bob", body="hm")
    thread = f"PRRT_{note.node_id.partition('_')[2]}"
    query = f'mutation {{ resolveReviewThread(input: {{threadId: "{thread}"}}) {{ thread {{ isResolved }} }} }}'
    (error,) = hub.post("/graphql", grant(hub, pull_requests="write"), query=query).json()["errors"]
    assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")
    data = hub.post("/graphql", grant(hub, contents="write"), query=query).json()["data"]
    assert data["resolveReviewThread"]["thread"]["isResolved"]


def test_an_apps_hourly_token_has_the_apps_permissions(hub: Hub, key: tuple[str, str]) -> None:  # noqa: F811
    private, public = key
    hub.world.add_app(77, public, permissions={"metadata": "read", "checks": "write"})
    hub.clock.now = time.time()
    with GithubIntegration(auth=Auth.AppAuth(77, private), base_url=hub.url) as integration:
        token = integration.get_access_token(integration.get_repo_installation("zoo", "collection").id)
    assert token.permissions == {"metadata": "read", "checks": "write"}
    sha = hub.world.refs(ZOO)["refs/heads/main"]
    assert hub.post(f"{R}/check-runs", token.token, name="check", head_sha=sha).status_code == 201
    assert hub.post(f"{R}/statuses/{sha}", token.token, state="success").status_code == 403


def test_a_token_without_a_list_is_limited_by_its_role_alone(hub: Hub) -> None:
    assert hub.post(f"{R}/git/refs", ref="refs/tags/a", sha=hub.world.refs(ZOO)["refs/heads/main"]).status_code == 201


@pytest.mark.parametrize(
    ("method", "below", "expected"),
    [
        ("GET", "", (("metadata",), "read")),
        ("HEAD", "/contents/a/b", (("contents",), "read")),
        ("PUT", "/pulls/1/merge", (("contents",), "write")),
        ("GET", "/pulls/1/merge", (("pull_requests",), "read")),
        ("GET", "/commits/a/b/check-runs", (("checks",), "read")),
        ("GET", "/commits/a/status", (("statuses",), "read")),
        ("GET", "/issues/1", (("issues",), "read")),
        ("PATCH", "/issues/1", (("pull_requests", "issues"), "write")),
        ("POST", "/issues", (("issues",), "write")),
        ("DELETE", "/hooks/1", (("repository_hooks",), "write")),
        ("PUT", "/collaborators/bob", (("administration",), "write")),
        ("GET", "/what/is/this", ((), "read")),
    ],
)
def test_what_a_path_needs(method: str, below: str, expected: tuple[tuple[str, ...], str]) -> None:
    assert needed(method, below) == expected
