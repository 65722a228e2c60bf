"""A model with dependencies of its own on the road: it waits for a maintainer's word, is tested, and is merged."""

from __future__ import annotations

import pytest

from bot.errors import UnknownOutcomeError
from bot.words import building as words
from tests.journeys.conftest import REPOSITORY, Little, rdf
from tests.journeys.kills import KilledError, Killer
from tests.journeys.test_suggestions import answers, path_of, say

OK = "/accession ok-to-build"


@pytest.fixture
def reported(little: Little) -> tuple[Little, int]:
    """Proposed, checked and reported: its only weights wait."""
    little.publish({"rdf.yaml": rdf("waits")})
    little.go(little.start())
    little.later()
    return little, little.github.pulls(REPOSITORY)[0].number


def labels(little: Little, number: int) -> set[str]:
    return set(little.github.pull(REPOSITORY, number).labels)


def test_a_maintainers_word_has_the_weights_tested_and_the_model_merged(reported: tuple[Little, int]) -> None:
    little, number = reported
    assert labels(little, number) == {"blocked"}
    assert OK in little.report(number)
    assert "torch==1.9\nsix" in little.report(number)
    say(little, number, OK, "curator")
    little.go(little.start())
    assert labels(little, number) == {"awaiting review"}
    assert little.workshop.builds[0] == ""
    assert little.workshop.builds[-1] != ""
    (answer,) = answers(little, number)
    assert words.reply_allowed() in answer
    little.approve(number)
    little.go(little.start())
    assert little.github.pull(REPOSITORY, number).merged


def test_the_word_outlives_the_local_database(reported: tuple[Little, int]) -> None:
    little, number = reported
    say(little, number, OK, "curator")
    little.go(little.start())
    little.lose_database()
    little.go(little.start())
    assert labels(little, number) == {"awaiting review"}
    assert len(answers(little, number)) == 1
    assert set(little.workshop.builds[1:]) == {little.workshop.builds[1]}


@pytest.mark.parametrize("login", ["mallory", "ada"])
def test_strangers_and_the_models_own_maintainers_may_not(reported: tuple[Little, int], login: str) -> None:
    little, number = reported
    say(little, number, OK, login)
    little.go(little.start())
    assert labels(little, number) == {"blocked"}
    assert set(little.workshop.builds) == {""}
    (answer,) = answers(little, number)
    assert f"`{login}` may not ask for it, the collection's people may." in answer


def test_a_person_of_the_policy_without_write_access_may_not(reported: tuple[Little, int]) -> None:
    little, number = reported
    little.github.add_collaborator(REPOSITORY, "curator", "read")
    say(little, number, OK, "curator")
    desk = little.start()
    for _ in range(2):
        little.go(desk)
    assert set(little.workshop.builds) == {""}
    (answer,) = answers(little, number)
    assert words.reply_no_role("curator") in answer


def test_a_word_before_the_report_does_not_count(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("waits")})
    little.workshop.refuse_checks = 1
    desk = little.start()
    little.go(desk)
    number = little.github.pulls(REPOSITORY)[0].number
    say(little, number, OK, "curator")
    little.later(3600)
    little.go(desk)
    assert words.reply_early() in answers(little, number)[0]
    assert set(little.workshop.builds) == {""}
    assert labels(little, number) == {"blocked"}


def test_new_content_needs_a_new_word(reported: tuple[Little, int]) -> None:
    little, number = reported
    say(little, number, OK, "curator")
    desk = little.start()
    little.go(desk)
    head = little.github.pull(REPOSITORY, number).head_ref
    files = {path_of(little, number): rdf("waits", extra="timestamp: 2024\n")}
    little.github.commit_files(REPOSITORY, head, files, message="x", author="curator")
    little.go(desk)
    assert labels(little, number) == {"blocked"}
    little.later()
    say(little, number, OK, "curator")
    little.go(desk)
    assert labels(little, number) == {"awaiting review"}
    assert len(set(little.workshop.builds)) == 3


@pytest.mark.parametrize("mode", ["before", "after", "answer lost"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_killed_at_any_write_it_is_allowed_once(reported: tuple[Little, int], at: int, mode: str) -> None:
    little, number = reported
    say(little, number, OK, "curator")
    try:
        little.go(Killer(at, mode).arm(little.start()))
    except (KilledError, UnknownOutcomeError):
        little.lose_database()
    desk = little.start()
    for _ in range(2):
        little.go(desk)
    assert labels(little, number) == {"awaiting review"}
    assert len(answers(little, number)) == 1
    assert len(set(little.workshop.builds)) == 2
