"""What killed workers, a failing engine and hostile hands leave in the work database: it is answered once, and others go on."""

from contextlib import contextmanager
from functools import partial

import pytest

from bot.errors import GatewayError
from bot.gateways import work_engine_rows
from bot.gateways.work_engine import DAY, WorkEngine
from bot.queueing.fair import choose
from tests.fakes.work_left import Left
from tests.fakes.work_node import bench
from tests.fakes.work_nodes import Nodes, alive, answer, ask, until

SOON = 20.0
"""Seconds for a worker to start and to do repairs that wait for a lease of 2."""


@pytest.fixture
def left(work_url, tmp_path):
    made = Left(work_url, bench(tmp_path).environment())
    yield made
    made.database.close()


@contextmanager
def engine(left, lanes=4):
    """One that was never started."""
    environment = partial(str, left.environment)
    made = WorkEngine(left.database.url, reply=dict, environment=environment, choose=choose, lanes=lanes)
    made._current()
    yield made
    made._database.close()


def answered_once(nodes, queue, *words):
    assert [answer(queue, word, seconds=SOON)["outcome"] for word in words] == ["described"] * len(words)
    assert [nodes.ran(word) for word in words] == [1] * len(words)


def test_what_a_killed_worker_had_in_its_queue_is_answered(nodes, queue, left):
    ask(queue, "stranded")
    left.given_out(lanes=2)
    nodes.start()
    answered_once(nodes, queue, "stranded")


def test_what_waits_where_a_worker_listens_is_left_to_it(queue, left):
    name = ask(queue, "theirs")
    left.given_out("theirs")
    with left.worker("ours") as ours:
        assert not ours.adopt({"predecessor"}, left.environment)
        assert left.queued("theirs") == {name}
        assert not ours.adopt({"theirs"}, left.environment)
        assert left.queued("ours") == {name}


def test_a_worker_takes_over_what_it_has_room_for_and_leaves_the_rest_to_others(queue, left):
    names = [ask(queue, f"question {number}") for number in range(3)]
    left.given_out("gone")
    with left.worker("full", lanes=0) as full, left.worker("small", lanes=1) as small, left.worker("idle") as idle:
        assert full.adopt({"gone"}, left.environment)
        assert small.adopt({"gone"}, left.environment)
        assert small.adopt({"gone"}, left.environment)
        assert not idle.adopt({"gone"}, left.environment)
    queued = [left.queued(executor) for executor in ("gone", "full", "small", "idle")]
    assert queued == [set(), set(), {names[0]}, {names[1], names[2]}]


def test_what_a_dead_worker_left_gets_the_next_lane_before_anything_new_does(queue, left):
    busy = ask(queue, "under way here")
    with engine(left, lanes=1) as ours, left.worker(ours.executor, lanes=1) as rows:
        ours._feed(rows)
        orphan = ask(queue, "given to who is gone")
        left.given_out("gone")
        new = ask(queue, "new")
        ours._dead, ours._orphans = {"gone"}, True
        ours._feed(rows)
        assert (left.queued(ours.executor), left.queued("gone")) == ({busy}, {orphan})
        left.drop(busy)
        ours._feed(rows)
        assert left.queued(ours.executor) == {orphan}
        left.drop(orphan)
        ours._feed(rows)
        assert left.queued(ours.executor) == {new}


def test_a_worker_that_stops_takes_nothing_over(queue, left):
    name = ask(queue, "left")
    left.given_out("gone")
    left.sql("DELETE FROM accession_workers WHERE executor = 'gone'")
    with engine(left) as ours, left.worker(ours.executor) as rows:
        ours._listens = True
        ours._over.set()
        ours._live(rows)
        assert left.queued("gone") == {name}
        ours._over.clear()
        ours._live(rows)
        assert left.queued(ours.executor) == {name}


def test_a_question_whose_row_the_engine_lost_waits_again_with_its_place_kept(nodes, queue, left):
    name = ask(queue, "first; sleep 0.5;")
    (before,) = queue.backlog().waiting
    left.given_out()
    left.drop(name)
    with engine(left) as ours, left.worker("ours") as rows:
        ours._mend(rows)
    assert queue.backlog().waiting == (before,)
    ask(queue, "second")
    nodes.start()
    answered_once(nodes, queue, "first; sleep 0.5;", "second")


@pytest.mark.parametrize("status", ["CANCELLED", "SUCCESS"])
def test_a_question_that_the_engine_ended_without_an_answer_is_told_and_may_be_asked_again(nodes, queue, left, status):
    """As where a worker is killed between giving a question up and saying so."""
    name = ask(queue, "ended")
    left.given_out()
    left.change(name, f"status = '{status}'")
    nodes.start()
    with pytest.raises(GatewayError) as raised:
        answer(queue, "ended", seconds=SOON)
    assert (raised.value.reason, raised.value.transient, nodes.ran("ended")) == ("internal", True, 0)
    answered_once(nodes, queue, "ended")


def test_a_run_that_failed_on_our_side_is_done_again_and_after_the_third_it_is_told(nodes, queue, left):
    """As where the work database failed in its middle. Another question's runs are not counted."""
    name, other = ask(queue, "unlucky"), ask(queue, "other")
    with engine(left) as ours, left.worker("ours") as rows:
        for _ in range(2):
            left.given_out()
            left.change(name, "status = 'ERROR'")
            ours._mend(rows)
            assert [question.id for question in queue.backlog().waiting] == [name]
        left.given_out()
        left.change(name, "status = 'ERROR'")
        left.change(other, "status = 'ERROR'")
        ours._mend(rows)
    assert [question.id for question in queue.backlog().waiting] == [other]
    with pytest.raises(GatewayError) as raised:
        answer(queue, "unlucky")
    assert (raised.value.reason, raised.value.transient) == ("internal", True)
    nodes.start()
    answered_once(nodes, queue, "other", "unlucky")


def test_two_workers_that_see_the_same_loss_give_the_question_out_once(queue, left):
    name = ask(queue, "lost")
    left.given_out()
    left.drop(name)
    with left.worker("one") as one, left.worker("two") as two:
        (seen,) = one.lost()
        assert two.lost() == [seen]
        one.let_wait(*seen[:2])
        one.release(lambda look, _room: [question.id for question in look.waiting], left.environment)
        given = left.given(name)
        two.let_wait(*seen[:2])
    assert given
    assert left.given(name) == given
    assert left.flows() == {name: "ENQUEUED"}


@pytest.mark.parametrize("executor", ["NULL", "'whoever'", "'x {\"pid\": [[1]}'"])
def test_what_says_it_was_begun_by_nobody_we_know_is_answered(nodes, queue, left, executor):
    name = ask(queue, "nobodys")
    left.given_out()
    left.change(name, f"status = 'PENDING', executor_id = {executor}, recovery_attempts = 1")
    nodes.start()
    answered_once(nodes, queue, "nobodys")


def test_a_row_without_sense_stops_no_repair_of_others(nodes, queue, left):
    """SQLite keeps words in a column of numbers."""
    senseless, other = ask(queue, "senseless"), ask(queue, "other")
    left.given_out()
    left.change(other, "status = 'PENDING', executor_id = 'killed', recovery_attempts = 1")
    attempts = "'many'" if left.database.sqlite else "-5"
    left.change(senseless, f"status = 'PENDING', executor_id = 'killed', recovery_attempts = {attempts}")
    nodes.start()
    answered_once(nodes, queue, "senseless", "other")


def test_what_a_worker_claimed_and_never_began_is_answered_while_it_lives(nodes, queue, left):
    """DBOS claims a row, and its database fails before it begins: nobody takes over from who lives."""
    name = ask(queue, "claimed")
    left.given_out("seven", lanes=7)
    nodes.start()
    until(lambda: left.newest() != "seven")
    left.change(name, f"status = 'PENDING', executor_id = '{left.newest()}', recovery_attempts = 1")
    answered_once(nodes, queue, "claimed")


def test_what_runs_longer_than_a_lease_is_not_taken_for_stuck(nodes, queue):
    nodes.start()
    alive(queue, 1)
    ask(queue, "long; sleep 5;")
    answered_once(nodes, queue, "long; sleep 5;")


def test_who_is_killed_is_followed_at_once_by_the_next_one_on_the_same_machine(tmp_path, work_url, queue):
    """Not after a lease: it is certain that it ended."""
    nodes = Nodes(tmp_path, work_url, lease=40.0)
    try:
        first = nodes.start()
        alive(queue, 1)
        ask(queue, "mine; sleep 2;")
        until(lambda: nodes.ran("mine"))
        first.kill()
        first.wait()
        nodes.start()
        assert answer(queue, "mine; sleep 2;", seconds=25)["outcome"] == "described"
        assert nodes.ran("mine") == 2
    finally:
        nodes.close()


def test_finished_rows_are_forgotten_after_a_day_and_nothing_else_is(queue, left):
    words = {name: ask(queue, name) for name in ("finished", "ended", "young", "running", "waiting")}
    left.given_out()
    statuses = {"finished": "SUCCESS", "ended": "CANCELLED", "young": "SUCCESS", "running": "PENDING"}
    for word, status in statuses.items():
        left.change(words[word], f"status = '{status}'")
    for word in words.keys() - {"young"}:
        left.change(words[word], "updated_at = updated_at - 90000000")
    with left.worker("tidy") as rows:
        assert rows.forget(DAY) == 2
        assert rows.forget(DAY) == 0
    kept = {words["young"]: "SUCCESS", words["running"]: "PENDING", words["waiting"]: "ENQUEUED"}
    assert (left.flows(), left.inputs()) == (kept, 3)


def test_however_much_was_finished_in_an_hour_it_is_forgotten(queue, left, monkeypatch):
    """A look at the engine's rows is bounded, and looks are an hour apart."""
    names = [ask(queue, f"question {number}") for number in range(5)]
    left.given_out()
    for name in names:
        left.change(name, "status = 'SUCCESS', updated_at = 0")
    monkeypatch.setattr(work_engine_rows, "_LISTED", 2)
    with engine(left) as ours, left.worker("tidy") as rows:
        ours._tidy(rows)
    assert left.flows() == {}
