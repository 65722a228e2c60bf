"""Reviews, comments, labels, roles and dispatches through PyGithub."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from github import GithubException

from tests.contracts.github_hub import ZOO, Hub, hub_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def test_reviews_in_steps_and_their_comments(hub):
    number = hub.submission("x", **{"a.txt": "1\n2\n"})
    pull = hub.repo("bob-token").get_pull(number)
    head = hub.repo("bob-token").get_commit(pull.head.sha)
    pending = pull.create_review(commit=head, body="look", comments=[{"path": "a.txt", "line": 2, "body": "why"}])
    assert pending.state == "PENDING"
    assert list(hub.repo().get_pull(number).get_reviews()) == []
    done = pull.get_review(pending.id)
    answer = hub.post(f"{R}/pulls/{number}/reviews/{done.id}/events", "bob-token", event="REQUEST_CHANGES")
    assert answer.json()["state"] == "CHANGES_REQUESTED"
    [note] = pull.get_review_comments()
    pull.create_review_comment_reply(note.id, "because")
    assert [found.in_reply_to_id for found in pull.get_review_comments()] == [None, note.id]
    pull.create_review_comment("whole", head, "a.txt", line=1)
    done.dismiss("settled")
    assert hub.world.reviews(ZOO, number)[0].state == "DISMISSED"
    assert len(list(pull.get_single_review_comments(done.id))) == 2


def test_reviewers_are_asked_among_collaborators(hub):
    pull = hub.repo().get_pull(hub.submission())
    pull.create_review_request(reviewers=["bob"])
    assert hub.world.pull(ZOO, pull.number).reviewers == ("bob",)
    with pytest.raises(GithubException):
        pull.create_review_request(reviewers=["nobody"])
    hub.world.approve(ZOO, pull.number, login="bob")
    assert hub.world.pull(ZOO, pull.number).reviewers == ()


def test_labels_in_all_ways(hub):
    repo = hub.repo()
    issue = repo.get_issue(hub.world.open_issue(ZOO, login="alice", title="t"))
    issue.add_to_labels("a", "b")
    issue.remove_from_labels("a")
    issue.set_labels("b", "c")
    repo.get_label("c").edit("d", "00ff00", "green")
    assert [label.name for label in issue.get_labels()] == ["b", "d"]
    repo.get_label("b").delete()
    assert hub.world.labels(ZOO, issue.number) == ("d",)
    assert [found.number for found in repo.get_issues(labels=["d"])] == [issue.number]
    issue.delete_labels()
    assert hub.world.labels(ZOO, issue.number) == ()


def test_comments_since_edited_minimised_and_deleted(hub):
    number = hub.submission()
    old = hub.world.comment(ZOO, number, login="alice", body="old")
    hub.clock.now += 100
    comment = hub.repo().get_issue(number).create_comment("new")
    since = datetime.fromtimestamp(hub.clock.now - 1, UTC)
    assert [found.body for found in hub.repo().get_issue(number).get_comments(since=since)] == ["new"]
    hub.repo("bob-token").get_issue(number).get_comment(comment.id).edit("edited by bob")
    assert hub.world.comments(ZOO, number)[1].edited_by == "bob"
    with pytest.raises(GithubException):
        hub.repo("alice-token").get_issue(number).get_comment(comment.id).edit("no")
    assert comment.minimize("OUTDATED")
    assert hub.world.comments(ZOO, number)[1].minimized == "outdated"
    assert comment.unminimize()
    hub.repo().get_issue(number).get_comment(old.id).delete()
    assert [found.body for found in hub.world.comments(ZOO, number)] == ["edited by bob"]


def test_graphql_refuses_what_it_does_not_know(hub):
    answer = hub.post("/graphql", query="mutation { addStar(input: {}) { x } }")
    assert "addStar" in answer.json()["errors"][0]["message"]
    wrong = {"query": "mutation($input: X) { minimizeComment(input: $input) { x } }"}
    wrong["variables"] = {"input": {"subjectId": "IC_kwDO0000000001", "classifier": "OUTDATED"}}
    assert hub.post("/graphql", **wrong).json()["errors"][0]["type"] == "NOT_FOUND"


def test_resolving_a_thread(hub):
    number = hub.submission("x", **{"a.txt": "1\n"})
    pull = hub.repo().get_pull(number)
    note = pull.create_review_comment("fix", hub.repo().get_commit(pull.head.sha), "a.txt", line=1)
    thread = note.raw_data["node_id"].replace("PRRC_", "PRRT_")
    query = (
        "mutation($input: ResolveReviewThreadInput!) { resolveReviewThread(input: $input) { thread { isResolved } } }"
    )
    answer = hub.post("/graphql", query=query, variables={"input": {"threadId": thread}})
    assert answer.json()["data"]["resolveReviewThread"]["thread"]["isResolved"]
    assert hub.world.review_comments(ZOO, number)[0].resolved


@pytest.mark.parametrize(
    ("login", "role", "coarse"),
    [("zoo", "admin", "admin"), ("bob", "write", "write"), ("alice", "read", "read"), ("tess", "triage", "read")],
)
def test_roles(hub, login, role, coarse):
    hub.world.add_collaborator(ZOO, "tess", "triage")
    answer = hub.get(f"{R}/collaborators/{login}/permission").json()
    assert (answer["role_name"], answer["permission"]) == (role, coarse)
    assert hub.repo().get_collaborator_permission(login) == coarse


def test_ids_of_people_start_at_1001(hub):
    assert hub.github().get_user("zoo").id == 1001
    assert hub.github().get_user_by_id(1002).login == "bob"
    assert hub.github().get_user().login == "accession-bot"


WORKFLOW = "on: {workflow_dispatch: {inputs: {pull: {}}}}"


def test_dispatches_are_recorded(hub):
    repo = hub.repo()
    assert repo.create_repository_dispatch("check", {"pull": 1})
    assert hub.world.events[-1].detail["body"]["client_payload"] == {"pull": 1}
    assert hub.post(f"{R}/actions/workflows/check.yml/dispatches", ref="main").status_code == 404
    hub.world.commit_files(ZOO, "main", {".github/workflows/check.yml": WORKFLOW}, author="bob")
    assert hub.post(f"{R}/actions/workflows/check.yml/dispatches", ref="main", inputs={"pull": "1"}).status_code == 204
    assert hub.world.events[-1].detail["inputs"] == {"pull": "1"}


def test_lists_by_state_and_order(hub):
    numbers = [hub.submission(name, **{name: "1"}) for name in ("a", "b", "c")]
    hub.clock.now += 10
    hub.world.comment(ZOO, numbers[0], login="bob", body="x")
    hub.world.close_pull(ZOO, numbers[1], login="bob")
    repo = hub.repo()
    assert [pull.number for pull in repo.get_pulls()] == [3, 1]
    assert [pull.number for pull in repo.get_pulls(state="closed")] == [2]
    hub.clock.now += 10
    hub.world.comment(ZOO, numbers[0], login="bob", body="x")
    assert next(iter(repo.get_pulls(state="all", sort="updated", direction="desc"))).number == 1
    assert repo.get_branch("a").name == "a"
    assert [branch.name for branch in repo.get_branches()] == ["a", "b", "c", "main"]
    assert [pull.number for pull in repo.get_commit(hub.world.pull(ZOO, 1).head_sha).get_pulls()] == [1]
