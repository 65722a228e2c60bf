"""One look by the service: what it leads to is told, and what the work side has not answered is not waited for."""

from __future__ import annotations

import pytest

from bot import pipeline
from bot.corridor.open_questions import ASKED
from bot.corridor.reconcile_record import ROOM
from bot.digests import job_id
from bot.errors import PendingError
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, little, little_world, rdf  # noqa: F401 - the fixture


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
    assert desk.store.items(ASKED) == {f"{slow.workshop.asked[0]} record {record}": {"subject": f"record {record}"}}
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


HEAD = "f" * 40


@pytest.mark.parametrize(
    "hint", [Hint(head=HEAD), Hint(comment=10**9), Hint(review=10**9)], ids=["head", "comment", "review"]
)
def test_what_the_look_does_not_show_yet_is_said_after_all_was_done_that_it_shows(little, hint):  # noqa: F811
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    answer = pipeline.run(desk, FakeEngine(), PullSubject(1), hint)
    assert answer.status == "unseen"
    assert "accession:report" in little.report(1)


def test_what_the_look_shows_is_settled(little):  # noqa: F811
    engine, desk = FakeEngine(), little.start()
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    said = little.github.comment(REPOSITORY, 1, login="ada", body="/accession recheck")
    seen = Hint(head=little.github.pull(REPOSITORY, 1).head_sha, comment=said.id)
    assert pipeline.run(desk, engine, PullSubject(1), seen).status == "settled"


def test_lists_that_lag_behind_their_events_are_looked_at_again(little):  # noqa: F811
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    little.github.faults.stale_lists_seconds = 3600
    said = little.github.comment(REPOSITORY, 1, login="ada", body="/accession recheck")
    assert pipeline.run(desk, FakeEngine(), PullSubject(1), Hint(comment=said.id)).status == "unseen"
    little.github.faults.reset()
    assert pipeline.run(desk, FakeEngine(), PullSubject(1), Hint(comment=said.id)).status == "settled"


def test_a_look_that_is_too_old_comes_before_an_answer_to_it(slow):
    desk = slow.start()
    slow.workshop.ready = True
    slow.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    slow.workshop.ready = False
    assert pipeline.run(desk, FakeEngine(), PullSubject(1), Hint(head=HEAD)).status == "unseen"
    assert [row["subject"] for row in desk.store.items(ASKED).values()] == ["pull 1"]
    assert pipeline.run(desk, FakeEngine(), PullSubject(1)).status == "pending"


def test_a_pull_request_that_touches_no_entry_may_do_so_once_its_head_is_shown(little):  # noqa: F811
    desk = little.start()
    little.github.commit_files(REPOSITORY, "words", {"README.md": "Other words.\n"}, author="ada")
    number = little.github.open_pull(REPOSITORY, head="words", title="Words", login="ada")
    head = little.github.pull(REPOSITORY, number).head_sha
    assert pipeline.run(desk, FakeEngine(), PullSubject(number), Hint(head=head)).status == "settled"
    assert pipeline.run(desk, FakeEngine(), PullSubject(number), Hint(head=HEAD)).status == "unseen"


def test_a_pull_request_that_was_deleted_is_an_answer_and_swept_no_more(little):  # noqa: F811
    desk = little.start()
    desk.store.put("sweep", "seen", {})
    desk.store.put("open", "99", {})
    answer = pipeline.run(desk, FakeEngine(), PullSubject(99))
    assert (answer.status, answer.reason, answer.failed) == ("settled", "gone", False)
    assert pipeline.sweep(desk) == [CollectionSubject()]


def test_a_pull_request_that_an_event_names_is_only_late(little):  # noqa: F811
    desk = little.start()
    desk.store.put("open", "99", {})
    answer = pipeline.run(desk, FakeEngine(), PullSubject(99), Hint(head=HEAD))
    assert answer.status == "unseen"
    assert desk.store.get("open", "99") == {}


def test_a_repository_that_is_not_shown_is_not_taken_for_deleted_pull_requests(tmp_path):
    with little_world(tmp_path, private=True) as closed:
        closed.github.add_token("mallory", "token-without-access")
        desk = closed.start(token="token-without-access")
        desk.store.put("open", "99", {})
        answer = pipeline.run(desk, FakeEngine(), PullSubject(99))
        assert (answer.failed, answer.reason) == (True, "no-repository")
        assert desk.store.get("open", "99") is not None


def test_a_branch_that_was_deleted_is_an_answer(little):  # noqa: F811
    engine, desk = FakeEngine(), little.start()
    little.publish({"rdf.yaml": rdf()})
    engine.tell(ChoreSubject("poll"))
    engine.drain(desk)
    branch = little.github.pull(REPOSITORY, 1).head_ref
    little.github.delete_branch(REPOSITORY, branch, login="curator")
    answer = pipeline.run(desk, engine, PullSubject(1))
    assert not answer.failed
    assert little.github.pull(REPOSITORY, 1).state == "closed"


def test_an_announced_record_that_is_not_shown_is_looked_for_and_then_forgotten(little):  # noqa: F811
    desk = little.start()
    subject, hint = RecordSubject("4711"), Hint(asked=True)
    answer = pipeline.run(desk, FakeEngine(), subject, hint)
    assert (answer.status, answer.failed) == ("unseen", False)
    assert (desk.store.get(ROOM, "4711")["status"], desk.store.get(ROOM, "4711")["reason"]) == ("held", "unseen")
    little.later(23 * 3600)
    list(pipeline.poll(desk))
    assert desk.store.get(ROOM, "4711")["status"] == "held"
    little.later(2 * 3600)
    list(pipeline.poll(desk))
    assert desk.store.get(ROOM, "4711") is None


def test_a_record_that_nobody_announced_is_not_looked_for(little):  # noqa: F811
    desk = little.start()
    answer = pipeline.run(desk, FakeEngine(), RecordSubject("4711"))
    assert (answer.status, answer.text) == ("settled", "The archive has no record 4711.")
    assert desk.store.get(ROOM, "4711") is None


def test_an_announced_record_needs_no_keyword_when_the_work_side_answers(slow):
    engine, desk = FakeEngine(), slow.start()
    record = slow.publish({"rdf.yaml": rdf()}, keywords=[])
    engine.tell(RecordSubject(record), Hint(asked=True))
    assert [answer.status for _, answer in engine.drain(desk)] == ["pending"]
    slow.workshop.ready = True
    engine.tell(RecordSubject(record))
    engine.drain(desk)
    assert len(slow.github.pulls(REPOSITORY)) == 1
