"""The queue of subjects: what is told is looked at, one look at a time for a subject, and no event is lost or looked at twice."""

import time
from datetime import timedelta

import pytest
from dbos import DBOS, DBOSClient

from bot.errors import ConfigError, GatewayError
from bot.gateways.engine_dbos import DbosEngine
from bot.gateways.engine_dbos_tables import LOOK, QUEUE
from bot.records.answer import Answer
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from tests.fakes.engines import until

ONE, TWO = PullSubject(1), PullSubject(2)


def test_what_is_told_is_looked_at_with_its_hint(bench):
    engine = bench.start()
    for subject in (ONE, RecordSubject("77"), CollectionSubject(), ChoreSubject("poll")):
        engine.tell(subject, Hint(head="abc", comment=3))
    bench.idle()
    assert sorted(bench.looks.seen, key=str) == [
        ("chore poll", Hint(head="abc", comment=3)),
        ("collection", Hint(head="abc", comment=3)),
        ("pull 1", Hint(head="abc", comment=3)),
        ("record 77", Hint(head="abc", comment=3)),
    ]


def test_twelve_events_become_two_looks_and_the_second_has_the_newest_of_each_hint(bench):
    """Ids fall, because events overtake each other. With deduplication the eleven would cause no look at all; without taking the siblings away there would be twelve."""
    engine = bench.start()
    held = bench.looks.hold(ONE)
    engine.tell(ONE, Hint(comment=100))
    until(lambda: bench.looks.seen)
    for number in range(11):
        engine.tell(
            ONE, Hint(comment=11 - number, head="old" if number < 5 else "", run=10 - number, asked=number == 2)
        )
    engine.tell(ONE, Hint(head="new"))
    held.set()
    bench.idle()
    assert bench.looks.of(ONE) == [Hint(comment=100), Hint(comment=11, head="new", run=10, asked=True)]


def test_many_subjects_at_once_and_one_look_at_a_time_for_each(bench):
    engine = bench.start(lanes=4)
    pulls = [PullSubject(number) for number in range(1, 9)]
    for pull in pulls:
        bench.looks.hold(pull)
    for _ in range(3):
        for pull in pulls:
            engine.tell(pull)
    until(lambda: bench.looks.at_once["all"] == 4)
    bench.looks.release()
    bench.idle()
    assert bench.looks.most["all"] == 4
    assert {bench.looks.most[str(pull)] for pull in pulls} == {1}
    assert {name for name, _ in bench.looks.seen} == {str(pull) for pull in pulls}


def test_what_a_look_tells_about_itself_causes_exactly_one_more(bench):
    engine = bench.start()

    def answer(hint):
        if len(bench.looks.of(ONE)) == 1:
            engine.tell(ONE)
            engine.tell(ONE)
            engine.tell(TWO)
        return Answer()

    bench.looks.answers["pull 1"] = answer
    engine.tell(ONE)
    bench.idle()
    assert len(bench.looks.of(ONE)) == 2
    assert len(bench.looks.of(TWO)) == 1


def test_what_is_told_for_later_is_looked_at_later_also_when_a_look_came_between(bench):
    engine = bench.start()
    engine.tell(ONE, Hint(head="later"), after=1.5)
    engine.tell(ONE, Hint(head="now"))
    bench.idle()
    assert bench.looks.of(ONE) == [Hint(head="now")]
    assert engine.state().delayed == {"pull": 1}
    until(lambda: len(bench.looks.of(ONE)) == 2)
    bench.idle()
    assert bench.looks.of(ONE)[1] == Hint(head="later")


def test_a_row_that_names_no_subject_ends_and_stops_nobody(bench):
    engine = bench.start()
    client = DBOSClient(system_database_engine=engine._database.pool, application_name="accession", lazy=True)
    for number, arguments in enumerate([[{"subject": "pull one"}], [None], [{}], [[]], [{"subject": 7}], [1, 2], []]):
        options = {
            "workflow_name": LOOK, "queue_name": QUEUE, "queue_partition_key": f"pull {number}", "app_version": "1",
            "serialization_type": "portable",
        }  # fmt: skip
        with engine._database.begin() as c:
            client.enqueue_in_transaction(c, options, *arguments)
    engine.tell(TWO)
    bench.idle()
    assert bench.looks.seen == [("pull 2", Hint())]
    engine.tell(PullSubject(0))
    until(lambda: len(bench.looks.seen) == 2)


def test_the_state_counts_by_kind_and_says_for_how_long_somebody_waits(bench):
    engine = bench.start(lanes=1)
    bench.looks.hold(ONE)
    engine.tell(ONE)
    until(lambda: bench.looks.seen)
    for subject in (ONE, TWO, RecordSubject("5"), ChoreSubject("poll")):
        engine.tell(subject)
    engine.tell(RecordSubject("6"), after=100)
    state = engine.state()
    assert dict(state.running) == {"pull": 1}
    assert dict(state.waiting) == {"pull": 2, "record": 1, "chore": 1}
    assert dict(state.delayed) == {"record": 1}
    assert state.oldest >= 0
    assert [process.name for process in state.processes] == [engine.name]
    assert state.ready
    assert state.trouble == ""
    until(lambda: engine.state().oldest > 1)


def test_a_deploy_of_changed_code_strands_nothing(bench):
    """By default DBOS's version is a hash of the registered workflows: what the old code enqueued no new process would take."""
    bench.start(lanes=1)
    bench.looks.hold(ONE)
    bench.engine.tell(ONE)
    until(lambda: bench.looks.seen)
    bench.engine.tell(TWO, after=1.0)
    for number in range(3, 6):
        bench.engine.tell(PullSubject(number))
    bench.engine._stop_claiming()
    bench.rows("UPDATE workflow_status SET application_version = ?", "another contract")
    bench.stop(0.1)

    def another_workflow(payload):
        return payload

    DBOS.workflow(name="of-the-new-version")(another_workflow)
    bench.looks.release()
    bench.start()
    until(lambda: {name for name, _ in bench.looks.seen} >= {f"pull {number}" for number in range(1, 6)})
    bench.idle()
    assert bench.rows("SELECT DISTINCT application_version FROM workflow_status") == [("1",)]


def test_closing_finishes_what_is_under_way_and_leaves_the_rest_in_the_queue(bench):
    engine = bench.start(lanes=1)
    held = bench.looks.hold(ONE)
    engine.tell(ONE)
    until(lambda: bench.looks.seen)
    engine.tell(TWO)
    held.set()
    bench.stop()
    assert bench.store.items("processes") == {}
    first = len(bench.looks.seen)
    bench.start()
    bench.idle()
    assert len(bench.looks.of(ONE)) == 1
    assert len(bench.looks.of(TWO)) == 1
    assert first in {1, 2}


def test_closing_does_not_wait_for_ever_and_who_is_late_writes_nothing(bench):
    engine = bench.start()
    written = []

    def answer(hint):
        try:
            engine.fence()
            written.append(len(bench.looks.of(ONE)))
        except Exception as error:
            written.append(type(error).__name__)
            raise
        return Answer()

    bench.looks.answers["pull 1"] = answer
    held = bench.looks.hold(ONE)
    engine.tell(ONE)
    until(lambda: bench.looks.seen)
    bench.stop(0.2)
    held.set()
    until(lambda: written)
    assert written == ["LostLeaseError"]
    bench.looks.answers.clear()
    bench.start()
    bench.idle()
    assert len(bench.looks.of(ONE)) == 2


def test_a_deleted_database_is_made_anew_and_everything_is_looked_for(bench):
    calm = dict.fromkeys(("poll", "sweep", "reminders", "retest", "clean-up"), timedelta(hours=1))
    bench.start(schedules=calm)
    until(lambda: len(bench.looks.seen) == 2)
    bench.idle()
    bench.rows("DELETE FROM workflow_status")
    bench.stop()
    bench.start(schedules=calm)
    until(lambda: len(bench.looks.seen) == 4)
    assert sorted(name for name, _ in bench.looks.seen) == ["chore poll"] * 2 + ["chore sweep"] * 2


def test_finished_rows_are_forgotten_and_others_are_not(bench):
    engine = bench.start()
    bench.looks.hold(TWO)
    for number in range(5, 25):
        engine.tell(PullSubject(number))
    engine.tell(TWO)
    until(lambda: len(bench.looks.seen) == 21 and sum(engine.state().running.values()) == 1)
    engine.tell(TWO)
    engine.tell(ONE, after=600)
    assert engine.clean_up(days=1) == 0
    time.sleep(1.1)
    assert engine.clean_up(days=0) == 20
    assert bench.rows("SELECT count(*) FROM workflow_status") == [(3,)]
    assert bench.rows("SELECT count(*) FROM workflow_input") == [(3,)]
    assert bench.rows("SELECT count(*) FROM workflow_output") == [(0,)]
    bench.looks.release()
    bench.idle()
    assert len(bench.looks.of(TWO)) == 2


def test_an_engine_that_does_not_run_says_so(bench):
    engine = bench.start()
    bench.stop()
    with pytest.raises(GatewayError, match="not running"):
        engine.tell(ONE)


@pytest.mark.parametrize("url", ["secret", "mysql://me:secret@host/db", "sqlite://", "postgresql://me:secret@host", ""])
def test_what_is_no_url_of_a_database_is_a_setting(store_and_clock, url):
    store, clock = store_and_clock
    with pytest.raises(ConfigError, match="postgresql://") as found:
        DbosEngine(url, look=lambda *_: Answer(), store=store, clock=clock)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize("engine_url", ["ascii_postgres"], indirect=True)
def test_a_server_without_an_encoding_does_the_same(bench):
    engine = bench.start()
    engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))
