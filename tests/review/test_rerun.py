"""GitHub's "Re-run": one more check and one more mark for each press, whatever happens in between. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.records import decision as do
from bot.records.facts import Command
from bot.records.stage import Stage
from bot.review.decision import MOST_ATTEMPTS, decide_pull
from tests.fakes.facts import KEY, MARK, approved, checked, facts
from tests.review.simulation import Sim, after


def names(actions):
    return [type(action).__name__ for action in actions]


def pressed(outcome="passed"):
    """Checked, reported, marked and told; then somebody presses the button."""
    sim = Sim(facts(), {KEY: outcome})
    assert sim.settle()
    sim.checks = 0
    sim.later()
    sim.press()
    return sim


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_a_press_is_one_check_then_one_report_and_one_mark(outcome):
    sim = pressed(outcome)
    assert decide_pull(sim.seen) == (do.RunChecks(rerun=MARK),)
    sim.step(decide_pull(sim.seen))
    actions = decide_pull(sim.seen)
    assert names(actions) == ["PostReport", "MarkCommit", "Wait"]
    assert actions[0].told == ()
    sim.step(actions)
    assert names(decide_pull(sim.seen)) == ["Wait"]
    assert (sim.checks, len(sim.seen.marks)) == (1, 2)


def test_pressed_twice_is_done_twice():
    sim = pressed()
    assert sim.settle()
    sim.press()
    assert decide_pull(sim.seen) == (do.RunChecks(rerun=MARK + 1),)
    assert sim.settle()
    assert (sim.checks, len(sim.seen.marks)) == (2, 3)


def test_what_nobody_pressed_stays():
    sim = pressed()
    assert names(decide_pull(replace(sim.seen, rerun=0))) == ["Wait"]


def test_another_verdict_moves_the_pull_request_and_tells_people():
    sim = pressed("failed")
    sim.truth[KEY] = "passed"
    told = len(sim.told)
    assert sim.settle()
    assert sim.seen.pull.labels == {Stage.AWAITING_REVIEW.value}
    assert len(sim.told) == told + 1


def test_the_same_verdict_tells_nobody_again_and_keeps_the_approvals():
    sim = pressed()
    told, completed = len(sim.told), sim.seen.state.completed_at
    assert sim.settle()
    assert (len(sim.told), sim.seen.state.completed_at) == (told, completed)


def test_it_is_checked_again_before_it_is_merged():
    sim = pressed()
    review = approved(commit=sim.seen.pull.head_sha, submitted_at=after(sim.seen.state.completed_at))
    sim.seen = replace(sim.seen, reviews=(review,))
    assert decide_pull(sim.seen) == (do.RunChecks(rerun=MARK),)
    sim.step(decide_pull(sim.seen))
    assert names(decide_pull(sim.seen)) == ["MarkCommit", "Merge"]
    assert sim.settle()
    assert sim.seen.pull.merged
    assert len(sim.seen.marks) == 2


def test_one_check_answers_a_command_and_a_press():
    sim = pressed()
    sim.seen = replace(sim.seen, commands=(Command(30, "recheck", "curator", may=True),))
    assert decide_pull(sim.seen) == (do.RunChecks(answers=30, rerun=MARK),)
    assert sim.settle()
    assert (sim.checks, len(sim.seen.marks)) == (1, 2)


def test_our_trouble_is_tried_again_afresh_and_marked_once_it_is_over():
    sim = pressed()
    sim.truth[KEY] = "errored"
    assert sim.settle()
    assert (sim.checks, sim.seen.checked.attempts, len(sim.seen.marks)) == (1, 1, 1)
    assert sim.seen.pull.labels == {Stage.CHECKING.value}
    sim.truth[KEY] = "passed"
    sim.later(120)
    assert sim.settle()
    assert (sim.checks, len(sim.seen.marks), sim.seen.rerun) == (2, 2, 0)


def test_an_errored_verdict_is_tried_afresh_as_by_command():
    """Another verdict of this head was marked before: policy or images changed since."""
    sim = pressed()
    spent = checked("errored", attempts=MOST_ATTEMPTS)
    assert decide_pull(replace(sim.seen, checked=spent)) == (do.RunChecks(rerun=MARK),)
    again = checked("errored", attempts=1, retry_at=(sim.seen.now + timedelta(minutes=1)).isoformat(), reran=MARK)
    assert names(decide_pull(replace(sim.seen, checked=again))) == ["PostReport", "SetStage", "Wait"]


def test_with_the_database_the_question_is_lost_and_asked_again_under_its_name():
    sim = pressed()
    sim.step(decide_pull(sim.seen))
    sim.lose_database()
    assert decide_pull(sim.seen) == (do.RunChecks(rerun=MARK),)


def test_after_the_mark_a_lost_database_asks_nothing():
    sim = pressed()
    assert sim.settle()
    sim.lose_database()
    assert names(decide_pull(sim.seen)) == ["Wait"]


def test_what_is_for_human_eyes_is_not_checked_for_a_press():
    sim = pressed()
    assert "RunChecks" not in names(decide_pull(replace(sim.seen, trespass="it has a link.")))


@given(st.lists(st.sampled_from(["look", "early", "late", "lose"]), max_size=8), st.sampled_from(["passed", "failed"]))
@settings(max_examples=200, deadline=None)
def test_killed_anywhere_it_ends_in_exactly_one_more_mark(kinds, outcome):
    sim = pressed("passed")
    sim.truth[KEY] = outcome
    for kind in kinds:
        if kind == "lose":
            sim.lose_database()
        else:
            sim.step(decide_pull(sim.seen), crash_after={"look": None, "early": 0, "late": 1}[kind])
    assert sim.settle()
    assert len(sim.seen.marks) == 2
    assert sim.seen.rerun == 0
