"""Real `accession work` processes on one work database: killed, paused, asked to stop, replaced by a deploy."""

import base64
import json
import pickle
import signal

import pytest
import sqlalchemy as sa

from bot.errors import GatewayError, PendingError
from bot.gateways.work_tables import WorkDatabase, blobs, workers
from tests.fakes.work_nodes import alive, answer, answered, ask, until


def test_two_workers_share_the_questions_and_each_is_answered_once(nodes, queue):
    for _ in range(2):
        nodes.start()
    alive(queue, 2)
    words = [f"question {number}; sleep 0.3;" for number in range(6)]
    for word in words:
        ask(queue, word)
    assert {answer(queue, word)["outcome"] for word in words} == {"described"}
    assert [nodes.ran(word) for word in words] == [1] * 6
    sha256 = answer(queue, words[0])["rdf"]["sha256"]
    assert b"question 0" in queue.blob(sha256)
    assert len(queue.environment()) == 64


def test_a_killed_workers_question_is_taken_over_and_one_that_kills_is_given_up(nodes, queue):
    victim = nodes.start()
    alive(queue, 1)
    ask(queue, "long; sleep 1.5;")
    until(lambda: nodes.ran("long"))
    victim.kill()
    victim.wait()
    nodes.start()
    assert answer(queue, "long; sleep 1.5;")["outcome"] == "described"
    assert nodes.ran("long") == 2
    ask(queue, "kill;")
    for _ in range(3):
        node = nodes.running[-1]
        until(lambda node=node: node.poll() is not None)
        nodes.start()
    with pytest.raises(GatewayError, match="ended its worker 3 times") as raised:
        answer(queue, "kill;")
    assert (raised.value.reason, raised.value.transient) == ("worker-killed", False)
    assert nodes.ran("kill") == 3
    assert answer(queue, "others go on")["outcome"] == "described"


def test_a_paused_worker_is_taken_over_and_woken_harms_nobody(nodes, queue):
    paused = nodes.start()
    alive(queue, 1)
    ask(queue, "slow; sleep 1;")
    until(lambda: nodes.ran("slow"))
    paused.send_signal(signal.SIGSTOP)
    nodes.start()
    assert answer(queue, "slow; sleep 1;")["outcome"] == "described"
    paused.send_signal(signal.SIGCONT)
    assert nodes.ran("slow") == 2
    assert {answer(queue, f"after {number}")["outcome"] for number in range(8)} == {"described"}
    assert paused.poll() is None


def flow(url, question):
    """Status and attempts of what the question was given out as."""
    database = WorkDatabase(url)
    columns = "status, recovery_attempts FROM {}workflow_status".format("" if database.sqlite else "dbos.")
    with database.begin() as connection:
        row = connection.exec_driver_sql(f"SELECT {columns} WHERE workflow_uuid LIKE '{question}.%%'").first()
    database.close()
    return tuple(row)


def test_asked_to_stop_it_finishes_what_it_can_and_gives_back_the_rest(nodes, queue):
    first = nodes.start()
    alive(queue, 1)
    ask(queue, "short; sleep 0.8;")
    endless = ask(queue, "endless; sleep 30;")
    until(lambda: nodes.ran("short") and nodes.ran("endless"))
    first.terminate()
    assert first.wait(30) == 0
    assert answer(queue, "short; sleep 0.8;")["outcome"] == "described"
    assert nodes.ran("short") == 1
    assert json.loads(nodes.log().splitlines()[-1])["given_back"] == 1
    assert queue.finished([endless]) == frozenset()  # though its boxes were closed over it, and it heard of that
    assert flow(nodes.url, endless) == ("ENQUEUED", 0)
    nodes.start()
    until(lambda: nodes.ran("endless") == 2)


REFUSE = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON accession_answers BEGIN SELECT RAISE(ABORT, 'it is full'); END",
    ],
    "postgres": [
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE 'it is full'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER refuse BEFORE INSERT ON accession_answers FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}


def test_an_answer_that_the_database_does_not_take_is_laid_when_it_does(nodes, queue):
    nodes.start()
    alive(queue, 1)
    database = WorkDatabase(nodes.url)
    with database.begin() as connection:
        for statement in REFUSE["sqlite" if database.sqlite else "postgres"]:
            connection.exec_driver_sql(statement)
    ask(queue, "found")
    until(lambda: "worker_waits" in nodes.log())
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse" + ("" if database.sqlite else " ON accession_answers"))
    database.close()
    assert answer(queue, "found")["outcome"] == "described"
    assert nodes.ran("found") == 1


OLD, NEW = {"ACCESSION_TEST_IMAGE": "sha256:old"}, {"ACCESSION_TEST_IMAGE": "sha256:new"}


def test_a_deploy_strands_nothing(nodes, queue):
    """A newer worker on another image and of another size answers what the older one was given and had not finished."""
    old = nodes.start(**OLD)
    alive(queue, 1)
    before = queue.environment()
    ask(queue, "under way; sleep 60 on sha256:old;")
    until(lambda: nodes.ran("under way"))
    nodes.start(**NEW, ACCESSION_TEST_CPUS="4")
    until(lambda: queue.environment() != before)
    old.kill()
    assert answer(queue, "under way; sleep 60 on sha256:old;")["outcome"] == "described"
    assert nodes.ran("under way") == 2


def test_while_two_releases_work_each_answers_what_was_asked_for_it_and_going_back_strands_nothing(nodes, queue):
    nodes.start(**OLD)
    alive(queue, 1)
    before = queue.environment()
    ask(queue, "asked for the old one; sleep 1;")
    new = nodes.start(**NEW)
    until(lambda: queue.environment() != before)
    words = [f"question {number}; sleep 0.3;" for number in range(8)]
    for word in words:
        ask(queue, word)
    assert {answer(queue, word)["outcome"] for word in words} == {"described"}
    assert [nodes.ran(f"on sha256:{image}: ") for image in ("old", "new")] == [1, 8]
    ask(queue, "asked for the new one; sleep 60 on sha256:new;")
    until(lambda: nodes.ran("asked for the new one"))
    new.kill()
    new.wait()
    until(lambda: queue.environment() == before)
    assert answer(queue, "asked for the new one; sleep 60 on sha256:new;")["outcome"] == "described"
    assert answer(queue, "asked for the old one; sleep 1;")["outcome"] == "described"
    assert [nodes.ran(f"on sha256:{image}: ") for image in ("old", "new")] == [2, 9]


def test_what_the_older_release_left_is_answered_when_it_comes_back(nodes, queue):
    """Its workers end, a newer one does not touch what was asked for them, and they return."""
    old = nodes.start(**OLD)
    alive(queue, 1)
    before = queue.environment()
    ask(queue, "mine; sleep 1;")
    until(lambda: nodes.ran("mine"))
    old.kill()
    old.wait()
    nodes.start(**NEW)
    until(lambda: queue.environment() != before)
    assert answer(queue, "others go on")["outcome"] == "described"
    nodes.start(**OLD)
    until(lambda: queue.environment() == before)
    assert answer(queue, "mine; sleep 1;")["outcome"] == "described"
    assert [nodes.ran(f"on sha256:{image}: ") for image in ("old", "new")] == [2, 1]


def test_bytes_are_had_from_the_worker_that_has_them(nodes, queue, work_url):
    """Workers on two machines share no folder, and what lay beside the answers is cleaned up after a day."""
    for _ in range(2):
        nodes.start()
    alive(queue, 2)
    words = [f"question {number}; sleep 0.3;" for number in range(8)]
    for word in words:
        ask(queue, word)
    hashes = [answer(queue, word)["rdf"]["sha256"] for word in words]
    database = WorkDatabase(work_url)
    with database.begin() as connection:
        connection.execute(sa.delete(blobs))
    database.close()
    for word, sha256 in zip(words, hashes, strict=True):
        assert word.encode() in answered(lambda sha256=sha256: queue.blob(sha256))
    with pytest.raises(GatewayError) as raised:
        answered(lambda: queue.blob("0" * 64))
    assert (raised.value.reason, raised.value.transient) == ("blob-gone", True)
    with pytest.raises(PendingError):
        queue.blob("0" * 64)


def test_a_worker_that_was_taken_for_dead_goes_on_when_it_comes_back_and_is_not_the_newest(nodes, queue):
    paused = nodes.start(**OLD)
    alive(queue, 1)
    before = queue.environment()
    nodes.start(**NEW)
    newest = until(lambda: queue.environment() != before and queue.environment())
    database = WorkDatabase(nodes.url)

    def known():
        with database.begin() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(workers)).scalar()

    paused.send_signal(signal.SIGSTOP)
    until(lambda: known() == 1)
    paused.send_signal(signal.SIGCONT)
    until(lambda: known() == 2)
    database.close()
    assert queue.environment() == newest
    nodes.running[-1].kill()
    nodes.running[-1].wait()
    until(lambda: queue.environment() == before)
    assert answer(queue, "after")["outcome"] == "described"
    assert nodes.ran("on sha256:old: ") == 1


class Bomb:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        from pathlib import Path

        return (Path.write_text, (Path(self.path), "ran"))


def test_a_pickle_in_the_engines_rows_runs_on_no_worker(nodes, queue, work_url, tmp_path):
    """Who gets at the database does not get at the other workers: DBOS alone would unpickle these arguments."""
    nodes.start()
    alive(queue, 1)
    answer(queue, "first")
    bomb = base64.b64encode(pickle.dumps({"args": (Bomb(tmp_path / "flag"),), "kwargs": {}})).decode()
    database = WorkDatabase(work_url)
    schema = "" if database.sqlite else "dbos."
    with database.begin() as connection:
        flow = connection.exec_driver_sql(f"SELECT workflow_uuid, queue_name FROM {schema}workflow_status").first()
        connection.exec_driver_sql(
            f"UPDATE {schema}workflow_input SET inputs = '{bomb}' WHERE workflow_uuid = '{flow[0]}'"
        )
        connection.exec_driver_sql(
            f"UPDATE {schema}workflow_status SET status = 'ENQUEUED', serialization = 'py_pickle'"
        )
    look = f"SELECT count(*) FROM {schema}workflow_status WHERE status = 'ENQUEUED'"

    def taken():
        with database.begin() as connection:
            return connection.exec_driver_sql(look).scalar() == 0

    until(taken)
    assert answer(queue, "others go on")["outcome"] == "described"
    assert not (tmp_path / "flag").exists()
    database.close()


def test_a_worker_that_nobody_knows_any_more_leaves_nothing_behind(nodes, queue, work_url):
    """Its row of life is gone, as after a database that was cleaned too eagerly."""
    lost = nodes.start()
    alive(queue, 1)
    ask(queue, "orphan; sleep 1;")
    until(lambda: nodes.ran("orphan"))
    lost.kill()
    database = WorkDatabase(work_url)
    with database.begin() as connection:
        connection.execute(sa.delete(workers))
    database.close()
    nodes.start()
    assert answer(queue, "orphan; sleep 1;")["outcome"] == "described"
