"""GitHub's "Re-run" at our check run: one more check run for each press, and the suite is not left queued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.corridor.observe_pull import MOST_MARKS, observe_pull
from bot.records.event import ChoreSubject, Hint
from tests.journeys.conftest import REPOSITORY, Little, rdf
from tests.journeys.kills import MODES, KilledError, Killer
from tests.journeys.test_webhooks import service_at
from tests.world.github import ApiError

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from tests.world.github import CheckRun

APP = {"token": "ghs_apptoken", "bot_login": "accession[bot]"}
ACTIONS = {"token": "ghs_actionstoken", "bot_login": "github-actions[bot]"}
WRITES = 5
"""Of a press that ends otherwise: report, threads, mail, label, check run; `test_the_count_is_true` keeps it so."""


@pytest.fixture
def app(little: Little) -> Little:
    """As a GitHub App."""
    little.github.add_user("accession[bot]", type="Bot")
    little.github.add_token(APP["bot_login"], APP["token"], kind="app")
    return little


def runs(little: Little) -> list[CheckRun]:
    (pull,) = little.github.pulls(REPOSITORY)
    return little.github.check_runs(REPOSITORY, pull.head_sha)


def suite(little: Little) -> tuple[str, str | None]:
    return little.github.check_suite(REPOSITORY, runs(little)[-1].id)


def press(little: Little, *, whole: bool = False) -> None:
    little.later()
    little.github.rerequest(REPOSITORY, runs(little)[-1].id, login="curator", whole=whole)
    assert suite(little) == ("queued", None)


def asked_for_suites(little: Little) -> int:
    return sum("/check-suites" in request.path for request in little.github.requests)


def checked(little: Little, desk: Desk, verdict: str = "passed") -> None:
    little.publish({"rdf.yaml": rdf(verdict)})
    little.go(desk)
    assert len(runs(little)) == 1
    assert suite(little)[0] == "completed"


def otherwise(little: Little, verdict: str) -> list[str]:
    """The next checks find this; which questions they are."""
    asked: list[str] = []
    check = little.workshop.check

    def spoiled(job: dict[str, Any]) -> dict[str, Any]:
        asked.append(job.get("attempt", ""))
        return check(job) | {"outcome": verdict, "findings": []}

    little.workshop.check = spoiled  # type: ignore[method-assign]
    return asked


@pytest.mark.parametrize("whole", [False, True], ids=["this check", "all checks"])
@pytest.mark.parametrize(("verdict", "conclusion"), [("passed", "success"), ("failed", "failure")])
def test_its_event_alone_makes_one_more_check_run(app: Little, verdict: str, conclusion: str, *, whole: bool) -> None:
    with service_at(app, app.start(**APP)) as service:
        service.notice(app.publish({"rdf.yaml": rdf(verdict)}))
        service.settle()
        assert suite(app) == ("completed", conclusion)
        checks, comments = app.workshop.checks, len(app.github.comments(REPOSITORY, 1))
        press(app, whole=whole)
        assert service.settle()[0] == "pull 1"
        assert app.workshop.checks == checks + 1
        assert [run.conclusion for run in runs(app)] == [conclusion] * 2
        assert suite(app) == ("completed", conclusion)
        assert len(app.github.comments(REPOSITORY, 1)) == comments
        assert app.report(1)
        press(app, whole=whole)
        service.settle()
        assert (app.workshop.checks, len(runs(app))) == (checks + 2, 3), "pressed again, done again"
        service.settle()
        assert len(runs(app)) == 3


def test_a_pull_request_from_a_fork_is_found_by_its_commit(app: Little) -> None:
    """GitHub's event names no pull request then, and no listing shows that something happened."""
    with service_at(app, app.start(**APP)) as service:
        fork = app.github.fork(REPOSITORY, "mallory")
        app.github.commit_files(fork, "mine", {"collection/entries/my-model/1/rdf.yaml": rdf()}, author="mallory")
        app.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="Mine")
        service.settle()
        assert len(runs(app)) == 1
        app.later(60)
        service.engine.tell(ChoreSubject("sweep"))
        service.settle()
        press(app)
        assert service.settle()[:2] == ["chore sweep", "pull 1"]
        assert (suite(app), len(runs(app))) == (("completed", "success"), 2)
        service.engine.tell(ChoreSubject("sweep"), Hint(head="0" * 40))
        assert "pull 1" not in service.settle(), "another commit is another's"


def test_who_may_not_write_has_no_button(app: Little) -> None:
    checked(app, app.start(**APP))
    with pytest.raises(ApiError):
        app.github.rerequest(REPOSITORY, runs(app)[0].id, login="mallory")


def test_another_verdict_is_reported_in_the_one_comment(app: Little) -> None:
    desk = app.start(**APP)
    checked(app, desk)
    otherwise(app, "failed")
    press(app)
    app.go(desk)
    assert [run.conclusion for run in runs(app)] == ["success", "failure"]
    assert app.github.labels(REPOSITORY, 1) == ("needs changes",)
    assert "All checks passed" not in app.report(1)
    assert suite(app) == ("completed", "failure")


def test_where_the_trouble_is_ours_the_suite_waits_with_us(app: Little) -> None:
    desk = app.start(**APP)
    checked(app, desk)
    press(app)
    app.workshop.broken = 1
    app.go(desk)
    assert app.github.labels(REPOSITORY, 1) == ("checking",)
    assert (suite(app), len(runs(app))) == (("queued", None), 1)
    app.later(120)
    app.go(desk)
    assert app.workshop.checks == 3, "the press was answered by the one that failed; this is its second try"
    assert (suite(app), len(runs(app))) == (("completed", "success"), 2)
    assert app.github.labels(REPOSITORY, 1) == ("awaiting review",)


def test_a_suite_that_stays_queued_costs_few_checks(app: Little) -> None:
    """GitHub would have to do otherwise than it says; then this must end, and the pull request goes on."""
    desk = app.start(**APP)
    checked(app, desk)
    app.github.faults.stuck_suites = True
    press(app)
    for _ in range(4):
        app.go(desk)
    assert len(runs(app)) == MOST_MARKS + 1
    checks = app.workshop.checks
    app.approve(1)
    app.go(desk)
    assert app.github.pulls(REPOSITORY)[0].merged
    assert app.workshop.checks == checks


def drive(little: Little, killer: Killer, *, lose: bool) -> list[str]:
    """A press whose check ends otherwise than the first one; the questions that were asked."""
    checked(little, little.start(**APP), "failed")
    asked = otherwise(little, "passed")
    press(little)
    desk, quiet = killer.arm(little.start(**APP)), 0
    while quiet < 2:
        before = killer.count
        try:
            little.go(desk)
        except KilledError:
            if lose:
                little.lose_database()
            desk, quiet = killer.arm(little.start(**APP)), 0
            continue
        quiet = quiet + 1 if killer.count == before else 0
    return asked


def test_the_count_is_true(app: Little) -> None:
    killer = Killer(0, "before")
    drive(app, killer, lose=False)
    assert killer.count == WRITES, killer.log


@pytest.mark.parametrize("lose", [False, True], ids=["database kept", "database lost"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_killed_anywhere_it_is_answered_by_exactly_one_check_run(
    app: Little, at: int, mode: str, *, lose: bool
) -> None:
    killer = Killer(at, mode)
    asked = drive(app, killer, lose=lose)
    assert [run.conclusion for run in runs(app)] == ["failure", "success"], f"struck at {killer.log[at - 1]}"
    assert suite(app) == ("completed", "success")
    assert app.github.labels(REPOSITORY, 1) == ("awaiting review",)
    assert "All checks passed" in app.report(1)
    assert len({str(mail["Message-ID"]) for mail in app.mail.messages}) == 1
    assert set(asked) == {f"{10**19 + runs(app)[0].id}.0"}, "the work side answers one question from its shelf"
    assert len(asked) == 1 or lose


def test_a_check_that_dies_is_asked_again_under_its_name(app: Little) -> None:
    desk = app.start(**APP)
    checked(app, desk)
    asked, check = otherwise(app, "failed"), app.workshop.check
    press(app)

    def dies(job: dict[str, Any]) -> dict[str, Any]:
        app.workshop.check = check  # type: ignore[method-assign]
        check(job)
        raise KilledError

    app.workshop.check = dies  # type: ignore[method-assign]
    with pytest.raises(KilledError):
        app.go(desk)
    app.go(app.start(**APP))
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert len(runs(app)) == 2


def test_with_a_personal_token_nothing_is_read(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.go(desk)
    assert little.github.statuses(REPOSITORY, little.github.pull(REPOSITORY, 1).head_sha)
    assert asked_for_suites(little) == 0


def test_in_actions_the_workflow_is_run_again_and_nothing_is_read(little: Little) -> None:
    little.github.add_user(ACTIONS["bot_login"], type="Bot")
    little.github.add_token(ACTIONS["bot_login"], ACTIONS["token"], kind="actions")
    desk = little.start(**ACTIONS)
    checked(little, desk)
    press(little)
    little.go(desk)
    assert len(runs(little)) == 1
    assert asked_for_suites(little) == 0


def test_it_is_asked_of_open_and_marked_pull_requests_alone_and_costs_nothing_where_nothing_changed(
    app: Little,
) -> None:
    desk = app.start(**APP)
    checked(app, desk)
    app.go(desk)
    before = len(app.github.requests)
    app.go(desk)
    (request,) = [r for r in app.github.requests[before:] if "/check-suites" in r.path]
    assert request.status == 304
    first = next(n for n, r in enumerate(app.github.requests) if "/check-suites" in r.path)
    assert any(r.path.endswith("/check-runs") and r.method == "POST" for r in app.github.requests[:first])
    app.approve(1)
    app.go(desk)
    asked = asked_for_suites(app)
    seen = observe_pull(desk, 1)
    assert seen is not None
    assert (seen.pull.merged, len(seen.marks), seen.rerun) == (True, 1, 0)
    assert asked_for_suites(app) == asked
