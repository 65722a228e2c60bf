"""The road of one upload where the work side is asked through its database, and nobody waits."""

from functools import partial

import pytest
import sqlalchemy as sa

from bot.corridor.open_questions import ASKED
from bot.corridor.waiting import explain
from bot.corridor.wake import wake
from bot.gateways.work_queue import WorkQueue
from bot.gateways.work_tables import questions, workers
from bot.records.event import ChoreSubject, RecordSubject
from bot.records.submission import UploadPage
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, little_world, rdf


@pytest.fixture
def little(tmp_path):
    with little_world(tmp_path) as world:
        yield world


def deploy(worker, on, began=1.0):
    """A worker that lives and began then."""
    values = {"executor": f"w-{on}", "environment": on * 64, "lanes": 1, "beat": 1, "began": began}
    worker.write(workers, **values, at=worker.database.now())


def test_an_upload_is_proposed_checked_and_merged_by_answers_that_wake_it(little, worker, work_url):
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    with WorkQueue(work_url, explain=partial(explain, desk.store)) as queue:
        little.workshop = queue
        desk = little.start()
        worker.workshop.image = "e" * 64
        deploy(worker, "e")
        engine = FakeEngine()
        engine.tell(ChoreSubject("poll"))
        said = [str(answer) for _, answer in engine.drain(desk)]
        while worker.work():
            assert wake(desk, queue, engine) == 1
            said += [str(answer) for _, answer in engine.drain(desk)]
        assert desk.store.items(ASKED) == {}
        assert any("It waits to be checked and is next" in text for text in said)
        (pull,) = little.github.pulls(REPOSITORY)
        assert "awaiting review" in {label.name if hasattr(label, "name") else label for label in pull.labels}
        assert {"prepare", "check"} <= set(desk.store.items("durations"))
        little.approve(pull.number)
        engine.tell(ChoreSubject("sweep"))
        engine.drain(desk)
        assert desk.github.pull(pull.number).merged
    assert worker.workshop.checks == 1


def test_a_question_that_the_work_database_lost_is_asked_again_by_a_later_poll(little, worker, work_url, monkeypatch):
    """It was deleted, or its questions were cleaned up while no worker was there for a day."""
    little.publish({"rdf.yaml": rdf()})
    with WorkQueue(work_url, explain=lambda *_: "It waits.") as queue:
        little.workshop = queue
        desk, engine = little.start(), FakeEngine()
        worker.workshop.image = "e" * 64
        deploy(worker, "e")
        engine.tell(ChoreSubject("poll"))
        engine.drain(desk)
        with worker.database.begin() as connection:
            connection.execute(sa.delete(questions))
        assert not worker.work()
        newer = UploadPage((), complete=True)
        monkeypatch.setattr(desk.archive, "changed", lambda *_: iter([newer]))
        little.later(45 * 60)
        engine.tell(ChoreSubject("poll"))
        engine.drain(desk)
        assert worker.work()
        assert wake(desk, queue, engine) == 1
        engine.drain(desk)
        assert len(little.github.pulls(REPOSITORY)) == 1


@pytest.mark.parametrize("lost", ["its images", "its database"])
def test_who_waits_for_an_answer_that_nobody_gives_any_more_asks_anew_by_itself(little, worker, work_url, lost):
    """An upload that no listing shows again: neither a poll nor a sweep would find it."""
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    with WorkQueue(work_url, explain=partial(explain, desk.store)) as queue:
        little.workshop = queue
        desk = little.start()
        deploy(worker, "e")
        engine = FakeEngine()
        engine.tell(RecordSubject(record))
        engine.drain(desk)
        (before,) = desk.store.items(ASKED)
        if lost == "its images":
            deploy(worker, "f", began=2.0)
        else:
            with worker.database.begin() as connection:
                connection.execute(sa.delete(questions))
        assert wake(desk, queue, engine) == 0
        little.later(61)
        assert wake(desk, queue, engine) == 1
        engine.drain(desk)
        (after,) = desk.store.items(ASKED)
        assert (after == before) == (lost == "its database")
        worker.work()
        assert wake(desk, queue, engine) == 1
        engine.drain(desk)
        assert desk.store.get("uploads", record)["status"] == "proposed"
