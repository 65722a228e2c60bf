"""Whether a look is as new as the event that led to it, and two events looked at together."""

from dataclasses import replace

import pytest

from bot.intake.hint import shown
from bot.records.event import Hint, merged
from tests.fakes.facts import HEAD, MARK, OLD_HEAD, approved, facts, our_mark

SEEN = replace(
    facts(), commits=frozenset({OLD_HEAD, HEAD}), newest_comment=50, reviews=(approved(id=8), approved(id=30))
)


@pytest.mark.parametrize(
    "hint",
    [
        Hint(),
        Hint(asked=True),
        Hint(head=HEAD),
        Hint(head=OLD_HEAD),
        Hint(comment=50),
        Hint(comment=49),
        Hint(review=30),
        Hint(review=9),
        Hint(head=HEAD, comment=50, review=30),
    ],
)
def test_shown(hint):
    assert shown(hint, SEEN)


@pytest.mark.parametrize(
    "hint", [Hint(head="f" * 40), Hint(comment=51), Hint(review=31), Hint(head=HEAD, comment=50, review=31)]
)
def test_not_shown_yet(hint):
    assert not shown(hint, SEEN)


@pytest.mark.parametrize(
    ("run", "rerun", "ids", "seen"),
    [
        (MARK, MARK, (MARK,), True),  # the button was pressed, and nobody answered yet
        (MARK, 0, (MARK, MARK + 1), True),  # answered by a newer run
        (MARK, 0, (MARK,), False),
        (MARK, 0, (), False),
        (MARK + 1, MARK, (MARK,), False),
    ],
)
def test_a_check_run_that_is_wanted_again_is_shown_as_such_or_by_a_newer_one(run, rerun, ids, seen):
    marks = tuple(replace(our_mark(), id=number) for number in ids)
    assert shown(Hint(run=run), replace(SEEN, rerun=rerun, marks=marks)) is seen


def test_without_commits_listed_the_head_counts():
    assert shown(Hint(head=HEAD), facts())


def test_nothing_was_said_yet():
    assert not shown(Hint(comment=1), facts(newest_comment=0))


def test_two_events_together():
    older = Hint(head="a", comment=9, review=1, run=5, asked=True)
    newer = Hint(head="b", comment=3, review=2, run=4)
    assert merged(older, newer) == Hint(head="b", comment=9, review=2, run=5, asked=True)
    assert merged(older, Hint()) == older
    assert merged(Hint(), older) == older
