"""What becomes of `/accession apply`: every branch, and each command is answered once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.records import decision as do
from bot.records.facts import Command, Content
from bot.records.suggestions import Applied, offered
from bot.records.verdict import Suggestion
from bot.review.applying import apply_due
from bot.review.decision import decide_pull
from bot.review.replies import followed_key
from bot.words import applying as words
from tests.fakes.facts import (
    HEAD,
    KEY,
    NOW,
    OLD_HEAD,
    checked,
    comment,
    facts,
    finding,
    our_mark,
    pull,
    state,
    verdict,
)  # fmt: skip
from tests.review.simulation import Sim

SHOWN = NOW - timedelta(minutes=5)
FINDINGS = tuple(finding(n, suggestion=Suggestion(n, n, f"line: {n}")) for n in (1, 2, 3))
REPORT = replace(verdict("failed"), findings=FINDINGS)


def command(text="all", number=30, at=NOW, **changes):
    return replace(Command(number, "apply", "ada", may=True, words=f" {text}", at=at, named=True), **changes)


def offering(*commands, **changes):
    """Three suggestions stand in the report, since five minutes."""
    remembered = state(outcome="failed", stage="needs changes", offered=offered(REPORT), suggested=True)
    made = facts(
        state=remembered, comment=replace(comment(), updated_at=SHOWN), intact=True, checked=checked(report=REPORT), marks=(our_mark(),),
        commands=commands or (command(),),
    )  # fmt: skip
    return replace(made, **changes)


def said(seen):
    (reply,) = apply_due(seen)
    assert reply.key == followed_key(30)
    return reply.text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("all", (1, 2, 3)),
        ("", (1, 2, 3)),
        ("2", (2,)),
        ("3 1", (3, 1)),
        ("1, 2", (1, 2)),
        ("1,2,2, ", (1, 2)),
        ("  all  ", (1, 2, 3)),
    ],
)
def test_the_numbers_asked_for_are_applied(text, numbers):
    asked = command(text)
    assert apply_due(offering(asked)) == (do.Apply(asked, numbers),)


@pytest.mark.parametrize("text", ["please", "1-3", "all of it", "-1", "1 two", "1.5", "99999"])
def test_what_is_neither_numbers_nor_all_is_told_how_to_ask(text):
    assert said(offering(command(text))) == words.reply_usage()


def test_unknown_numbers_are_named_and_nothing_is_applied():
    assert said(offering(command("1 4 0"))) == words.reply_numbers((4, 0), 3)


def test_a_fork_is_not_written_to():
    assert said(offering(local=False)) == words.reply_fork()


@pytest.mark.parametrize("changes", [{"trespass": "it has a link."}, {"place": None}, {"content": Content(None, None)}])
def test_what_is_for_human_eyes_is_left_alone(changes):
    assert said(offering(**changes)) == words.reply_human()


def test_a_report_without_suggestions_has_nothing_to_apply():
    nothing = replace(REPORT, findings=())
    seen = offering(checked=checked(report=nothing), state=state(offered=""))
    assert said(seen) == words.reply_nothing()


@pytest.mark.parametrize(
    "changes",
    [
        {"state": None},
        {"comment": None},
        {"pull": pull(head_sha=OLD_HEAD)},
        {"check_key": "0" * 64},
        {"commands": (command(at=NOW - timedelta(minutes=5)),)},
        {"commands": (command(at=NOW - timedelta(minutes=6)),)},
        {"commands": (command(at=None),)},
        {"checked": checked(report=replace(REPORT, findings=FINDINGS[:2]))},
        {"checked": checked("errored")},
    ],
    ids=[
        "no state", "no report", "head moved", "other content", "same moment", "given before", "no time",
        "other numbers", "errored",
    ],
)  # fmt: skip
def test_numbers_of_another_report_do_not_count(changes):
    assert said(offering(**changes)) == words.reply_outdated()


def test_without_the_report_at_hand_it_is_made_again_first():
    assert apply_due(offering(checked=None)) == (do.RunChecks(),)


def test_an_altered_report_is_written_again_first():
    seen = offering(intact=False)
    assert apply_due(seen) == ()
    assert isinstance(decide_pull(seen)[0], do.PostReport)


def test_a_command_that_a_commit_answers_is_answered_with_its_lines():
    seen = offering(pull=pull(head_sha=OLD_HEAD), applied=(Applied(30, ((4, 4), (1, 2)), (3,)),))
    assert said(seen) == words.reply_applied(((1, 2), (4, 4)), (3,))


def test_also_when_its_author_is_no_maintainer_any_more():
    seen = offering(command(may=False), applied=(Applied(30, ((4, 4),)),))
    assert said(seen) == words.reply_applied(((4, 4),), ())
    assert not [action for action in decide_pull(seen) if isinstance(action, do.Reply) and "may not" in action.text]


@pytest.mark.parametrize("key", [followed_key(30), "command-30"])
def test_an_answered_command_is_answered(key):
    for asked in (command(), command(may=False)):
        seen = offering(asked, nudged=frozenset({key}))
        assert apply_due(seen) == ()
        assert not [action for action in decide_pull(seen) if isinstance(action, do.Reply)]


def test_who_may_not_is_told_so_once_and_nothing_is_applied():
    first, *rest = decide_pull(offering(command(may=False, by="mallory")))
    assert first.key == "command-30"
    assert "`mallory` may not ask for it" in first.text
    assert not [action for action in rest if isinstance(action, do.Apply)]


def test_answers_come_before_the_first_that_asks_for_work_and_the_rest_waits():
    asked = (command("9", 30), command("1", 31), command("2", 32), command("8", 33))
    reply, apply = apply_due(offering(*asked))
    assert (reply.key, apply.command.comment) == (followed_key(30), 31)
    assert decide_pull(offering(*asked))[-1] == apply


def test_it_comes_before_everything_but_the_end_of_the_pull_request():
    assert decide_pull(offering())[-1] == do.Apply(command(), (1, 2, 3))
    assert decide_pull(offering(newer=9)) == (do.Close("superseded"),)
    merged = offering(pull=pull(state="closed", merged=True))
    assert not [action for action in decide_pull(merged) if isinstance(action, do.Apply | do.Reply)]


def test_a_recheck_that_was_asked_for_too_is_made_on_what_was_written():
    sim = Sim(offering(command(), Command(31, "recheck", "ada", may=True)), {KEY: "failed"})
    sim.seen = replace(sim.seen, shown=((1, 9),))
    assert sim.settle()
    assert sim.applied == [30]
    assert sim.seen.state.answered == 31
    assert {followed_key(30)} <= sim.seen.nudged


def test_one_after_the_other_is_applied_to_the_report_it_was_given_for():
    sim = Sim(offering(command("1", 30), command("2", 31)))
    assert sim.settle()
    assert sim.applied == [30]
    assert {followed_key(30), followed_key(31)} <= sim.seen.nudged
    assert sim.seen.pull.head_sha != HEAD
