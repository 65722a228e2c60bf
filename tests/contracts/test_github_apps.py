"""Apps, check runs and commit statuses: who may make them, and what updates do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github import Auth, GithubIntegration

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github import ApiError, GitHubWorld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"
NOTE = {"path": "README.md", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "wrong"}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    """Private and public PEM of an app."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def main(hub: Hub) -> str:
    return hub.world.refs(ZOO)["refs/heads/main"]


def output(count: int = 0) -> dict[str, object]:
    return {"title": "Report", "summary": "All of it", "annotations": [NOTE] * count}


def test_an_app_gets_tokens_for_an_hour(hub, key):
    private, public = key
    hub.world.add_app(77, public, login="accession[bot]")
    hub.clock.now = time.time()
    with GithubIntegration(auth=Auth.AppAuth(77, private), base_url=hub.url) as integration:
        assert integration.get_app().slug == "accession"
        installation = integration.get_repo_installation("zoo", "collection")
        assert [found.id for found in integration.get_installations()] == [installation.id]
        token = integration.get_access_token(installation.id).token
    assert hub.repo(token).create_check_run("check", main(hub)).app.id == 77
    assert [repo["full_name"] for repo in hub.get("/installation/repositories", token).json()["repositories"]] == [ZOO]
    assert all("access_tokens" not in line.path for line in hub.world.writes)
    hub.clock.now += 3601
    assert hub.get(R, token).status_code == 401


def test_a_jwt_must_be_the_apps_own_and_fresh(hub, key):
    private, public = key
    hub.world.add_app(77, public)
    now = int(hub.clock.now)

    def ask(**claims: int | str) -> int:
        return hub.get(
            "/app", jwt.encode({"iat": now, "exp": now + 60, "iss": "77"} | claims, private, "RS256")
        ).status_code

    assert ask() == 200
    assert ask(exp=now - 1) == 401
    assert ask(exp=now + 7200) == 401
    assert ask(iss="78") == 401
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = jwt.encode({"iat": now, "exp": now + 60, "iss": "77"}, other, "RS256")
    assert hub.get("/app", forged).status_code == 401


def test_annotations_are_appended(hub):
    run = hub.repo("app-token").create_check_run("check", main(hub), status="in_progress", output=output(50))
    run.edit(output=output(2), status="completed", conclusion="failure")
    assert run.output.annotations_count == 52
    assert len(list(run.get_annotations())) == 52
    [seen] = hub.world.check_runs(ZOO, main(hub))
    assert (seen.status, seen.conclusion, len(seen.annotations)) == ("completed", "failure", 52)


def test_another_app_may_not_change_a_run(hub):
    run = hub.repo("app-token").create_check_run("check", main(hub))
    answer = hub.call("PATCH", f"{R}/check-runs/{run.id}", "actions-token", json={"status": "in_progress"})
    assert answer.status_code == 403
    assert "app_id" in answer.json()["message"]


def test_runs_of_a_commit_show_the_latest_of_each_name(hub):
    repo = hub.repo("app-token")
    repo.create_check_run("check", main(hub), status="completed", conclusion="failure")
    repo.create_check_run("check", main(hub), status="completed", conclusion="success", external_id="2")
    repo.create_check_run("other", main(hub))
    commit = repo.get_commit("main")
    assert [(run.name, run.conclusion) for run in commit.get_check_runs()] == [("other", None), ("check", "success")]
    assert len(list(commit.get_check_runs(filter="all"))) == 3
    assert len(list(commit.get_check_runs(check_name="check"))) == 1
    assert [suite.latest_check_runs_count for suite in commit.get_check_suites()] == [2]


def suites(hub: Hub, query: str = "") -> list[tuple[str, str, str | None]]:
    found = hub.get(f"{R}/commits/{main(hub)}/check-suites{query}", "app-token").json()["check_suites"]
    return [(suite["app"]["slug"], suite["status"], suite["conclusion"]) for suite in found]


def made(hub: Hub, token: str = "app-token", conclusion: str = "success", name: str = "check") -> int:
    body = {"name": name, "head_sha": main(hub), "status": "completed", "conclusion": conclusion}
    return int(hub.post(f"{R}/check-runs", token, **body).json()["id"])


def test_a_commit_has_one_suite_for_each_app_that_sums_up_its_runs(hub):
    made(hub)
    made(hub, conclusion="failure", name="other")
    made(hub, "actions-token")
    assert sorted(suites(hub)) == [
        ("accession", "completed", "failure"),
        ("github-actions", "completed", "success"),
    ]
    assert suites(hub, "?check_name=other") == [("accession", "completed", "failure")], "of all its runs"
    assert suites(hub, "?check_name=nobody") == []
    made(hub, name="other")
    assert ("accession", "completed", "success") in suites(hub), "the latest run of each name counts"


@pytest.mark.parametrize("answer", ["another run", "an update"])
def test_a_rerequest_queues_the_suite_until_its_app_answers_and_leaves_the_run_alone(hub, answer):
    run, beside = made(hub), made(hub, "actions-token")
    before = hub.get(f"{R}/check-runs/{run}", "app-token").json()
    asked = hub.post(f"{R}/check-runs/{run}/rerequest", "app-token")
    assert (asked.status_code, asked.json()) == (201, {})
    assert sorted(suites(hub)) == [("accession", "queued", None), ("github-actions", "completed", "success")]
    assert hub.get(f"{R}/check-runs/{run}", "app-token").json() == before
    hub.call("PATCH", f"{R}/check-runs/{beside}", "actions-token", json={"output": output()})
    assert ("accession", "queued", None) in suites(hub), "another app's answer is none"
    if answer == "another run":
        made(hub, conclusion="failure")
        assert ("accession", "completed", "failure") in suites(hub)
    else:
        hub.call("PATCH", f"{R}/check-runs/{run}", "app-token", json={"conclusion": "neutral"})
        assert ("accession", "completed", "success") in suites(hub)


def test_a_rerequest_outlives_the_world(hub):
    hub.world.rerequest(ZOO, made(hub), login="bob")
    again = GitHubWorld(hub.world.state, url=hub.url, clock=hub.clock)
    assert again.check_suite(ZOO, again.check_runs(ZOO, main(hub))[0].id) == ("queued", None)
    again.close()


def test_another_apps_run_and_a_personal_token_are_refused_a_rerequest(hub):
    run = made(hub)
    assert hub.post(f"{R}/check-runs/{run}/rerequest", "actions-token").status_code == 403
    assert hub.post(f"{R}/check-runs/{run}/rerequest").status_code == 403
    assert hub.post(f"{R}/check-runs/7/rerequest", "app-token").status_code == 404
    assert suites(hub) == [("accession", "completed", "success")]


def test_people_with_write_access_have_the_button(hub):
    run = made(hub)
    with pytest.raises(ApiError):
        hub.world.rerequest(ZOO, run, login="alice")
    with pytest.raises(LookupError):
        hub.world.rerequest(ZOO, 7, login="bob")
    hub.world.rerequest(ZOO, run, login="bob", whole=True)
    assert suites(hub) == [("accession", "queued", None)]


def test_a_completed_run_needs_a_conclusion_and_an_output_its_title(hub):
    for body in ({"status": "completed"}, {"output": {"summary": "s"}}, {"conclusion": "perhaps"}):
        assert hub.post(f"{R}/check-runs", "app-token", name="c", head_sha=main(hub), **body).status_code == 422
    assert hub.post(f"{R}/check-runs", "app-token", name="c", head_sha="0" * 40).status_code == 422


def test_an_annotation_needs_its_parts(hub):
    broken = {name: value for name, value in NOTE.items() if name != "message"}
    body = output() | {"annotations": [broken]}
    assert hub.post(f"{R}/check-runs", "app-token", name="c", head_sha=main(hub), output=body).status_code == 422


def test_statuses_combine_to_the_worst(hub):
    commit = hub.repo().get_commit("main")
    assert commit.get_combined_status().state == "pending"
    commit.create_status("pending", context="a")
    commit.create_status("success", "https://example.org/report", "fine", "a")
    assert commit.get_combined_status().state == "success"
    commit.create_status("failure", context="b")
    assert commit.get_combined_status().state == "failure"
    assert [status.context for status in commit.get_statuses()] == ["b", "a", "a"]
    assert [status.state for status in hub.world.statuses(ZOO, commit.sha)] == ["pending", "success", "failure"]


def test_a_context_takes_a_thousand_statuses(hub):
    path = f"{R}/statuses/{main(hub)}"
    with hub.world.transaction():
        for _ in range(1000):
            hub.world.add_status(ZOO, main(hub), "full", "pending", login="bob")
    assert hub.post(path, state="success", context="full").status_code == 422
    assert hub.post(path, state="success", context="other").status_code == 201


def test_actions_events_start_no_workflows(hub):
    number = hub.submission()
    hub.post(f"{R}/issues/{number}/comments", "actions-token", body="done")
    assert hub.world.events[-1].event == "issue_comment"
    assert not hub.world.events[-1].started_workflows
    hub.post(f"{R}/issues/{number}/comments", body="done")
    assert hub.world.events[-1].started_workflows
    hub.post(f"{R}/dispatches", "actions-token", event_type="check")
    assert hub.world.events[-1].started_workflows
