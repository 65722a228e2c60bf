"""The buffer: takes at once, hands on behind, keeps a subject once, and loses nothing that a sweep would not find."""

from __future__ import annotations

import threading

import pytest

from bot.errors import GatewayError
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from bot.serving.buffer import Buffer

AWAY = GatewayError("the database is away", reason="database", transient=True)
SWEEP = ChoreSubject("sweep")
PATIENCE = 20.0


class Engine:
    """Takes what it is told, when it is let; `wait` returns once it has so many."""

    def __init__(self) -> None:
        self.told: list[tuple[object, Hint]] = []
        self.tried = 0
        self.trouble: dict[object, Exception] = {}
        self.away: Exception | None = None
        self.open = threading.Event()
        self.open.set()
        self._changed = threading.Condition()

    def tell(self, subject, hint):
        with self._changed:
            self.tried += 1
            self._changed.notify_all()
        assert self.open.wait(PATIENCE)
        trouble = self.away or self.trouble.get(subject)
        if trouble:
            raise trouble
        with self._changed:
            self.told.append((subject, hint))
            self._changed.notify_all()

    def wait(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= count, PATIENCE), self.told

    def wait_tried(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: self.tried >= count, PATIENCE)

    @property
    def subjects(self):
        return [subject for subject, _ in self.told]


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def buffer(engine):
    made = Buffer(engine.tell, longest_pause=0.02)
    yield made
    engine.open.set()
    made.close(1)
    assert not [thread for thread in threading.enumerate() if thread.name == "webhook-buffer"]


def lost(buffer):
    return buffer.metrics.registry.get_sample_value("accession_buffer_lost_total")


def test_what_is_told_is_handed_on_in_order(engine, buffer):
    buffer.start()
    for number in range(1, 6):
        buffer.tell(PullSubject(number), Hint(comment=number))
    engine.wait(5)
    assert engine.told == [(PullSubject(number), Hint(comment=number)) for number in range(1, 6)]


def test_a_subject_is_kept_once_with_all_that_was_seen(engine, buffer):
    buffer.tell(PullSubject(1), Hint(comment=9))
    buffer.tell(PullSubject(2))
    buffer.tell(PullSubject(1), Hint(head="b", comment=4))
    assert buffer.depth == 2
    buffer.start()
    engine.wait(2)
    assert engine.told == [(PullSubject(1), Hint(head="b", comment=9)), (PullSubject(2), Hint())]


def test_telling_does_not_wait_for_a_database_that_hangs(engine, buffer):
    engine.open.clear()
    buffer.start()
    for number in range(100):
        buffer.tell(PullSubject(number % 10 + 1))
    assert engine.told == []
    assert buffer.depth <= 11
    engine.open.set()
    engine.wait(10)


def test_an_event_during_the_handing_on_is_handed_on_too(engine, buffer):
    engine.open.clear()
    buffer.start()
    buffer.tell(PullSubject(1), Hint(comment=1))
    engine.wait_tried(1)
    buffer.tell(PullSubject(1), Hint(comment=2))
    engine.open.set()
    engine.wait(2)
    assert engine.told == [(PullSubject(1), Hint(comment=1)), (PullSubject(1), Hint(comment=2))]


def test_a_database_that_is_away_is_tried_again_and_nothing_is_lost(engine, buffer):
    engine.away = AWAY
    buffer.start()
    for number in range(1, 4):
        buffer.tell(PullSubject(number), Hint(comment=number))
    engine.wait_tried(5)
    buffer.tell(PullSubject(1), Hint(comment=50))
    engine.away = None
    engine.wait(3)
    assert dict(engine.told)[PullSubject(1)] == Hint(comment=50)
    assert set(engine.subjects) == {PullSubject(1), PullSubject(2), PullSubject(3)}


def test_what_fails_always_does_not_hold_up_the_others(engine, buffer):
    engine.trouble[PullSubject(1)] = ValueError("a mistake of ours")
    buffer.tell(PullSubject(1))
    buffer.tell(PullSubject(2))
    buffer.start()
    engine.wait(1)
    assert engine.subjects == [PullSubject(2)]
    engine.wait_tried(6)
    assert buffer.close(5) == 0


def test_full_the_oldest_that_a_sweep_finds_makes_room(engine):
    buffer = Buffer(engine.tell, room=3)
    buffer.tell(RecordSubject("1"))
    buffer.tell(PullSubject(1))
    buffer.tell(CollectionSubject())
    buffer.tell(PullSubject(2))
    buffer.tell(PullSubject(3))
    assert lost(buffer) == 2
    buffer.start()
    assert buffer.close(PATIENCE) == 0
    assert engine.subjects == [RecordSubject("1"), PullSubject(2), SWEEP, PullSubject(3)]


def test_full_a_subject_that_is_held_already_takes_no_room(engine):
    buffer = Buffer(engine.tell, room=1)
    buffer.tell(PullSubject(1))
    buffer.tell(PullSubject(1), Hint(comment=3))
    assert (lost(buffer), buffer.depth) == (0, 1)


def test_full_of_what_no_sweep_finds_a_pull_request_is_left_to_the_sweep(engine):
    buffer = Buffer(engine.tell, room=2)
    buffer.tell(RecordSubject("1"))
    buffer.tell(RecordSubject("2"))
    buffer.tell(PullSubject(1))
    with pytest.raises(GatewayError) as refused:
        buffer.tell(RecordSubject("3"))
    assert (refused.value.reason, refused.value.transient) == ("full", True)
    buffer.start()
    buffer.close(PATIENCE)
    assert engine.subjects == [RecordSubject("1"), RecordSubject("2"), SWEEP]


def test_closing_hands_on_what_is_held(engine):
    buffer = Buffer(engine.tell)
    for number in range(1, 200):
        buffer.tell(PullSubject(number))
    buffer.start()
    assert buffer.close(PATIENCE) == 0
    assert len(engine.told) == 199


def test_closed_nothing_is_taken(engine, buffer):
    buffer.start()
    buffer.close()
    with pytest.raises(GatewayError, match="stopping"):
        buffer.tell(PullSubject(1))


def test_closing_does_not_wait_for_a_database_that_stays_away(engine):
    engine.away = AWAY
    buffer = Buffer(engine.tell, longest_pause=60)
    buffer.start()
    for number in range(1, 4):
        buffer.tell(PullSubject(number))
    engine.wait_tried(1)
    assert buffer.close(0.3) == 3
    assert engine.told == []


def test_never_started_it_closes(engine):
    buffer = Buffer(engine.tell)
    buffer.tell(PullSubject(1))
    assert buffer.close(0.1) == 1


def test_many_tellers_at_once(engine, buffer):
    buffer.start()
    threads = [
        threading.Thread(target=lambda start=start: [buffer.tell(PullSubject(n)) for n in range(start, start + 200)])
        for start in range(1, 1601, 200)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert buffer.close(PATIENCE) == 0
    assert sorted(subject.number for subject in engine.subjects) == list(range(1, 1601))
