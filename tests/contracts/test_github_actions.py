"""What the world knows of GitHub Actions: workflows are started by a dispatch, and a job's token is as narrow as it declared."""

from __future__ import annotations

import pytest
import requests

from tests.world.github import GitHubWorld
from tests.world.github.openapi import description
from tests.world.server import serve

REPO = "zoo/collection"
WORKFLOW = """\
on:
  workflow_dispatch:
    inputs:
      pull: {required: true}
      head: {default: ''}
"""


@pytest.fixture
def world(tmp_path):
    found = GitHubWorld(tmp_path / "github", validate=description() is not None)
    found.create_repository(
        REPO,
        {"README.md": "A zoo", ".github/workflows/check.yml": WORKFLOW, ".github/workflows/ci.yml": "on: push\n"},
        private=True,
    )
    found.add_token("github-actions[bot]", "ghs_all", kind="actions")
    with serve(found) as served:
        found.url = served.url
        yield found
        assert found.violations == []
    found.close()


def ask(world, method, path, token="ghs_all", **body):
    return requests.request(
        method,
        f"{world.url}/repos/{REPO}{path}",
        headers={"Authorization": f"Bearer {token}"},
        json=body or None,
        timeout=5,
    )


def narrow(world, **grants):
    world.add_token("github-actions[bot]", "ghs_narrow", kind="actions", permissions=grants)
    return "ghs_narrow"


def test_a_dispatch_starts_a_run_even_by_actions_own_token(world):
    answer = ask(world, "POST", "/actions/workflows/check.yml/dispatches", ref="main", inputs={"pull": "12"})
    assert answer.status_code == 204
    (event,) = world.events
    assert (event.event, event.started_workflows) == ("workflow_dispatch", True)
    assert event.detail == {
        "inputs": {"pull": "12", "head": ""},
        "ref": "refs/heads/main",
        "workflow": ".github/workflows/check.yml",
    }


@pytest.mark.parametrize(
    ("file", "body", "status"),
    [
        ("none.yml", {"ref": "main"}, 404),
        ("ci.yml", {"ref": "main"}, 422),
        ("check.yml", {"ref": "nowhere", "inputs": {"pull": "1"}}, 422),
        ("check.yml", {"ref": "main"}, 422),
        ("check.yml", {"ref": "main", "inputs": {"pull": "1", "other": "2"}}, 422),
        ("check.yml", {"ref": "main", "inputs": {"pull": 1}}, 422),
    ],
)
def test_a_dispatch_that_github_refuses(world, file, body, status):
    assert ask(world, "POST", f"/actions/workflows/{file}/dispatches", **body).status_code == status
    assert world.events == []


@pytest.mark.parametrize(
    ("method", "path", "grants"),
    [
        ("GET", "/pulls", {"pull_requests": "read"}),
        ("GET", "/contents/README.md", {"contents": "read"}),
        ("GET", "/git/ref/heads/main", {"contents": "read"}),
        ("GET", "/commits/main/check-runs", {"checks": "read"}),
        ("GET", "/commits/main/statuses", {"statuses": "read"}),
        ("GET", "", {}),
    ],
)
def test_a_narrow_token_reads_what_its_job_declared_and_nothing_else(world, method, path, grants):
    assert ask(world, method, path, narrow(world, **grants)).status_code == 200
    if grants:
        assert ask(world, method, path, narrow(world, actions="write")).status_code == 403


def test_a_narrow_token_writes_what_its_job_declared_and_nothing_else(world):
    tip = ask(world, "GET", "/git/ref/heads/main").json()["object"]["sha"]
    made = {"ref": "refs/heads/new", "sha": tip}
    assert ask(world, "POST", "/git/refs", narrow(world, contents="read"), **made).status_code == 403
    assert ask(world, "POST", "/git/refs", narrow(world, contents="write"), **made).status_code == 201
    start = {"ref": "main", "inputs": {"pull": "1"}}
    path = "/actions/workflows/check.yml/dispatches"
    assert ask(world, "POST", path, narrow(world, contents="write"), **start).status_code == 403
    assert ask(world, "POST", path, narrow(world, actions="write"), **start).status_code == 204


def test_a_workflow_is_on_until_somebody_disables_it_or_github_does(world):
    path = "/actions/workflows/check.yml"
    assert ask(world, "GET", path).json()["state"] == "active"
    assert ask(world, "PUT", f"{path}/disable").status_code == 204
    found = ask(world, "GET", path).json()
    assert (found["state"], found["path"]) == ("disabled_manually", ".github/workflows/check.yml")
    refused = ask(world, "POST", f"{path}/dispatches", ref="main", inputs={"pull": "1"})
    assert (refused.status_code, refused.json()["message"]) == (
        422,
        "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
    )
    world.disable_workflow(REPO, "check.yml", why="inactivity")
    assert ask(world, "GET", path).json()["state"] == "disabled_inactivity"
    assert ask(world, "PUT", f"{path}/enable", narrow(world, actions="read")).status_code == 403
    assert ask(world, "PUT", f"{path}/enable", narrow(world, actions="write")).status_code == 204
    assert ask(world, "GET", path).json()["state"] == "active"
    assert ask(world, "POST", f"{path}/dispatches", ref="main", inputs={"pull": "1"}).status_code == 204
    assert ask(world, "PUT", "/actions/workflows/none.yml/enable").status_code == 404
