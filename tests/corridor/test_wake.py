"""Whose answer is there is told; whatever else stands in the room goes in time."""

import pytest

from bot.corridor import wake as waking
from bot.corridor.open_questions import ASKED, ask
from bot.corridor.reconcile_record import reconcile_record
from bot.corridor.standings import standings
from bot.corridor.waiting import explain
from bot.corridor.wake import wake
from bot.queueing.waiting_room import WaitingRoom
from bot.records.backlog import Backlog, Question
from bot.records.event import PullSubject, RecordSubject
from tests.fakes.engine import FakeEngine
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import rdf


class Room(FakeWorkshop):
    """A work side with a waiting room."""

    def __init__(self):
        super().__init__()
        self.done, self.gone = set(), set()
        self.look = Backlog()

    def finished(self, ids):
        return frozenset(ids) & self.done

    def answerable(self, ids):
        return frozenset(ids) - self.gone

    def took(self, ids):
        return dict.fromkeys(ids, ("check", ("onnx",), 30.0))

    def backlog(self):
        return self.look


@pytest.fixture
def room():
    return Room()


@pytest.fixture
def desk(little, room):
    little.workshop = room
    return little.start()


def test_the_fake_is_a_waiting_room_and_a_plain_work_side_is_none(room):
    assert isinstance(room, WaitingRoom)
    assert not isinstance(FakeWorkshop(), WaitingRoom)


def test_who_is_answered_is_told_once_and_what_it_took_is_learned(desk, room):
    engine = FakeEngine()
    ask(desk.store, "check-1", PullSubject(12))
    ask(desk.store, "check-2", RecordSubject("5"))
    assert wake(desk, room, engine) == 0
    room.done = {"check-1", "check-other"}
    assert wake(desk, room, engine) == 1
    assert [subject for subject, _, _ in engine.told] == [PullSubject(12)]
    assert list(desk.store.items(ASKED)) == ["check-2 record 5"]
    assert wake(desk, room, engine) == 0
    assert desk.store.get("durations", "check onnx") == {"seconds": [30.0]}
    assert desk.store.get("durations", "check") == {"seconds": [30.0]}


def test_a_row_is_kept_until_its_subject_was_told(desk, room):
    class Down:
        def tell(self, *_args, **_more):
            raise OSError

    ask(desk.store, "check-1", PullSubject(12))
    room.done = {"check-1"}
    with pytest.raises(OSError):  # noqa: PT011 - the engine's own
        wake(desk, room, Down())
    engine = FakeEngine()
    assert wake(desk, room, engine) == 1
    assert [subject for subject, _, _ in engine.told] == [PullSubject(12)]


def test_two_that_wait_for_one_answer_are_both_told_and_asking_twice_is_asking_once(desk, room):
    for subject in (RecordSubject("5"), PullSubject(3), RecordSubject("5")):
        ask(desk.store, "prepare-1", subject)
    engine = FakeEngine()
    room.done = {"prepare-1"}
    assert (wake(desk, room, engine), wake(desk, room, engine)) == (2, 0)
    assert {subject for subject, _, _ in engine.told} == {RecordSubject("5"), PullSubject(3)}


def test_another_subject_that_asked_the_same_meanwhile_is_told_by_the_next_call(desk, room):
    class Meanwhile(FakeEngine):
        def tell(self, subject, *args, **more):
            super().tell(subject, *args, **more)
            if len(self.told) == 1:
                ask(desk.store, "prepare-1", PullSubject(3))

    engine = Meanwhile()
    ask(desk.store, "prepare-1", RecordSubject("5"))
    room.done = {"prepare-1"}
    assert (wake(desk, room, engine), wake(desk, room, engine), wake(desk, room, engine)) == (1, 1, 0)
    assert [subject for subject, _, _ in engine.told] == [RecordSubject("5"), PullSubject(3)]


@pytest.mark.parametrize("row", [{}, {"subject": "pull twelve"}, {"subject": 12}, {"subject": "chore nothing"}])
def test_a_row_that_names_no_subject_goes(desk, room, row):
    desk.store.put(ASKED, "check-1", row)
    room.done = {"check-1"}
    engine = FakeEngine()
    assert wake(desk, room, engine) == 0
    assert desk.store.items(ASKED) == {}
    assert engine.told == []


def test_a_row_goes_when_nobody_answered_for_days(little, desk, room):
    ask(desk.store, "check-1", PullSubject(12))
    wake(desk, room, FakeEngine())
    little.later(int(waking.KEPT.total_seconds()) - 60)
    wake(desk, room, FakeEngine())
    assert list(desk.store.items(ASKED)) == ["check-1 pull 12"]
    little.later(120)
    wake(desk, room, FakeEngine())
    assert desk.store.items(ASKED) == {}


def test_who_waits_for_an_answer_that_nobody_will_give_is_told_after_a_minute(little, desk, room):
    """Its question was for images that are gone, or went with its database: the look asks anew."""
    ask(desk.store, "check-1", PullSubject(12))
    ask(desk.store, "check-2", RecordSubject("5"))
    room.gone = {"check-1"}
    engine = FakeEngine()
    assert wake(desk, room, engine) == 0
    little.later(int(waking.YOUNG.total_seconds()) - 1)
    assert wake(desk, room, engine) == 0
    little.later(2)
    assert wake(desk, room, engine) == 1
    assert [subject for subject, _, _ in engine.told] == [PullSubject(12)]
    assert list(desk.store.items(ASKED)) == ["check-2 record 5"]
    assert desk.store.items("durations") == {}
    ask(desk.store, "check-1", PullSubject(12))
    assert wake(desk, room, engine) == 0


@pytest.mark.parametrize("at", ["2999-01-01T00:00:00+00:00", "yesterday", "2020-01-01", 5])
def test_a_row_with_a_date_that_cannot_be_begins_anew(desk, room, at):
    desk.store.put(ASKED, "check-1", {"subject": "pull 12", "at": at})
    wake(desk, room, FakeEngine())
    row = desk.store.get(ASKED, "check-1")
    assert row == {"subject": "pull 12", "at": row["at"]}
    assert row["at"] != at


def test_status_says_place_and_time_of_what_is_open(little, desk, room):
    record = little.publish({"rdf.yaml": rdf()})
    reconcile_record(desk, desk.archive.upload(record))
    ask(desk.store, "check-1", PullSubject(1))
    desk.store.put("durations", "check", {"seconds": [130.0]})
    room.look = Backlog((Question("check-0", "check", "x"), Question("check-1", "check", "y", asked=1)), lanes=1)
    (line,) = standings(desk)["submissions"]
    assert line["waits_for"] == "It waits to be checked, with 1 before it; it is usually done within about 5 minutes."


def test_a_waiting_upload_says_its_place_too(desk, room):
    row = {"status": "waiting", "reason": "pending", "message": "It is being checked.", "pull": None}
    desk.store.put("uploads", "7", row)
    ask(desk.store, "prepare-1", RecordSubject("7"))
    room.look = Backlog((Question("prepare-1", "prepare"),), lanes=1)
    (line,) = standings(desk)["submissions"]
    assert line["waits_for"] == "It waits to be checked and is next."


def test_the_first_text_says_when_the_report_comes(little, desk, room):
    desk.store.put("durations", "check", {"seconds": [100.0]})
    room.look = Backlog(lanes=1, workers=1)
    record = little.publish({"rdf.yaml": rdf()})
    standing = reconcile_record(desk, desk.archive.upload(record))
    body = little.github.pull("zoo/collection", standing.pull).body
    assert "as a comment. The first report usually comes within about 2 minutes. When everything passes" in body


def test_a_sentence_follows_from_store_and_backlog(desk):
    desk.store.put("durations", "check", {"seconds": [10.0]})
    backlog = Backlog((), (Question("check-1", "check"),), lanes=1)
    assert explain(desk.store, backlog, "check-1") == "It is being checked; it is usually done within a minute."
