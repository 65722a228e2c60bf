"""Reminders in the whole little world: comments, the daily mail, closing; killed at every write, and with the database lost."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from bot import pipeline
from bot.corridor import waits
from bot.records.event import ChoreSubject, PullSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.kills import MODES, KilledError, Killer
from tests.journeys.snapshot import snapshot

if TYPE_CHECKING:
    from bot.corridor.desk import Desk

DAY = 86_400
MARKER = re.compile(r"<!-- accession:remind (\S+) -->")


def policy(little: Little, more: str) -> None:
    path = "collection/accession.yaml"
    text = (little.github.file(REPOSITORY, path) or b"") + more.encode()
    little.github.commit_files(REPOSITORY, "main", {path: text}, author="curator")


def daily(desk: Desk) -> list[str]:
    """The chore, and what it leads to; the subjects that were looked at."""
    engine = FakeEngine()
    engine.tell(ChoreSubject("reminders"))
    looks = engine.drain(desk)
    assert not [answer for _, answer in looks if answer.failed], looks
    return [str(subject) for subject, _ in looks]


def reminders(little: Little, number: int) -> list[str]:
    """The reminders that stand on a pull request, as people see them."""
    found = (c.body for c in little.github.comments(REPOSITORY, number) if MARKER.search(c.body))
    return [MARKER.sub("", body).strip() for body in found]


def digests(little: Little) -> list[Any]:
    return [m for m in little.mail.messages if ".digest." in str(m["Message-ID"])]


@pytest.fixture
def two(little: Little) -> Desk:
    """One waits for its contributor, the other for a review."""
    little.publish({"rdf.yaml": rdf("failed")})
    little.publish({"rdf.yaml": rdf("passed", "Another")})
    desk = little.start()
    little.go(desk)
    assert [p.labels for p in little.github.pulls(REPOSITORY)] == [("needs changes",), ("awaiting review",)]
    return desk


def test_who_has_the_turn_is_reminded_when_it_is_time(little: Little, two: Desk) -> None:
    assert daily(two) == ["chore reminders"]
    little.later(3 * DAY)
    before = {c.id: c.body for c in little.github.comments(REPOSITORY, 2)}
    assert daily(two) == ["chore reminders", "pull 2"]
    assert reminders(little, 2) == [
        "@curator This submission waits for a review: the report above says by whom. This is reminder 1 of at most 3."
    ]
    report = next(body for body in before.values() if "accession:report" in body)
    assert little.report(2).partition("<!--")[0] == report.partition("<!--")[0], "the report is not changed"
    assert reminders(little, 1) == []
    little.later(4 * DAY)
    assert daily(two) == ["chore reminders", "pull 1", "pull 2"]
    assert reminders(little, 1) == [
        "@ada This submission waits for you: the report above says what is to be changed. This is reminder 1 of at most 3."
    ]
    (one,) = reminders(little, 2)
    assert "reminder 2 of at most 3" in one, "the older one is gone"


def test_a_look_that_comes_by_itself_reminds_too_and_says_when_the_next_one_is(little: Little, two: Desk) -> None:
    engine = FakeEngine()
    little.later(3 * DAY)
    answer = pipeline.run(two, engine, PullSubject(2))
    assert len(reminders(little, 2)) == 1
    assert answer.until is not None
    assert 3 * DAY - 60 < (answer.until - two.now()).total_seconds() <= 3 * DAY


def test_the_people_get_one_mail_with_everything_that_waits(little: Little, two: Desk) -> None:
    little.publish({"rdf.yaml": rdf("passed", "A third")})
    little.go(two)
    little.later(3 * DAY)
    for _ in range(3):
        daily(two)
    (letter,) = digests(little)
    assert letter["To"] == "curator@zoo.example"
    assert letter["Subject"] == "[accession] 2 submissions waiting for you"
    day = two.now().date().isoformat()
    assert letter["Message-ID"] == f"<zoo.collection.digest.{day}@accession>"
    text = letter.get_content()
    assert text.startswith("Test zoo: this waits for the collection's people.\n\n* ")
    assert text.count(": awaiting review for 3 days\n") == 2
    little.later(DAY)
    daily(two)
    assert len(digests(little)) == 1, "nobody is due on the next day"
    little.later(2 * DAY)
    daily(two)
    assert len({m["Message-ID"] for m in digests(little)}) == 2


def test_a_mail_that_cannot_be_delivered_is_the_same_mail_later(little: Little, two: Desk) -> None:
    little.later(3 * DAY)
    little.mail.reject()
    answer = pipeline.run(two, FakeEngine(), ChoreSubject("reminders"))
    assert answer.status == "settled", "a chore that does what it can is not in trouble"
    assert answer.until is not None
    assert answer.until <= two.clock.now(), "it is tried again at once"
    assert digests(little) == []
    daily(two)
    daily(two)
    assert len(digests(little)) == 1


def test_a_lost_database_reminds_nobody_twice(little: Little, two: Desk) -> None:
    little.later(3 * DAY)
    daily(two)
    for day in range(3):
        little.lose_database()
        desk = little.start()
        little.go(desk)
        daily(desk)
        assert len(reminders(little, 2)) == 1
        assert len({m["Message-ID"] for m in digests(little)}) == 1
        little.later(DAY - day)  # never three whole days
    assert len(digests(little)) <= 2, "on the same day the same mail, under its one name"


def test_a_correction_ends_the_reminders_of_its_contributor(little: Little, two: Desk) -> None:
    little.later(7 * DAY)
    daily(two)
    assert len(reminders(little, 1)) == 1
    pull = little.github.pull(REPOSITORY, 1)
    folder = "collection/entries/" + "/".join(pull.title.split())
    little.github.commit_files(REPOSITORY, pull.head_ref, {f"{folder}/rdf.yaml": rdf("passed")}, author="ada")
    little.go(two)
    assert little.github.pull(REPOSITORY, 1).labels == ("awaiting review",)
    assert reminders(little, 1) == []
    little.approve(1)
    little.go(two)
    assert little.github.pull(REPOSITORY, 1).merged
    assert two.store.get(waits.ROOM, "1") is None


def test_nobody_moves_and_it_is_closed_reopened_and_closed_again(little: Little) -> None:
    policy(little, "stale: {days: 20}\n")
    little.publish({"rdf.yaml": rdf("failed")})
    little.publish({"rdf.yaml": rdf("passed", "Another")})
    desk = little.start()
    little.go(desk)
    little.later(7 * DAY)
    daily(desk)
    assert "Where nothing moves until " in reminders(little, 1)[0]
    little.later(13 * DAY)
    daily(desk)
    first, second = little.github.pulls(REPOSITORY)
    assert (first.state, first.labels) == ("closed", ("withdrawn",))
    assert "Reopen it to go on" in little.report(1)
    assert second.state == "open", "what waits for the collection's own people is never closed"
    assert f"refs/heads/{first.head_ref}" in little.github.refs(REPOSITORY)
    little.go(desk)
    assert len(little.github.pulls(REPOSITORY)) == 2, "the same content is not proposed again"

    little.github.reopen_pull(REPOSITORY, 1, login="ada")
    little.go(desk)
    assert little.github.pull(REPOSITORY, 1).labels == ("needs changes",)
    little.later(19 * DAY)
    daily(desk)
    assert little.github.pull(REPOSITORY, 1).state == "open"
    little.later(DAY)
    daily(desk)
    assert little.github.pull(REPOSITORY, 1).state == "closed"


# killed

WRITES = 10
"""Two reminders, each noted in the report's state, the older one deleted; the note and the closing, last words, label."""


def drive(little: Little, killer: Killer, *, lose: bool) -> None:
    policy(little, "stale: {days: 8}\nreminders: {contributor_days: 3, reviewer_days: 0}\n")
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    for days in (3, 3, 3):
        little.later(days * DAY)
        live(little, killer, lose=lose)


def live(little: Little, killer: Killer, *, lose: bool) -> None:
    desk, quiet = killer.arm(little.start()), 0
    while quiet < 2:
        before = killer.count
        try:
            little.go(desk)
            daily(desk)
        except (KilledError, AssertionError):
            if lose:
                little.lose_database()
            desk, quiet = killer.arm(little.start()), 0
            continue
        quiet = quiet + 1 if killer.count == before else 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Killer]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        killer = Killer(0, "before")
        drive(little, killer, lose=False)
        return snapshot(little), killer


def test_the_count_is_true(undisturbed: tuple[dict[str, Any], Killer]) -> None:
    assert undisturbed[1].count == WRITES, Counter(undisturbed[1].log)


@pytest.mark.parametrize(("at", "mode"), [(at, MODES[at % 3]) for at in range(1, WRITES + 1)])
def test_killed_at_any_write_it_ends_the_same(
    little: Little, undisturbed: tuple[dict[str, Any], Killer], at: int, mode: str
) -> None:
    killer = Killer(at, mode)
    drive(little, killer, lose=at % 2 == 0)
    assert snapshot(little) == undisturbed[0], f"struck at {killer.log[at - 1]}"
