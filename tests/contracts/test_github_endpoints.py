"""The endpoints off the main road: each answers, and answers in GitHub's shape."""

from __future__ import annotations

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


def test_collaborators(hub):
    zoo = hub.repo("zoo-token")
    assert hub.call("PUT", f"{R}/collaborators/tess", "zoo-token", json={"permission": "triage"}).status_code == 204
    assert [user.login for user in zoo.get_collaborators()] == ["zoo", "bob", "accession-bot", "tess"]
    assert zoo.has_in_collaborators("tess")
    assert not zoo.has_in_collaborators("alice")
    assert hub.call("PUT", f"{R}/collaborators/x", "zoo-token", json={"permission": "king"}).status_code == 422
    assert hub.get(f"{R}/collaborators/bob/permission", "alice-token").status_code == 403


def test_issues_by_strangers_and_by_writers(hub):
    plain = hub.repo("alice-token").create_issue("Ask", "https://example.org/record", labels=["dropped"])
    full = hub.repo().create_issue("Ask", labels=["kept"], assignees=["bob"])
    assert hub.world.labels(ZOO, plain.number) == ()
    assert hub.world.labels(ZOO, full.number) == ("kept",)
    assert [user.login for user in full.assignees] == ["bob"]
    full.edit(state="closed", state_reason="not_planned")
    assert (full.state, full.state_reason, full.closed_by.login) == ("closed", "not_planned", "accession-bot")
    full.edit(state="open", title="Ask again", body="really")
    assert [issue.title for issue in hub.repo().get_issues(creator="accession-bot")] == ["Ask again"]
    assert hub.post(f"{R}/issues", title=" ").status_code == 422
    assert hub.call("PATCH", f"{R}/issues/{full.number}", json={"state": "gone"}).status_code == 422


def test_comments_of_the_whole_repository(hub):
    one, two = hub.submission("a", a="1"), hub.submission("b", b="1")
    hub.world.comment(ZOO, one, login="bob", body="first")
    hub.clock.now += 1
    hub.world.comment(ZOO, two, login="bob", body="second")
    found = hub.repo().get_issues_comments(sort="updated", direction="desc")
    assert [comment.body for comment in found] == ["second", "first"]
    assert [comment.body for comment in hub.repo().get_issues_comments()] == ["first", "second"]


def test_hooks_are_read_and_changed(hub):
    zoo = hub.repo("zoo-token")
    made = zoo.create_hook("web", {"url": "http://127.0.0.1:9/x", "content_type": "json"}, ["push"], active=True)
    made.edit("web", {"url": "http://127.0.0.1:9/y", "content_type": "json"}, events=["issues"], active=False)
    hook = zoo.get_hook(made.id)
    assert (hook.config["url"], hook.events, hook.active) == ("http://127.0.0.1:9/y", ["issues"], False)
    with pytest.raises(GithubException) as error:
        zoo.create_hook("web", {"url": "http://127.0.0.1:9/y"}, ["push"])
    assert error.value.status == 422


def test_commits_and_merge_state_of_a_pull_request(hub):
    number = hub.submission("a", a="1")
    hub.world.commit_files(ZOO, "a", {"b": "2"}, author="alice", message="second")
    pull = hub.repo().get_pull(number)
    assert [commit.commit.message for commit in pull.get_commits()] == ["Update files", "second"]
    assert pull.get_commits()[0].author.login == "alice"
    assert not pull.is_merged()
    pull.merge()
    assert pull.is_merged()


def test_reviewers_are_listed_and_taken_back(hub):
    pull = hub.repo().get_pull(hub.submission())
    pull.create_review_request(reviewers=["bob"])
    assert [user.login for user in pull.get_review_requests()[0]] == ["bob"]
    pull.delete_review_request(reviewers=["bob"])
    assert hub.world.pull(ZOO, pull.number).reviewers == ()


def test_review_comments_are_edited_and_deleted(hub):
    pull = hub.repo().get_pull(hub.submission("x", **{"a.txt": "1\n"}))
    note = pull.create_review_comment("fix", hub.repo().get_commit(pull.head.sha), "a.txt", line=1)
    note.edit("please fix")
    assert hub.world.review_comments(ZOO, pull.number)[0].body == "please fix"
    assert hub.call("DELETE", f"{R}/pulls/comments/{note.id}", "alice-token").status_code == 403
    note.delete()
    assert hub.world.review_comments(ZOO, pull.number) == []
    assert (
        hub.post(f"{R}/pulls/{pull.number}/comments", body="x", path="none", commit_id=pull.head.sha).status_code == 422
    )


def test_reviews_are_edited_and_pending_ones_deleted(hub):
    number = hub.submission()
    path = f"{R}/pulls/{number}/reviews"
    pending = hub.post(path, "bob-token", body="soon").json()
    assert hub.call("PUT", f"{path}/{pending['id']}", "bob-token", json={"body": "later"}).json()["body"] == "later"
    assert hub.call("PUT", f"{path}/{pending['id']}", json={"body": "mine"}).status_code == 404
    assert hub.call("DELETE", f"{path}/{pending['id']}", "bob-token").status_code == 200
    done = hub.post(path, "bob-token", event="COMMENT", body="fine").json()
    assert hub.call("DELETE", f"{path}/{done['id']}", "bob-token").status_code == 422
    assert hub.post(path, "bob-token", event="COMMENT").status_code == 422
    assert hub.post(path, "bob-token", event="SHRUG").status_code == 422


def test_forks_and_repositories_of_an_account(hub):
    hub.world.fork(ZOO, "alice")
    assert hub.world.fork(ZOO, "alice") == "alice/collection"
    assert [fork.full_name for fork in hub.repo().get_forks()] == ["alice/collection"]
    assert [repo.full_name for repo in hub.github().get_user("alice").get_repos()] == ["alice/collection"]
    assert hub.repo(name="alice/collection").parent.full_name == ZOO


def test_a_single_check_run(hub):
    repo = hub.repo("app-token")
    run = repo.create_check_run("check", hub.world.refs(ZOO)["refs/heads/main"])
    assert repo.get_check_run(run.id).app.slug == "accession"


def test_bodies_of_the_wrong_type_are_422_and_odd_dates_too(hub):
    number = hub.submission()
    assert hub.post(f"{R}/issues/{number}/comments", body=7).status_code == 422
    assert hub.post(f"{R}/git/refs", ref=7, sha="x").status_code == 422
    assert hub.post(f"{R}/git/trees", tree=[{"path": "../x", "mode": "100644", "content": ""}]).status_code == 422
    assert hub.post(f"{R}/git/trees", tree=[{"path": "x", "mode": "1", "content": ""}]).status_code == 422
    assert hub.post(f"{R}/git/trees", tree=[{"path": "x", "mode": "100644", "sha": "0" * 40}]).status_code == 422
    assert hub.post(f"{R}/git/commits", message="m", tree="0" * 40).status_code == 422
    assert hub.get(f"{R}/issues?since=yesterday").status_code == 422
    assert hub.call("POST", f"{R}/issues", json="text").status_code == 400
