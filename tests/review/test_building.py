"""What becomes of `/accession ok-to-build`: every branch, each command answered once, and nothing but this content allowed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.records import decision as do
from bot.records.facts import Command, Content
from bot.records.stage import Stage
from bot.records.verdict import report
from bot.review.building import build_due
from bot.review.decision import decide_pull
from bot.review.replies import followed_key
from bot.words import building as words
from bot.words import sentences
from tests.fakes.facts import (
    HEAD,
    KEY,
    NOW,
    OLD_HEAD,
    checked,
    comment,
    facts,
    our_mark,
    pull,
    state,
    verdict,
)  # fmt: skip
from tests.fakes.failing import failing_report
from tests.fakes.workshop import waiting
from tests.review.simulation import Sim

CONTENT = "d" * 64
WAITS = report(waiting(CONTENT))
BESIDE = report(waiting(CONTENT, "waits beside"))


def command(number=30, at=NOW, **changes):
    return replace(Command(number, "ok-to-build", "curator", may=True, at=at), **changes)


def waits(*commands, **changes):
    """A report stands there since an hour: the weights wait for an image, and nothing else is wrong."""
    made = facts(
        state=state(outcome="failed", stage="blocked", awaits="all"), comment=comment(), intact=True,
        checked=checked(report=WAITS), marks=(our_mark(),), commands=commands or (command(),),
    )  # fmt: skip
    return replace(made, **changes)


def said(seen):
    (reply,) = build_due(seen)
    assert reply.key == followed_key(30)
    return reply.text


def test_it_allows_the_content_that_was_reported_on():
    assert build_due(waits()) == (do.AllowBuild(command(), CONTENT),)
    assert decide_pull(waits())[-1] == do.AllowBuild(command(), CONTENT)


def test_the_signed_state_is_enough_without_the_report_at_hand():
    assert build_due(waits(checked=None)) == (do.AllowBuild(command(), CONTENT),)


@pytest.mark.parametrize("changes", [{"trespass": "it has a link."}, {"place": None}, {"content": Content(None, None)}])
def test_what_is_for_human_eyes_is_left_alone(changes):
    assert said(waits(**changes)) == words.reply_human()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": None},
        {"pull": pull(head_sha=OLD_HEAD)},
        {"check_key": "0" * 64},
        {"state": state(outcome="errored", completed_at="", awaits="some")},
        {"commands": (command(at=NOW - timedelta(hours=1)),)},
        {"commands": (command(at=NOW - timedelta(hours=2)),)},
        {"commands": (command(at=None),)},
    ],
    ids=["no report", "head moved", "other content", "errored", "same moment", "given before", "no time"],
)
def test_a_word_before_the_report_or_on_other_content_does_not_count(changes):
    assert said(waits(**changes)) == words.reply_early()


def test_where_nothing_waits_nothing_is_allowed():
    assert said(waits(state=state())) == words.reply_nothing()


def test_what_is_allowed_already_is_said_once():
    allowed = waits(state=state(awaits="all", build=CONTENT), check_key="0" * 64)
    assert said(allowed) == words.reply_allowed()
    assert build_due(replace(allowed, nudged=frozenset({followed_key(30)}))) == ()


def test_a_word_for_other_content_is_no_word_for_this():
    assert build_due(waits(state=state(awaits="all", build="9" * 64))) == (do.AllowBuild(command(), CONTENT),)


def test_an_altered_report_is_written_again_before_anybody_signs_below_it():
    seen = waits(intact=False)
    assert build_due(seen) == ()
    assert isinstance(decide_pull(seen)[0], do.PostReport)


def test_who_may_not_is_told_so_and_nothing_is_allowed():
    first, *rest = decide_pull(waits(command(may=False, by="mallory")))
    assert first == do.Reply("command-30", sentences.reply_may_not("mallory", "ok-to-build"))
    assert not [action for action in rest if isinstance(action, do.AllowBuild)]


def test_the_first_that_allows_comes_last_and_the_others_are_answered_afterwards():
    seen = waits(command(30, at=NOW - timedelta(hours=3)), command(31), command(32))
    early, allow = build_due(seen)
    assert (early.text, allow.command.comment) == (words.reply_early(), 31)


def test_weights_that_wait_are_nobodys_mistake():
    sim = Sim(waits(replace(command(), name="recheck", comment=0), state=None, comment=None, marks=()))
    assert sim.settle()
    assert sim.seen.pull.labels == {Stage.BLOCKED.value}
    assert sim.told == {f"mail:blocked:{KEY[:12]}"}
    assert sim.seen.state.awaits == "all"
    sim.lose_database()
    assert sim.settle()
    assert sim.checks == 0
    assert sim.seen.pull.labels == {Stage.BLOCKED.value}


def test_beside_weights_that_pass_the_review_goes_on():
    sim = Sim(
        waits(replace(command(), name="recheck", comment=0), state=None, comment=None, checked=checked(report=BESIDE))
    )
    assert sim.settle()
    assert sim.seen.pull.labels == {Stage.AWAITING_REVIEW.value}
    assert sim.seen.state.awaits == "some"


@pytest.mark.parametrize("crash_after", [0, 1, 2, None])
def test_the_verdict_is_made_anew_and_the_word_is_remembered(crash_after):
    sim = Sim(waits())
    sim.step(decide_pull(sim.seen), crash_after=crash_after)
    assert sim.settle()
    assert sim.seen.state.build == CONTENT
    assert sim.checks == 1
    assert sim.seen.pull.labels == {Stage.AWAITING_REVIEW.value}
    assert followed_key(30) in sim.seen.nudged
    assert sim.seen.pull.head_sha == HEAD


def test_which_reports_wait():
    assert (WAITS.awaits_build, BESIDE.awaits_build) == ("all", "some")
    assert (verdict("passed").awaits_build, verdict("failed").awaits_build) == ("", "")
    also_wrong = replace(verdict("failed"), weights=WAITS.weights)
    assert also_wrong.awaits_build == "some"


def test_what_fails_beyond_the_three_answers_does_not_only_wait():
    (waits_too,), fails = WAITS.weights, failing_report()
    checks = next(weights.checks for weights in fails.weights if weights.troubled)
    assert replace(WAITS, weights=(replace(waits_too, checks=checks),)).awaits_build == "some"
    assert replace(WAITS, comparisons=fails.comparisons).awaits_build == "some"
