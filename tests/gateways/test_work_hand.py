"""A worker's hand: patient with a database that is away, and once it is withdrawn it lays and leaves nothing."""

import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot.errors import WORK_DATABASE, GatewayError, PendingError
from bot.gateways import work_answering, work_hand
from bot.gateways.work_hand import Hand, Withdrawn
from bot.gateways.work_tables import WorkDatabase, answers, blobs, questions
from tests.gateways.work_side import job


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(work_hand, "FIRST_PAUSE", 0.0)


def away():
    return GatewayError("The work database does not do its part.", reason=WORK_DATABASE, transient=True)


def asked(queue):
    with pytest.raises(PendingError) as raised:
        queue.prepare(job())
    return raised.value.job


def rows(worker, *tables):
    with worker.database.begin() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in tables]


def on_any():
    return ""


def test_each_thing_is_tried_again_while_the_database_is_away_and_the_question_is_answered_once(
    queue, worker, monkeypatch
):
    name = asked(queue)
    begin, tries = WorkDatabase.begin, []

    @contextmanager
    def reluctant(self):
        tries.append(1)
        if len(tries) % 3:
            raise away()
        with begin(self) as connection:
            yield connection

    monkeypatch.setattr(WorkDatabase, "begin", reluctant)
    assert work_answering.answer_question(worker.database, name, worker.reply, on_any, Hand()) is None
    monkeypatch.undo()
    assert len(tries) == 9  # it is read, a blob is laid, the answer is laid
    assert [request["verb"] for request in worker.asked] == ["prepare", "blob"]
    assert queue.prepare(job())["outcome"] == "described"
    assert rows(worker, questions, answers, blobs) == [0, 1, 1]


def test_what_is_refused_for_ever_keeps_no_lane_for_ever(monkeypatch):
    monkeypatch.setattr(work_hand, "MOST_TRIES", 4)
    tries = []

    def refused():
        tries.append(1)
        raise away()

    with pytest.raises(GatewayError):
        Hand().do(refused)
    assert len(tries) == 4


@pytest.mark.parametrize("said", [{"answer": {}}, {"error": {"message": "m", "reason": "boxes-closed"}}])
def test_an_answer_that_is_found_after_it_was_withdrawn_is_not_laid(queue, worker, said):
    name, hand = asked(queue), Hand()

    def reply(_request):
        hand.withdraw()
        return said

    with pytest.raises(Withdrawn):
        work_answering.answer_question(worker.database, name, reply, on_any, hand)
    assert rows(worker, questions, answers, blobs) == [1, 0, 0]


def test_who_waits_for_the_database_gives_up_when_it_is_withdrawn():
    hand = Hand()

    def refused():
        hand._withdrawn.set()
        raise away()

    with pytest.raises(Withdrawn):
        hand.do(refused)


def test_it_is_withdrawn_when_what_was_being_written_is_written():
    hand, began, may, done = Hand(), threading.Event(), threading.Event(), []

    def write():
        began.set()
        may.wait()
        done.append("written")

    def withdraw():
        hand.withdraw()
        done.append("withdrawn")

    writer, withdrawer = threading.Thread(target=hand.do, args=(write,)), threading.Thread(target=withdraw)
    writer.start()
    began.wait()
    withdrawer.start()
    hand._withdrawn.wait()
    may.set()
    writer.join()
    withdrawer.join()
    assert done == ["written", "withdrawn"]


def test_a_withdrawn_question_gets_no_outcome_from_the_engine():
    """DBOS records one for every `Exception`."""
    assert not issubclass(Withdrawn, Exception)
