"""What is forgotten and what is not; and that losing any room loses nothing but time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot import pipeline
from bot.corridor import outbox
from bot.corridor.rooms import ROOMS
from bot.records.event import ChoreSubject
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.snapshot import snapshot

if TYPE_CHECKING:
    from bot.corridor.desk import Desk

DAY = 86_400
NAMES = {room.name for room in ROOMS}


class Watched:
    """A store that remembers which rooms were asked for."""

    def __init__(self, below: Any) -> None:
        self.below, self.rooms = below, set[str]()

    def __getattr__(self, name: str) -> Any:
        def call(room: str, *args: Any) -> Any:
            self.rooms.add("outbox:*" if room.startswith("outbox:") else room)
            return getattr(self.below, name)(room, *args)

        return call


def clean(desk: Desk) -> None:
    answer = pipeline.run(desk, FakeEngine(), ChoreSubject("clean-up"))
    assert (answer.status, answer.text) == ("settled", "named 0 subjects")


def chores(desk: Desk) -> None:
    engine = FakeEngine()
    for name in ("poll", "sweep", "reminders", "clean-up"):
        engine.tell(ChoreSubject(name))
    assert not [answer for _, answer in engine.drain(desk) if answer.failed]


def kept(desk: Desk) -> dict[str, int]:
    """How many rows each room has."""
    found = {name: len(desk.store.items(name)) for name in NAMES}
    found["outbox:*"] = sum(len(desk.store.items(outbox.room(number))) for number in range(1, 5))
    return {name: number for name, number in found.items() if number}


def ended(little: Little) -> Desk:
    """One merged, one declined, one that still waits for a review."""
    desk = little.start()
    for name in ("One", "Two", "Three"):
        little.publish({"rdf.yaml": rdf("passed", name)})
    little.go(desk)
    little.approve(1)
    little.github.close_pull(REPOSITORY, 2, login="curator")
    little.go(desk)
    return desk


def test_every_room_is_in_the_table_and_says_when_it_is_forgotten(little: Little) -> None:
    from dataclasses import replace

    store = Watched(little.start().store)
    desk = replace(little.start(), store=store)
    little.publish({"rdf.yaml": rdf("failed")})
    little.publish({"rdf.yaml": rdf("passed", "Two")})
    little.go(desk)
    little.approve(2)
    little.go(desk)
    chores(desk)
    assert store.rooms - NAMES == set()
    assert len(NAMES) == len(ROOMS)
    assert [room.name for room in ROOMS if not room.holds or not room.forgotten] == []
    assert [room.name for room in ROOMS if room.keep and not room.grows] == []


def test_the_young_and_the_open_are_kept(little: Little) -> None:
    desk = ended(little)
    before = kept(desk)
    clean(desk)
    del before["owners"]  # of those that are closed; the open one's was not asked for
    assert {**kept(desk), "etags": 0} == {**before, "etags": 0}


def test_what_ended_is_forgotten_and_nothing_is_told_or_proposed_again(little: Little) -> None:
    desk = ended(little)
    world = snapshot(little)
    little.later(91 * DAY)
    clean(desk)
    after = kept(desk)
    assert after["checks"] == 1, "the one that is open"
    assert after["uploaded"] == 1
    assert (after["outbox:*"], after["outboxes"]) == (1, 1)
    assert {"uploads", "digest"} & set(after) == set()
    assert after["contents"] == 3, "for a year"
    little.go(desk)
    clean(desk)
    assert {**snapshot(little), "mails": [], "comments": {}} == {**world, "mails": [], "comments": {}}
    assert set(snapshot(little)["mails"]) == set(world["mails"])
    little.later(400 * DAY)
    clean(desk)
    assert "contents" not in kept(desk)


def test_a_mail_that_was_not_delivered_is_not_forgotten_and_delivered_in_the_end(little: Little) -> None:
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    little.approve(1)
    little.mail.reject(9)
    little.go(desk)
    assert little.github.pull(REPOSITORY, 1).merged
    merged = [m for m in little.mail.messages if "merged" in str(m["Subject"])]
    assert merged == []
    little.later(40 * DAY)
    clean(desk)
    little.mail._moods.clear()
    little.go(desk)
    (letter,) = [m for m in little.mail.messages if "merged" in str(m["Subject"])]
    assert letter["Message-ID"] == "<zoo.collection.1.merged@accession>"
    little.later(40 * DAY)
    clean(desk)
    assert "outboxes" not in kept(desk)


def test_entries_that_are_not_there_any_more_are_forgotten(little: Little) -> None:
    desk = ended(little)
    assert kept(desk)["entries"] == 1
    desk.store.put("retested-latest", "old-seal/1", {})
    desk.store.put("retested-latest", "/".join(little.github.pull(REPOSITORY, 1).title.split()), {})
    desk.store.put("entries", "old:old", {})
    clean(desk)
    assert len(desk.store.items("entries")) == 1
    assert list(desk.store.items("retested-latest")) == ["/".join(little.github.pull(REPOSITORY, 1).title.split())]


def test_questions_are_kept_as_long_as_somebody_waits(little: Little) -> None:
    desk = ended(little)
    asked = ("pull 3", "chore retest", "record 5", "pull 1", "record 6", "?")
    desk.store.put("uploads", "5", {"status": "waiting", "tried": desk.now().isoformat()})
    for number, subject in enumerate(asked):
        desk.store.put("asked", f"check-{number}", {"subject": subject})
    clean(desk)
    assert [row["subject"] for row in desk.store.items("asked").values()] == list(asked[:3])


@pytest.mark.parametrize("row", [{}, {"at": ""}, {"at": "yesterday"}, {"at": "2024-01-01"}, {"at": None}])
def test_a_row_without_a_moment_is_old(row: dict[str, Any]) -> None:
    from bot.corridor.rooms import Known, young

    nothing: frozenset[str] = frozenset()
    known = Known(FakeClock().now(), *([nothing] * 5))
    assert not young(1)(known, "", row)
    assert young(1)(known, "", {"at": (known.now + timedelta(days=400)).isoformat()})


# losing any of them


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        drive(little, "")
        return snapshot(little)


def drive(little: Little, lost: str) -> None:
    """Two uploads to their ends with all chores; the room is emptied after every step."""
    desk = little.start()
    little.publish({"rdf.yaml": rdf("pictured", "Failing")})
    little.publish({"rdf.yaml": rdf("passed")})
    chores(desk)
    lose(desk, lost)
    little.approve(2)
    for days in (0, 7, 0):
        little.later(days * DAY)
        chores(desk)
        lose(desk, lost)


def lose(desk: Desk, room: str) -> None:
    rooms = [outbox.room(number) for number in range(1, 4)] if room == "outbox:*" else [room]
    for name in rooms:
        for key in desk.store.items(name):
            desk.store.drop(name, key)


GROWN = ["waits", "open", "uploads", "asked", "checks", "contents", "owners", "uploaded", "outbox:*", "outboxes", "digest",
         "merges refused", "blocks refused", "threads settled", "evidence lost", "entries", "poll", "sweep", "collection",
         "etags", "evidence"]  # fmt: skip


SERVICE = {"archive away", "durations", "looks", "not derived", "pacer", "parked", "processes", "ticks", "troubled"}
"""What the service alone keeps, or trouble: lost with the whole database in the trials."""


@pytest.mark.parametrize("room", GROWN)
def test_losing_a_room_again_and_again_ends_in_the_same_world(
    little: Little, undisturbed: dict[str, Any], room: str
) -> None:
    drive(little, room)
    after = snapshot(little)
    assert set(after.pop("mails")) == set(undisturbed["mails"]), "the same mails, each under its one name"
    assert after == {name: value for name, value in undisturbed.items() if name != "mails"}


def test_no_room_is_left_out() -> None:
    """The retest's own are lost in tests/corridor/test_retest_step.py."""
    assert {name for name in NAMES if not name.startswith("retest")} == set(GROWN) | SERVICE
