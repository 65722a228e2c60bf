"""Several processes on one database: killed, paused, woken. Each is a real process with an engine of its own."""

import time

import pytest

from bot.records.event import ChoreSubject, PullSubject
from tests.fakes.engines import until

ONE, TWO = PullSubject(1), PullSubject(2)
on_sqlite = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("engine_url", ["postgres"], indirect=True)
"""For what is decided in the store alone, whatever the engine's database is."""


def test_twelve_events_become_two_looks_across_two_processes(crowd):
    crowd.hold()
    first, second = crowd.start(lease=20.0), crowd.start(lease=20.0)
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin"))
    for number in range(11):
        crowd.tell((first, second)[number % 2], ONE, hint={"comment": number + 1})
    until(lambda: len(crowd.said("told")) == 12)
    crowd.let_go()
    until(lambda: len(crowd.said("write")) == 2)
    assert crowd.stop(first) == 0
    assert crowd.stop(second) == 0
    assert len(crowd.said("begin")) == 2


def test_a_killed_process_is_taken_over_and_the_look_observes_afresh(crowd):
    """Two naive ways fail here.

    A sequence of durable steps would go on from what the first look had observed. And `resume_workflow` would move the row to
    another queue, where it is looked at beside a later event's row, its attempts counted from nought.
    """
    crowd.hold()
    (crowd.folder / "world").write_text("old")
    first = crowd.start()
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin", first))
    second = crowd.start()
    first.kill()
    (crowd.folder / "world").write_text("new")
    crowd.tell(second, ONE)
    until(lambda: crowd.said("begin", second))
    time.sleep(0.5)
    assert len(crowd.said("begin", second)) == 1
    assert crowd.rows("SELECT status, queue_name, queue_partition_key, recovery_attempts FROM workflow_status") == [
        ("PENDING", "subjects", "pull 1", 2)
    ]
    crowd.let_go()
    until(lambda: crowd.said("write"))
    assert crowd.stop(second) == 0
    assert [row["observed"] for row in crowd.said("write")] == ["new"]
    assert crowd.store.items("processes") == {}


@on_postgres
def test_a_second_process_leaves_alone_what_the_first_is_looking_at(crowd):
    """Under DBOS's default executor id, `local`, the second would begin the first one's live work again."""
    crowd.hold()
    first = crowd.start(lease=20.0)
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin"))
    second = crowd.start(lease=20.0)
    time.sleep(3)
    crowd.let_go()
    until(lambda: crowd.said("write"))
    assert [crowd.stop(member) for member in (first, second)] == [0, 0]
    assert len(crowd.said("begin")) == 1


def test_a_paused_process_that_was_taken_over_writes_nothing_and_ends(crowd):
    crowd.hold()
    first = crowd.start()
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin", first))
    second = crowd.start()
    first.pause()
    until(lambda: crowd.said("begin", second))
    crowd.let_go()
    until(lambda: crowd.said("write", second))
    first.wake()
    assert first.ended() == 75
    assert crowd.said("write", first) == []
    crowd.tell(second, TWO)
    until(lambda: len(crowd.said("write", second)) == 2)
    assert crowd.stop(second) == 0


@on_sqlite
def test_a_process_that_was_paused_and_not_taken_over_goes_on(crowd):
    crowd.hold()
    first = crowd.start(lease=6.0)
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin", first))
    second = crowd.start(lease=6.0)
    first.pause()
    time.sleep(2)
    first.wake()
    crowd.let_go()
    until(lambda: crowd.said("write", first))
    assert [crowd.stop(member) for member in (first, second)] == [0, 0]
    assert len(crowd.said("begin")) == 1


@on_sqlite
def test_a_pause_of_all_is_nobodys_death(crowd):
    """As when a machine is suspended: who compares wall clocks, or counts its own pause, takes over a living process."""
    crowd.hold()
    first, second = crowd.start(lease=4.0), crowd.start(lease=4.0)
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin"))
    for member in (first, second):
        member.pause()
    time.sleep(5)
    for member in (second, first):
        member.wake()
    time.sleep(1)
    crowd.let_go()
    until(lambda: crowd.said("write"))
    assert [crowd.stop(member) for member in (first, second)] == [0, 0]
    assert len(crowd.said("begin")) == 1


@on_sqlite
def test_the_work_of_a_process_that_nobody_knows_is_taken_over(crowd):
    crowd.hold()
    first = crowd.start()
    crowd.tell(first, ONE)
    until(lambda: crowd.said("begin", first))
    first.kill()
    for name in crowd.store.items("processes"):
        crowd.store.drop("processes", name)
    second = crowd.start()
    until(lambda: crowd.said("begin", second))
    crowd.let_go()
    until(lambda: crowd.said("write"))
    assert crowd.stop(second) == 0


@on_postgres
def test_the_only_process_is_killed_and_its_successor_takes_over(crowd):
    crowd.hold()
    first = crowd.start()
    for subject in (ONE, TWO):
        crowd.tell(first, subject)
    until(lambda: len(crowd.said("begin", first)) == 2)
    crowd.tell(first, PullSubject(3), after=1.0)
    until(lambda: len(crowd.said("told")) == 3)
    first.kill()
    crowd.let_go()
    second = crowd.start()
    until(lambda: {row["subject"] for row in crowd.said("write")} == {"pull 1", "pull 2", "pull 3"})
    assert crowd.stop(second) == 0


def test_each_tick_is_told_once_whatever_the_number_of_processes(crowd):
    """A tick falls every 2 seconds. Three that told it each would come to three times as many."""
    members = [crowd.start(wait=False, lease=20.0, schedules={"reminders": 2.0}) for _ in range(3)]
    until(lambda: len(crowd.said("started")) == 3)
    began = time.monotonic()
    until(lambda: len(crowd.said("write")) >= 4)
    passed = time.monotonic() - began
    assert [crowd.stop(member) for member in members] == [0, 0, 0]
    found = len(crowd.said("write"))
    assert found <= passed / 2.0 + 2
    assert {row["subject"] for row in crowd.said("begin")} == {str(ChoreSubject("reminders"))}
