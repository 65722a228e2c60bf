"""The key-holding side of the work database: asked once, answered when it is there, on SQLite and PostgreSQL."""

import hashlib
import threading

import pytest
import sqlalchemy as sa

from bot import digests, plain_json
from bot.errors import ConfigError, GatewayError, PendingError
from bot.gateways.work_queue import WorkQueue
from bot.gateways.work_tables import WorkDatabase, answers, blobs, questions, workers
from bot.queueing.waiting_room import WaitingRoom
from bot.records.backlog import Question
from tests.gateways.work_side import job
from tests.journeys.conftest import rdf

DIGEST = "e" * 64


def rows(worker, table):
    with worker.database.begin() as connection:
        return connection.execute(sa.select(table)).fetchall()


def back(worker, table, column, seconds):
    """As if it had happened so long ago."""
    with worker.database.begin() as connection:
        connection.execute(sa.update(table).values({column: table.c[column] - seconds}))


def test_a_question_is_pending_until_it_is_answered(queue, worker):
    with pytest.raises(PendingError) as raised:
        queue.prepare(job())
    assert raised.value.job == digests.job_id(job())
    assert queue.finished([raised.value.job]) == frozenset()
    assert worker.work() == 1
    assert queue.finished([raised.value.job, "other"]) == {raised.value.job}
    answer = queue.prepare(job())
    assert answer["outcome"] == "described"
    assert queue.blob(answer["rdf"]["sha256"]) == rdf()
    assert worker.work() == 0


def test_asking_again_is_asking_once_whoever_asks(queue, worker, work_url):
    def ask(_):
        with pytest.raises(PendingError):
            other.check(job("check"))

    with WorkQueue(work_url) as other:
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with pytest.raises(PendingError):
            queue.check(job("check"))
    assert len(rows(worker, questions)) == 1
    worker.work()
    assert queue.check(job("check"))["outcome"] == "passed"
    assert worker.workshop.checks == 1


def test_whose_turn_it_is_is_kept_and_changes_nothing_else(queue, worker):
    turn = {"contributor": "zenodo-7", "kind": "again", "weights": ["onnx", "keras_v3"]}
    with pytest.raises(PendingError):
        queue.check(job("check", turn=turn))
    (waiting,) = queue.backlog().waiting
    assert waiting == Question(
        digests.job_id(job("check")), "check", "zenodo-7", "again", ("keras_v3", "onnx"), waiting.asked
    )
    worker.work()
    assert "turn" not in worker.asked[0]["job"]
    assert queue.check(job("check"))["outcome"] == "passed"


def test_the_sentence_of_a_pending_question_is_made_from_the_backlog(work_url, worker):
    with WorkQueue(work_url, explain=lambda backlog, name: f"{name[:5]} of {len(backlog.waiting)}") as queue:
        with pytest.raises(PendingError, match="prepa of 1"):
            queue.prepare(job())
        with pytest.raises(PendingError, match="check of 2"):
            queue.check(job("check"))


def test_trouble_of_the_work_side_is_told_and_forgotten_so_that_asking_again_asks_anew(queue, worker):
    worker.workshop.refuse_checks = 1
    with pytest.raises(PendingError):
        queue.check(job("check"))
    worker.work()
    with pytest.raises(GatewayError) as raised:
        queue.check(job("check"))
    assert (raised.value.reason, raised.value.transient) == ("work-gone", True)
    with pytest.raises(PendingError):
        queue.check(job("check"))
    worker.work()
    assert queue.check(job("check"))["outcome"] == "passed"


def test_trouble_that_stays_is_told_each_time(queue, worker):
    with pytest.raises(PendingError):
        queue.blob("0" * 64)
    worker.reply = lambda _request: {"error": {"message": "m" * 9000, "reason": "blob-too-large", "transient": False}}
    worker.work()
    for _ in range(2):
        with pytest.raises(GatewayError) as raised:
            queue.blob("0" * 64)
        assert (raised.value.reason, len(raised.value.message)) == ("blob-too-large", 2000)


def test_a_blob_that_is_gone_is_asked_for(queue, worker):
    content = b"a picture"
    sha256 = worker.workshop.keep(content)["sha256"]
    with pytest.raises(PendingError) as raised:
        queue.blob(sha256)
    worker.work()
    assert queue.finished([raised.value.job]) == {raised.value.job}
    assert queue.blob(sha256) == content
    back(worker, blobs, "at", 1e6)
    queue.clean_up()
    with pytest.raises(PendingError):
        queue.blob(sha256)
    with pytest.raises(PendingError):
        queue.blob(sha256)
    worker.work()
    assert queue.blob(sha256) == content


def test_pictures_lie_beside_the_report_that_names_them(queue, worker):
    with pytest.raises(PendingError):
        queue.check(job("check", "pictured"))
    worker.work()
    (picture,) = queue.check(job("check", "pictured"))["weights"][0]["pictures"]
    assert hashlib.sha256(queue.blob(picture["sha256"])).hexdigest() == picture["sha256"]


def test_a_blob_is_asked_for_by_its_hash(queue):
    with pytest.raises(GatewayError, match="by its sha256"):
        queue.blob("../../etc/passwd")


def test_the_environment_is_that_of_the_newest_worker_that_lives(queue, worker):
    with pytest.raises(GatewayError) as raised:
        queue.environment()
    assert (raised.value.reason, raised.value.transient) == ("no-worker", True)
    with worker.database.begin() as connection:
        for number, began in enumerate((100.0, 300.0, 200.0)):
            values = {"executor": f"w{number}", "environment": f"{number}" * 64, "lanes": 2, "beat": 1, "began": began}
            worker.database.upsert(connection, workers, values | {"at": worker.database.now()})
    assert queue.environment() == "1" * 64
    assert (queue.backlog().lanes, queue.backlog().workers) == (2, 1)
    with worker.database.begin() as connection:
        connection.execute(sa.update(workers).where(workers.c.executor == "w1").values(at=workers.c.at - 1000))
    assert queue.environment() == "2" * 64
    back(worker, workers, "at", 1000)
    assert queue.environment() == "0" * 64 or queue.environment() == "2" * 64
    assert queue.backlog().lanes == 0


def test_what_took_how_long_is_told_with_its_formats(queue, worker):
    with pytest.raises(PendingError) as raised:
        queue.check(job("check"))
    worker.work()
    ((verb, formats, seconds),) = queue.took([raised.value.job, "nothing"]).values()
    assert (verb, formats) == ("check", ("onnx",))
    assert 0 <= seconds < 60


def test_clean_up_forgets_what_is_old_and_keeps_the_rest(queue, worker):
    with pytest.raises(PendingError):
        queue.prepare(job())
    worker.work()
    with pytest.raises(PendingError):
        queue.check(job("check"))
    assert queue.clean_up() == 0
    for table, column in ((answers, "at"), (blobs, "at"), (questions, "wanted")):
        back(worker, table, column, 90_000)
    with pytest.raises(PendingError):
        queue.check(job("check"))  # it is still wanted
    assert queue.clean_up() == 2
    assert queue.backlog().waiting[0].verb == "check"
    with pytest.raises(PendingError):
        queue.prepare(job())


def test_a_question_that_nobody_asks_for_any_more_goes(queue, worker):
    with pytest.raises(PendingError):
        queue.check(job("check"))
    back(worker, questions, "wanted", 90_000)
    assert queue.clean_up() == 1
    assert queue.backlog().waiting == ()


def test_a_question_that_is_answered_while_it_is_asked_is_not_asked_twice(queue, worker, monkeypatch):
    """The answer comes between the look for it and the question."""
    name = digests.job_id(job())
    insert = WorkDatabase.insert

    def late(self, connection, table, values):
        made = insert(self, connection, table, values)
        if table is questions:
            body = plain_json.dumps({"id": name, "answer": worker.workshop.prepare(job())}).encode()
            more = {"at": 0.0, "verb": "prepare", "weights": "", "seconds": 1.0}
            insert(self, connection, answers, {"id": name, "body": body} | more)
        return made

    monkeypatch.setattr(WorkDatabase, "insert", late)
    with pytest.raises(PendingError):
        queue.prepare(job())
    assert queue.backlog().waiting == ()
    assert queue.prepare(job())["outcome"] == "described"


def test_a_queue_is_a_waiting_room(queue):
    assert isinstance(queue, WaitingRoom)


@pytest.mark.parametrize("url", ["mysql://x", "/tmp.sqlite", "", "sqlite://"])
def test_a_strange_address_is_refused(url):
    with pytest.raises(ConfigError):
        WorkQueue(url)


def test_a_database_that_does_not_answer_is_trouble_that_may_pass(tmp_path):
    with WorkQueue("postgresql://ada:s3cret@127.0.0.1:1/work") as queue, pytest.raises(GatewayError) as raised:
        queue.prepare(job())
    assert (raised.value.reason, raised.value.transient) == ("work-database", True)
    assert "s3cret" not in raised.value.message
    (tmp_path / "work.sqlite").write_bytes(b"garbage" * 1000)
    with WorkQueue(f"sqlite:///{tmp_path}/work.sqlite") as queue, pytest.raises(GatewayError) as raised:
        queue.environment()
    assert raised.value.reason == "work-database"


def test_other_images_are_asked_anew(queue, worker):
    """An answer is kept under what it was found on: a deploy brings new verdicts, not those of the old images."""

    def deploy(number):
        now = worker.database.now()
        values = {"executor": f"w{number}", "environment": f"{number}" * 64, "lanes": 1, "beat": 1, "began": now}
        worker.write(workers, **values, at=now)

    deploy(1)
    with pytest.raises(PendingError) as first:
        queue.check(job("check"))
    worker.work()
    assert queue.check(job("check"))["outcome"] == "passed"
    deploy(2)
    with pytest.raises(PendingError) as second:
        queue.check(job("check"))
    assert second.value.job != first.value.job
    worker.work()
    assert queue.check(job("check"))["outcome"] == "passed"


@pytest.mark.parametrize("work_url", ["ascii_postgres"], indirect=True)
def test_a_server_without_an_encoding_keeps_every_character(queue, worker):
    asked = job("check", source={"archive": "none", "concept": "Žofia 細胞", "record": "", "files": []})
    with pytest.raises(PendingError):
        queue.check(asked)
    worker.work()
    assert queue.check(asked)["outcome"] == "passed"
