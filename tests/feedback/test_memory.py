"""What the bot remembers after posting: told things only grow, a verdict goes with its content."""

from dataclasses import replace
from datetime import timedelta

from bot.digests import digest
from bot.feedback.memory import next_state
from bot.records.decision import PostReport
from bot.records.stage import Stage
from bot.records.suggestions import offered
from bot.records.verdict import report
from tests.fakes.facts import HEAD, KEY, NOW, OLD_HEAD, checked, facts, state, verdict
from tests.fakes.failing import failing_report
from tests.fakes.workshop import waiting

POST = PostReport(Stage.AWAITING_REVIEW, "Next: one review.", ("mail:a",))
EARLIER = (NOW - timedelta(hours=1)).isoformat()


def test_the_first_report_remembers_the_verdict_and_when_it_was_completed():
    made = next_state(facts(checked=checked(attempts=1, retry_at="soon", answered=4)), POST)
    assert (made.head, made.check_key, made.outcome, made.completed_at) == (HEAD, KEY, "passed", NOW.isoformat())
    assert (made.stage, made.wait, made.told) == ("awaiting review", digest("Next: one review."), ("mail:a",))
    assert (made.excluded, made.mentioned, made.entry_sha) == (("ada",), ("ada",), "e" * 40)
    assert (made.attempts, made.retry_at, made.answered) == (1, "soon", 4)


def test_told_keys_grow_and_the_newest_answered_command_stays():
    made = next_state(facts(checked=checked(answered=3), state=state(told=("x",), answered=9)), POST)
    assert made.told == ("x", "mail:a")
    assert made.answered == 9


def test_the_same_verdict_on_the_same_head_keeps_its_time_so_that_approvals_keep_counting():
    made = next_state(facts(checked=checked(), state=state(completed_at=EARLIER)), POST)
    assert made.completed_at == EARLIER


def test_another_verdict_another_content_or_another_head_is_completed_now():
    for before in (state(outcome="failed"), state(content_hash="9" * 64), state(head=OLD_HEAD), state(completed_at="")):
        assert next_state(facts(checked=checked(), state=before), POST).completed_at == NOW.isoformat()


def test_without_the_evidence_the_verdict_is_carried():
    made = next_state(facts(state=state(completed_at=EARLIER, attempts=2)), POST)
    assert (made.outcome, made.content_hash, made.completed_at) == ("passed", verdict().content_hash, EARLIER)
    assert (made.stage, made.told, made.attempts) == ("awaiting review", ("mail:a",), 2)


def test_without_the_evidence_a_new_head_of_the_same_content_is_completed_now():
    made = next_state(facts(state=state(head=OLD_HEAD, completed_at=EARLIER)), POST)
    assert (made.head, made.completed_at) == (HEAD, NOW.isoformat())


def test_a_verdict_on_other_content_is_not_carried():
    made = next_state(facts(state=state(check_key="0" * 64, attempts=2, retry_at="x", told=("t",), answered=5)), POST)
    assert (made.check_key, made.outcome, made.content_hash, made.completed_at) == (KEY, "", "", "")
    assert (made.attempts, made.retry_at, made.answered) == (0, "", 5)
    assert made.told == ("t", "mail:a")


def test_with_nothing_before_and_nothing_checked_no_verdict_is_claimed():
    made = next_state(facts(), PostReport(Stage.BLOCKED, "For human eyes."))
    assert (made.outcome, made.completed_at, made.stage) == ("", "", "blocked")


# what the numbers of the suggestions mean


FAILED = checked("failed")
MEANING = offered(FAILED.report)


def test_what_the_numbers_mean_is_remembered():
    made = next_state(facts(checked=FAILED), POST)
    assert (made.offered, made.suggested) == (MEANING, True)


def test_without_suggestions_there_are_no_numbers_but_threads_may_stand():
    made = next_state(facts(checked=checked(), state=state(offered=MEANING, suggested=True)), POST)
    assert (made.offered, made.suggested) == ("", True)
    assert not next_state(facts(checked=checked(), state=state()), POST).suggested


def test_without_the_evidence_the_numbers_are_carried_with_their_content_only():
    before = state(offered=MEANING, suggested=True)
    same = next_state(facts(state=before), POST)
    assert (same.offered, same.suggested) == (MEANING, True)
    other = next_state(facts(state=replace(before, check_key="0" * 64)), POST)
    assert (other.offered, other.suggested) == ("", True)


def test_a_word_to_build_stays_with_whatever_is_posted():
    before = state(build="9" * 64)
    for seen in (
        facts(checked=checked(), state=before),
        facts(state=before),
        facts(state=replace(before, check_key="0" * 64)),
    ):
        assert next_state(seen, POST).build == "9" * 64


def test_what_waits_is_remembered_and_forgotten_with_the_report():
    waits = checked(report=report(waiting("d" * 64)))
    assert next_state(facts(checked=waits), POST).awaits == "all"
    assert next_state(facts(checked=checked(), state=state(awaits="all")), POST).awaits == ""


# which evidence the report shows


def test_evidence_that_is_due_is_remembered_so_that_it_is_not_forgotten():
    failing = checked("failed", report=failing_report())
    assert next_state(facts(checked=failing), POST).evidence == "due"
    assert next_state(facts(checked=FAILED), POST).evidence == ""


def test_without_the_report_it_is_carried_with_its_content_only():
    before = state(evidence="due")
    assert next_state(facts(state=before), POST).evidence == "due"
    assert next_state(facts(state=replace(before, check_key="0" * 64)), POST).evidence == ""
