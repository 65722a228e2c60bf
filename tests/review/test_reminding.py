"""Who is reminded, when, and how often: on facts alone, played through days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records.decision import Close, Remember, Remind, Wait
from bot.records.reminder import Reminder, Spoken
from bot.review.decision import decide_pull
from bot.review.digest import MOST_LINES, digest
from tests.fakes.facts import CURATOR, NOW, POLICY, SECOND, STRANGER, approved, checked, pull
from tests.review.simulation import Sim

DAY = 86_400


def sim(outcome="failed", *, policy=POLICY, **changes):
    made = Sim()
    made.seen = replace(made.seen, policy=policy, **changes)
    made.truth[made.seen.check_key] = outcome
    assert made.settle()
    return made


def days(made, number):
    """So many days pass, with a look on each."""
    for _ in range(number):
        made.later(DAY)
        assert made.settle()
    return [int(key.rpartition("-")[2]) for key in made.reminded]


def says(made, by, *, after=1):
    made.later(after)
    made.seen = replace(made.seen, spoken=(*made.seen.spoken, Spoken(by, made.seen.now)))


def wait(made):
    (found,) = decide_pull(made.seen)
    assert isinstance(found, Wait)
    return found.until


def test_a_contributor_is_reminded_after_a_week_and_three_times_at_most():
    made = sim()
    assert [days(made, 6), days(made, 1)] == [[], [1]]
    assert [days(made, 6), days(made, 1)] == [[1], [1, 2]]
    assert days(made, 60) == [1, 2, 3]
    assert wait(made) is None


def test_the_collections_people_are_reminded_after_three_days():
    made = sim("passed")
    assert [days(made, 2), days(made, 1), days(made, 3)] == [[], [1], [1, 2]]


def test_the_wait_says_when_to_look_again():
    made = sim()
    assert wait(made) == made.seen.now + timedelta(days=7)
    made.later(7 * DAY)
    assert made.settle()
    assert wait(made) == made.seen.now + timedelta(days=7)


def test_one_reminder_stands_at_a_time():
    made = sim()
    days(made, 14)
    (only,) = made.seen.reminders
    assert only.key.endswith("-2")


def test_a_push_begins_anew_and_the_old_reminder_goes():
    made = sim()
    days(made, 14)
    made.head(content="9" * 64)
    made.truth["9" * 64] = "failed"
    assert made.settle()
    assert made.seen.reminders == ()
    assert not any(key.startswith("remind-") for key in made.seen.state.told)
    assert days(made, 7) == [1, 2, 1]


def test_a_reopening_begins_anew():
    made = sim()
    days(made, 7)
    made.pull(state="closed", closed_by=STRANGER)
    assert made.settle()
    made.pull(state="open", closed_by=None)
    assert made.settle()
    assert [days(made, 6), days(made, 1)] == [[1], [1, 1]]


def test_what_the_contributor_says_moves_their_turn_and_not_the_reviewers():
    made = sim()
    days(made, 5)
    says(made, STRANGER.id)
    assert [days(made, 6), days(made, 1)] == [[], [1]]
    made = sim("passed")
    days(made, 2)
    says(made, STRANGER.id)
    assert days(made, 1) == [1]
    made = sim("passed")
    days(made, 2)
    says(made, CURATOR.id)
    assert [days(made, 2), days(made, 1)] == [[], [1]]


@pytest.mark.parametrize("zero", ["contributor_days", "most_reminders"])
def test_zero_is_never(zero):
    made = sim(policy=replace(POLICY, **{zero: 0}))
    assert days(made, 30) == []
    assert wait(made) is None


def test_nobody_is_reminded_while_it_is_checked_or_after_it_ended():
    made = sim("errored")
    made.truth[made.seen.check_key] = "errored"
    made.seen = replace(made.seen, checked=replace(made.seen.checked, attempts=1))
    assert not [a for a in decide_pull(replace(made.seen, now=NOW + timedelta(days=90))) if isinstance(a, Remind)]
    made = sim("passed")
    made.seen = replace(made.seen, reviews=(approved(submitted_at=made.seen.now + timedelta(seconds=5)),))
    made.later(10)
    assert made.settle()
    assert made.seen.pull.merged
    assert days(made, 30) == []


def test_an_ended_pull_request_keeps_no_reminder():
    made = sim("passed")
    days(made, 3)
    assert made.seen.reminders
    made.pull(state="closed", closed_by=CURATOR)
    assert made.settle()
    assert made.seen.reminders == ()


# whom


def reminder(made):
    return next(action for action in decide_pull(made.seen) if isinstance(action, Remind))


def test_who_is_called():
    made = sim()
    made.later(7 * DAY)
    assert (reminder(made).whom, reminder(made).mentions) == ("contributor", ("ada",))
    made = sim("passed")
    made.later(3 * DAY)
    assert (reminder(made).whom, reminder(made).mentions) == ("review", ("curator", "second"))
    made = sim(trespass="it touches `README.md`.")
    made.later(3 * DAY)
    assert (reminder(made).whom, reminder(made).mentions) == ("blocked", ("curator", "second"))


def test_where_no_contributor_can_be_reached_the_people_are_called():
    made = sim()
    made.seen = replace(made.seen, checked=checked("failed", mentions=()), now=NOW + timedelta(days=8))
    assert (reminder(made).whom, reminder(made).mentions) == ("unreachable", ("curator", "second"))


def test_who_opened_it_by_hand_is_a_contributor():
    made = sim(own=False, pull=pull(author=STRANGER))
    made.later(7 * DAY)
    assert reminder(made).mentions == ("stranger", "ada")


def test_who_has_a_part_in_it_is_not_called_for_a_review():
    people = (
        *POLICY.people,
        replace(POLICY.people[0], id=3, login="Ada"),
        replace(POLICY.people[0], id=4, login="no login"),
    )
    made = sim("passed", policy=replace(POLICY, people=people))
    made.later(3 * DAY)
    assert reminder(made).mentions == ("curator", "second")


# killed, lost, doubled


def test_a_crash_after_the_comment_writes_it_down_and_says_nothing_again():
    made = sim()
    made.later(7 * DAY)
    made.step(decide_pull(made.seen), crash_after=1)
    made.lose_database()
    made.later(60)
    first, *_ = decide_pull(made.seen)
    assert isinstance(first, Remember)
    assert first.reminded == made.seen.reminders[0].at
    assert made.settle()
    assert len(made.reminded) == 1


def test_doubles_converge_to_the_lowest():
    made = sim()
    days(made, 7)
    (one,) = made.seen.reminders
    made.seen = replace(made.seen, reminders=(one, Reminder(one.comment + 9, one.key, one.at)))
    assert made.settle()
    assert made.seen.reminders == (one,)


def test_a_reminder_that_a_person_deleted_is_not_posted_again():
    made = sim()
    days(made, 7)
    made.seen = replace(made.seen, reminders=())
    assert days(made, 6) == [1]


def test_a_lost_database_reminds_nobody_twice():
    made = sim()
    days(made, 7)
    made.lose_database()
    assert days(made, 6) == [1]


@given(st.lists(st.tuples(st.integers(-400, 400), st.booleans()), max_size=12))
def test_a_clock_of_ours_that_jumps_neither_bursts_nor_blocks(jumps):
    """Our own clock is anything; what GitHub's says decides."""
    made = sim()
    for ahead, lost in jumps:
        made.seen = replace(
            made.seen,
            at_github=made.seen.today + timedelta(days=1),
            now=made.seen.today + timedelta(days=1 + max(ahead, 0)),
        )
        if lost:
            made.lose_database()
        assert made.settle()
    assert len(made.reminded) == len(set(made.reminded)) == min(3, len(jumps) // 7)


# closing what nobody works on

STALE = replace(POLICY, stale_days=30, contributor_days=10)


def test_after_the_days_it_is_closed_as_withdrawn_and_keeps_its_branch():
    made = sim(policy=STALE)
    days(made, 29)
    assert made.seen.pull.state == "open"
    made.seen = replace(made.seen, branch_left=True)
    days(made, 1)
    assert (made.seen.pull.state, made.seen.pull.labels) == ("closed", frozenset({"withdrawn"}))
    assert made.seen.branch_left
    assert made.seen.reminders == ()
    days(made, 3)
    assert made.seen.pull.labels == {"withdrawn"}


def test_the_last_days_are_told():
    made = sim(policy=STALE)
    made.later(10 * DAY)
    assert reminder(made).closes == (made.seen.now + timedelta(days=20)).date().isoformat()


def test_any_move_puts_it_off_and_a_reminder_does_not():
    made = sim(policy=STALE)
    days(made, 20)
    says(made, SECOND.id, after=0)
    days(made, 29)
    assert made.seen.pull.state == "open"
    days(made, 1)
    assert made.seen.pull.state == "closed"


def test_reopened_it_starts_anew_and_may_be_superseded():
    made = sim(policy=STALE)
    days(made, 30)
    made.pull(state="open", closed_by=None)
    assert made.settle()
    days(made, 29)
    assert made.seen.pull.state == "open"
    made.seen = replace(made.seen, newer=9)
    assert made.settle()
    assert made.seen.pull.labels == {"superseded"}


def test_a_crash_between_the_note_and_the_closing_ends_the_same():
    made = sim(policy=replace(STALE, contributor_days=0))
    made.later(30 * DAY)
    actions = decide_pull(made.seen)
    assert [type(action) for action in actions] == [Remember, Close]
    made.step(actions, crash_after=1)
    made.lose_database()
    assert made.settle()
    assert made.seen.pull.labels == {"withdrawn"}


@pytest.mark.parametrize(("outcome", "changes"), [("passed", {}), ("failed", {"trespass": "it touches more."})])
def test_what_waits_for_the_people_is_never_closed(outcome, changes):
    made = sim(outcome, policy=STALE, **changes)
    days(made, 100)
    assert made.seen.pull.state == "open"


# the daily mail


def row(**changes):
    made = {
        "stage": "awaiting review", "people": True, "since": (NOW - timedelta(days=5)).isoformat(), "reminded": "",
        "until": (NOW + timedelta(days=1)).isoformat(), "name": "brave-otter 1001", "url": "https://x.example/5",
    }  # fmt: skip
    return made | changes


PAST = {"until": (NOW - timedelta(hours=1)).isoformat()}
YESTERDAY, TODAY, TOMORROW = ((NOW + timedelta(days=n)).date().isoformat() for n in (-1, 0, 1))


def test_a_mail_is_due_when_somebody_is_reminded_and_lists_everything():
    assert digest([row(), row()], "", NOW) is None
    found = digest([row(name="b", since=NOW.isoformat()), row(**PAST, name="a"), row(people=False, name="c")], "", NOW)
    assert found.number == 2
    assert [line.partition(":")[0] for line in found.lines] == ["* a", "* b"]


@pytest.mark.parametrize(
    ("reminded", "last", "due"),
    [
        (NOW, "", True),
        (NOW, YESTERDAY, True),
        (NOW, TODAY, False),
        (NOW - timedelta(days=1), "", False),
        (NOW - timedelta(days=1), "2024-04-01", True),
        (NOW, TOMORROW, True),
    ],
)
def test_what_was_reminded_since_the_last_mail_is_told_once(reminded, last, due):
    """A last day that lies ahead was written when our clock was wrong."""
    assert (digest([row(reminded=reminded.isoformat())], last, NOW) is not None) is due


def test_contributors_turns_alone_make_no_mail():
    assert digest([row(**PAST, people=False)], "", NOW) is None


def test_a_long_list_is_cut():
    found = digest([row(**PAST)] * 60, "", NOW)
    assert (found.number, len(found.lines)) == (60, MOST_LINES)
