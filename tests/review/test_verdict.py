"""Which approvals count: each reason why one does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.records.github import User
from bot.review.verdict import approvals
from tests.fakes.facts import (
    CURATOR,
    HEAD,
    NOW,
    OLD_HEAD,
    SECOND,
    STRANGER,
    approved,
    checked,
    facts,
    pull,
    standing,
    state,
)

TOO_EARLY = "approved before the check of this state was completed"
PART = "has a part in this submission (uploader, author, maintainer, packager or committer)"


def judged(*reviews, **changes):
    return approvals(replace(standing(), reviews=reviews, **changes))


def test_an_approval_of_the_checked_head_after_the_check_by_somebody_of_the_policy_counts():
    found = judged(approved())
    assert (found.by, found.against, found.refused) == (("curator",), (), {})


def test_nobody_said_anything():
    assert judged().by == ()


def test_all_who_count_are_named_in_order():
    assert judged(approved(SECOND), approved()).by == ("curator", "second")


REFUSED = {
    "a stranger": (approved(STRANGER), {}, "is not among the people that the collection's policy names"),
    "somebody who took over a login": (
        approved(User(99, "curator")), {}, "is not among the people that the collection's policy names"
    ),
    "an older head": (approved(commit=OLD_HEAD), {}, "approved an earlier state of the pull request"),
    "before the check was completed": (approved(submitted_at=NOW - timedelta(hours=2)), {}, TOO_EARLY),
    "in the very moment": (approved(submitted_at=datetime.fromisoformat(state().completed_at)), {}, TOO_EARLY),
    "moved to the new head by GitHub": (
        approved(commit=HEAD, submitted_at=NOW - timedelta(hours=2)), {"pull": pull(head_sha=HEAD)}, TOO_EARLY
    ),
    "no report yet": (approved(), {"state": None}, TOO_EARLY),
    "a report on another head": (approved(), {"state": state(head=OLD_HEAD)}, TOO_EARLY),
    "a report without verdict": (approved(), {"state": state(completed_at="")}, TOO_EARLY),
    "a report that said something else": (approved(), {"state": state(outcome="failed")}, TOO_EARLY),
    "a report on other remote bytes": (approved(), {"state": state(content_hash="8" * 64)}, TOO_EARLY),
    "an author, maintainer or packager": (approved(), {"state": state(excluded=("curator",))}, PART),
    "the same in other letters": (approved(User(1, "CuraTor")), {"state": state(excluded=("curator",))}, PART),
    "a committer": (approved(), {"committers": frozenset({"CURATOR"})}, PART),
    "whoever opened it": (approved(), {"own": False, "pull": pull(author=CURATOR)}, PART),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_approval_does_not_count_by(case):
    review, changes, reason = REFUSED[case]
    found = judged(review, **changes)
    assert (found.by, found.refused) == ((), {review.author.login: reason})


def test_the_bot_own_pull_request_excludes_nobody_as_its_author():
    assert judged(approved(), pull=pull(author=CURATOR)).by == ("curator",)


def test_the_numeric_id_decides_whatever_the_login_is_now():
    assert judged(approved(User(1, "renamed"))).by == ("renamed",)


def test_the_latest_review_of_a_person_wins():
    first, second = approved(id=1), approved(id=2, state="CHANGES_REQUESTED", submitted_at=NOW)
    assert judged(first, second).against == judged(second, first).against == ("curator",)
    assert judged(first, second).by == ()
    third = approved(id=3, submitted_at=NOW + timedelta(minutes=1))
    assert judged(third, first, second).by == ("curator",)


def test_in_the_same_second_the_later_id_wins():
    asked = approved(id=1, state="CHANGES_REQUESTED")
    assert judged(approved(id=2), asked).by == ("curator",)
    assert judged(approved(id=1), replace(asked, id=2)).against == ("curator",)


def test_a_comment_takes_no_side_and_a_dismissal_takes_the_approval_away():
    comment = approved(id=2, state="COMMENTED", submitted_at=NOW)
    assert judged(approved(id=1), comment).by == ("curator",)
    found = judged(approved(id=1), replace(comment, state="DISMISSED"))
    assert (found.by, found.refused) == ((), {})


def test_changes_asked_for_by_a_stranger_do_not_block():
    assert judged(approved(STRANGER, state="CHANGES_REQUESTED"), approved()).against == ()


def test_changes_asked_for_on_an_older_head_still_block_until_taken_back():
    assert judged(approved(state="CHANGES_REQUESTED", commit=OLD_HEAD)).against == ("curator",)


def test_without_the_check_at_hand_the_signed_state_is_enough():
    assert judged(approved(), checked=None).by == ("curator",)
    assert approvals(facts(reviews=(approved(),), checked=checked())).by == ()
