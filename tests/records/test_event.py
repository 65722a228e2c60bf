"""Subjects and hints are written and read back; anything else names nothing."""

from __future__ import annotations

import pytest

from bot.records.event import (
    CHORES,
    ChoreSubject,
    CollectionSubject,
    Hint,
    PullSubject,
    RecordSubject,
    hint_of,
    subject_of,
)

SUBJECTS = (PullSubject(12), RecordSubject("5764893"), CollectionSubject(), *map(ChoreSubject, CHORES))


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_a_subject_is_read_back(subject):
    assert subject_of(str(subject)) == subject


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pull",
        "pull ",
        "pull x",
        "pull -1",
        "pull 1 2",
        "record \u0661",
        "record " + "1" * 21,
        "chore cook",
        "collection 1",
    ],
)
def test_anything_else_names_no_subject(text):
    with pytest.raises(ValueError, match="names no subject"):
        subject_of(text)


def test_a_hint_is_read_back_and_an_empty_one_says_nothing():
    hint = Hint(head="a" * 40, comment=7, review=9, run=8, asked=True)
    assert hint_of(hint.as_json()) == hint
    assert Hint().as_json() == {}
    assert not Hint()


@pytest.mark.parametrize("data", [None, [], "x", {"head": 1, "comment": "7", "review": True, "run": "8", "asked": 1}])
def test_what_is_no_hint_is_empty(data):
    assert hint_of(data) == Hint()
