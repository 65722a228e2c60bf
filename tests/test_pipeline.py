"""One look by the service: what it leads to is told, and what the work side has not answered is not waited for."""

from __future__ import annotations

import pytest

from bot import pipeline
from bot.corridor.reconcile_record import ASKED, ROOM
from bot.digests import job_id
from bot.errors import PendingError
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, little, rdf  # noqa: F401 - the fixture


class SlowWorkshop:
    """Answers a question only after `ready`; the same question has the same name."""

    def __init__(self, behind) -> None:
        self._behind = behind
        self.asked: list[str] = []
        self.ready = False

    def prepare(self, job):
        return self._answer("prepare", job)

    def check(self, job):
        return self._answer("check", job)

    def _answer(self, verb, job):
        name = job_id(job)
        if name not in self.asked:
            self.asked.append(name)
        if not self.ready:
            raise PendingError(name)
        return getattr(self._behind, verb)(job)

    def __getattr__(self, name):
        return getattr(self._behind, name)


@pytest.fixture
def slow(little):  # noqa: F811
    little.workshop = SlowWorkshop(little.workshop)
    return little


def test_the_road_from_chores_to_the_collection(little):  # noqa: F811
    engine, desk = FakeEngine(), little.start()
    little.publish({"rdf.yaml": rdf()})
    engine.tell(ChoreSubject("poll"))
    looks = engine.drain(desk)
    assert [str(subject) for subject, _ in looks] == ["chore poll", "pull 1"]
    little.approve(1)
    engine.tell(ChoreSubject("sweep"))
    looks = engine.drain(desk)
    assert CollectionSubject() in {subject for subject, _ in looks}
    assert little.github.pulls(REPOSITORY)[0].merged
    assert not any(answer.failed for _, answer in looks)


def test_a_record_that_is_named_leads_to_its_pull_request(little):  # noqa: F811
    engine, desk = FakeEngine(), little.start()
    record = little.publish({"rdf.yaml": rdf()}, keywords=[])
    engine.tell(RecordSubject(record), Hint(asked=True))
    assert [str(subject) for subject, _ in engine.drain(desk)] == [f"record {record}", "pull 1"]


def test_an_answer_that_is_not_there_yet_is_written_down_and_not_waited_for(slow):
    engine, desk = FakeEngine(), slow.start()
    record = slow.publish({"rdf.yaml": rdf()})
    engine.tell(ChoreSubject("poll"))
    engine.drain(desk)
    assert desk.store.items(ASKED) == {slow.workshop.asked[0]: {"subject": f"record {record}"}}
    assert desk.store.get(ROOM, record)["status"] == "waiting"
    assert not slow.github.pulls(REPOSITORY)
    slow.workshop.ready = True
    engine.tell(RecordSubject(record))
    assert [answer.status for _, answer in engine.drain(desk)] == ["settled", "settled"]


def test_a_check_that_is_not_there_yet_leaves_the_pull_request_pending(slow):
    engine, desk = FakeEngine(), slow.start()
    slow.workshop.ready = True
    slow.publish({"rdf.yaml": rdf()})
    assert list(pipeline.poll(desk)) == [PullSubject(1)]
    slow.workshop.ready = False
    engine.tell(PullSubject(1))
    [(_, answer)] = engine.drain(desk)
    assert answer.status == "pending"
    assert not slow.github.comments(REPOSITORY, 1)
    assert [row["subject"] for row in desk.store.items(ASKED).values()] == ["pull 1"]


def test_a_chore_that_fails_says_so(little):  # noqa: F811
    desk = little.start()
    little.zenodo_faults.add("error-before", times=None)
    answer = pipeline.run(desk, FakeEngine(), ChoreSubject("poll"))
    assert (answer.failed, answer.transient) == (True, True)


def test_a_chore_is_nothing_to_bring_anywhere(little):  # noqa: F811
    with pytest.raises(ValueError, match="names subjects"):
        pipeline.reconcile(little.start(), ChoreSubject("poll"))


def test_a_try_in_vain_makes_another_question(little):  # noqa: F811
    little.workshop.broken = 1
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    seen = []
    check = little.workshop.check
    little.workshop.check = lambda job: seen.append(job.get("attempt", "")) or check(job)
    pipeline.reconcile_all(desk, pipeline.poll(desk))
    little.later(120)
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert seen == ["", "0.1"]
