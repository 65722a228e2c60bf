"""The weekly retest in the service: nobody waits, what is answered is kept, and it ends once, however often it is stepped."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot import pipeline
from bot.corridor import retest_step
from bot.corridor.open_questions import question_of
from bot.corridor.retest import plan, retest
from bot.corridor.retest_rounds import ASK_AGAIN
from bot.digests import job_id
from bot.errors import GatewayError, PendingError
from bot.records.event import ChoreSubject
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY
from tests.retesting.collection import files
from tests.retesting.workshop import ShelfWorkshop

NAMES = ("brave-otter", "calm-seal", "gentle-ibis")
GONE = GatewayError("The work side is gone.", reason="work-gone", transient=True)


class Queue(ShelfWorkshop):
    """Answers only what was let through; asking again is asking once."""

    def __init__(self) -> None:
        super().__init__()
        self.open = {}
        self.answers = {}

    def check(self, job):
        name = job_id(job)
        if name in self.answers:
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer
        self.open[name] = job
        raise PendingError(name)

    def work_off(self, most=100):
        for name in list(self.open)[:most]:
            try:
                self.answers[name] = super().check(self.open.pop(name))
            except GatewayError as error:
                self.answers[name] = error


@pytest.fixture
def queue(little):
    little.workshop = Queue()
    entries = {path: content for name in NAMES for path, content in files(name).items()}
    little.github.commit_files(REPOSITORY, "main", entries, author="curator")
    return little.workshop


@pytest.fixture
def start(little, queue, tmp_path):
    clock = FakeClock()
    return lambda: replace(little.start(), clock=clock, shelf=tmp_path / "shelf")


def step(desk):
    return pipeline.run(desk, FakeEngine(), ChoreSubject("retest"))


def written(tmp_path):
    path = tmp_path / "shelf" / "retest.json"
    return json.loads(path.read_text()) if path.exists() else None


def mails(little):
    return [m for m in little.mail.messages if ".retest." in str(m["Message-ID"])]


def test_it_asks_is_answered_and_ends(little, start, queue, tmp_path):
    desk = start()
    assert step(desk).status == "settled"
    assert {row["subject"] for row in desk.store.items("asked").values()} == {"chore retest"}
    assert {question_of(key) for key in desk.store.items("asked")} == set(queue.open)
    assert (len(queue.open), written(tmp_path)) == (3, None)
    queue.work_off(2)
    step(desk)
    assert written(tmp_path) is None
    queue.work_off()
    step(desk)
    found = written(tmp_path)
    assert [row["id"] for row in found["entries"]] == list(NAMES)
    assert (found["asked"], found["counts"]["right"]) == (3, 3)
    assert (tmp_path / "shelf" / "retest.svg").read_text().startswith("<svg")
    assert desk.store.items("retest-asked") == {}
    assert mails(little) == []
    assert [write for write in little.github.writes if write.actor == "accession"] == []


def test_nothing_changed_asks_nothing_and_writes_nothing(start, queue, tmp_path):
    desk = start()
    step(desk)
    queue.work_off()
    step(desk)
    (tmp_path / "shelf" / "retest.json").unlink()
    step(desk)
    assert (queue.open, written(tmp_path)) == ({}, None)


def test_so_many_questions_at_a_time(start, queue, monkeypatch):
    monkeypatch.setattr(retest_step, "OPEN", 2)
    desk = start()
    step(desk)
    assert len(queue.open) == 2
    queue.work_off(1)
    step(desk)
    assert len(queue.open) == 2


def test_what_became_worse_is_told_once(little, start, queue):
    desk = start()
    step(desk)
    queue.work_off()
    step(desk)
    queue.image = "2" * 64
    queue.levels["calm-seal"] = {"onnx": "runs"}
    step(desk)
    queue.work_off()
    for _ in range(3):
        step(desk)
    (letter,) = mails(little)
    assert letter["Subject"] == "[accession] retest: 1 entry worse than before"
    assert "* calm-seal 7: onnx runs (was: reproduces)\n" in letter.get_content()


def test_a_mail_that_is_deferred_is_sent_by_a_later_step_and_the_run_is_over(little, start, queue):
    desk = start()
    step(desk)
    queue.work_off()
    step(desk)
    queue.image = "2" * 64
    queue.levels["calm-seal"] = {"onnx": "runs"}
    step(desk)
    queue.work_off()
    little.mail.reject(2)
    assert (step(desk).until is not None, mails(little)) == (True, [])
    assert desk.store.get("retest-run", "now") is None
    for _ in range(3):
        little.later(300)
        desk.clock.sleep(300)
        step(desk)
    assert len(mails(little)) == 1


@pytest.mark.parametrize("lose", [False, True])
def test_killed_before_its_end_is_noted_it_ends_again_under_the_same_name(little, start, queue, monkeypatch, lose):
    from bot.corridor.retest_memory import Memory

    desk = start()
    step(desk)
    queue.work_off()
    step(desk)
    queue.image = "2" * 64
    queue.levels["calm-seal"] = {"onnx": "runs"}
    step(desk)
    queue.work_off()
    with monkeypatch.context() as patch:
        patch.setattr(Memory, "end", lambda _self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            step(desk)
    assert len(mails(little)) == 1
    if lose:
        little.lose_database()
    desk = start()
    for _ in range(2):
        step(desk)
        queue.work_off()
    assert len({m["Message-ID"] for m in mails(little)}) == 1
    assert desk.store.items("retest-asked") == {}


@pytest.mark.parametrize("room", ["retest-asked", "retested", "retested-latest", "retest-run", "retest-mails", "asked"])
def test_losing_a_room_costs_time_alone(start, queue, tmp_path, room):
    desk = start()
    for _ in range(4):
        step(desk)
        queue.work_off(1)
        for key in desk.store.items(room):
            desk.store.drop(room, key)
    for _ in range(3):
        step(desk)
        queue.work_off()
    assert queue.boxes == 3, "the work side answers from its shelf"
    assert written(tmp_path)["counts"]["right"] == 3


def test_our_trouble_is_tried_three_times_with_pauses(start, queue, tmp_path):
    queue.trouble["calm-seal"] = [GONE, "errored", GONE]
    desk = start()
    while written(tmp_path) is None:
        step(desk)
        queue.work_off()
        answer = step(desk)
        if answer.until:
            desk.clock.sleep((answer.until - desk.clock.now()).total_seconds())
    found = written(tmp_path)
    assert found["counts"] == {"worse": 0, "errored": 1, "failing": 0, "right": 2}
    assert len(desk.clock.slept) == 2
    assert [round(pause) for pause in desk.clock.slept] == [60, 600]


def test_a_clock_that_went_back_holds_nothing_up(start, queue, tmp_path):
    queue.trouble["calm-seal"] = [GONE]
    desk = start()
    step(desk)
    queue.work_off()
    assert step(desk).until is not None
    desk.clock.sleep(-365 * 86_400)
    step(desk)
    queue.work_off()
    step(desk)
    assert written(tmp_path)["counts"]["right"] == 3


def test_a_database_in_trouble_is_no_result(start, queue):
    desk = start()
    queue.check = lambda _job: (_ for _ in ()).throw(GatewayError("Away.", reason="database", transient=True))
    answer = step(desk)
    assert (answer.status, answer.reason) == ("failed", "database")
    assert desk.store.items("retest-asked") == {}


def test_an_environment_that_is_not_known_yet_is_waited_for(start, queue, monkeypatch):
    desk = start()
    monkeypatch.setattr(queue, "environment", lambda: (_ for _ in ()).throw(PendingError("environment-1")))
    assert step(desk).status == "pending"
    assert desk.store.items("asked") == {"environment-1 chore retest": {"subject": "chore retest"}}


# the command


class Silent:
    def tried(self, tried, done, left):
        """Nobody is told."""


def test_the_command_asks_again_after_a_while_and_counts_no_try(start, queue):
    desk = start()
    asked = desk.clock.sleep

    def sleep(seconds):
        asked(seconds)
        queue.work_off()

    desk.clock.sleep = sleep
    found = retest(desk, plan(desk, (), all_versions=False), Silent(), workers=2, stop=lambda: False)
    assert found.counts["right"] == 3
    assert sum(desk.clock.slept) >= ASK_AGAIN.total_seconds()


def test_the_command_goes_on_when_the_clock_goes_back(start, queue):
    queue.trouble["calm-seal"] = [GONE]
    desk = start()
    real = desk.clock.sleep
    back = []

    def sleep(seconds):
        real(seconds)
        queue.work_off()
        if not back:
            back.append(real(-365 * 86_400))

    desk.clock.sleep = sleep
    found = retest(desk, plan(desk, (), all_versions=False), Silent(), workers=2, stop=lambda: False)
    assert found.counts["right"] == 3
