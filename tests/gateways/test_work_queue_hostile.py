"""Trap 12: a worker with full access to the work database. Nothing of it is run beside the keys, nothing large is read."""

import base64
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import digests, plain_json
from bot.errors import GatewayError, PendingError
from bot.gateways import work_look
from bot.gateways.work_tables import answers, blobs, questions, workers
from tests.gateways.work_side import job

ID = digests.job_id(job())
MORE = {"at": 0.0, "verb": "prepare", "weights": "", "seconds": 1.0}


class Bomb:
    """Unpickled, it writes a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (Path.write_text, (Path(self.path), "ran"))


def answer(worker, body):
    worker.write(answers, id=ID, body=body, **MORE)


def refused(queue):
    with pytest.raises(GatewayError) as raised:
        queue.prepare(job())
    assert (raised.value.reason, raised.value.transient) == ("work-answer", False)
    return raised.value.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an answer that is"),
        (b'{"id": "other", "answer": {}}', "another question"),
        (b"[]", "another question"),
        (b'{"id": "ID"}', "neither an answer nor an error"),
        (b'{"id": "ID", "error": "x"}', "neither an answer nor an error"),
        (b'{"id": "ID", "answer": {"outcome": "described"}}', "does not fit the submission schema"),
        (b'{"id": "ID", "answer": {"schema": NaN}}', "not plain JSON"),
        (b'{"id": "ID", "answer": {"schema": 1e999}}', "not plain JSON"),
        (b'{"id": "ID", "answer": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not plain JSON"),
        (b'{"id": "ID", "answer": {"message": "' + b"x" * 262_140 + b'"}}', "too large"),
        (b"x" * 300_000, "too large"),
        (b"\xff\xfe\x00", "not plain JSON"),
    ],
    ids=lambda value: str(value[:24]) if isinstance(value, bytes) else "",
)
def test_an_answer_that_is_none_is_refused_and_forgotten(queue, worker, body, said):
    with pytest.raises(PendingError):
        queue.prepare(job())
    answer(worker, body.replace(b"ID", ID.encode()))
    assert said in refused(queue)
    with pytest.raises(PendingError):
        queue.prepare(job())
    worker.work()
    assert queue.prepare(job())["outcome"] == "described"


def test_the_answer_to_another_job_does_not_pass_for_this_one(queue, worker):
    other = job("check")
    with pytest.raises(PendingError):
        queue.check(other)
    worker.work()
    with worker.database.begin() as connection:
        body = connection.execute(sa.select(answers.c.body)).scalar()
    answer(worker, body)
    assert "another question" in refused(queue)
    assert queue.check(other)["outcome"] == "passed"


def test_a_blob_with_another_hash_is_refused_and_forgotten(queue, worker):
    sha256 = worker.workshop.keep(b"right")["sha256"]
    for content in (b"wrong", b"x" * 2_000_000):
        worker.write(blobs, sha256=sha256, content=content, at=0.0)
        with pytest.raises(GatewayError) as raised:
            queue.blob(sha256)
        assert raised.value.reason == "work-answer"
    with pytest.raises(PendingError):
        queue.blob(sha256)
    worker.work()
    assert queue.blob(sha256) == b"right"


def test_forged_workers_and_questions_are_figures_and_words_of_bounded_length(queue, worker):
    worker.write(workers, executor="x", environment="z" * 10**6, lanes=2**31 - 1, beat=1, at=1e18, began=1e308)
    more = {"request": b"{}", "asked": 1.0, "wanted": 1.0, "came": -(2**63)}
    worker.write(
        questions, id="q" * 200, verb="v" * 10**6, contributor="c" * 10**6, kind="k", weights="w" * 10**6, **more
    )
    look = queue.backlog()
    assert look.lanes == 10_000
    (question,) = look.waiting
    assert [len(text) for text in (question.id, question.verb, question.contributor, *question.weights)] == [
        64,
        16,
        128,
        1024,
    ]
    assert (question.kind, question.came) == ("new", 0)
    with pytest.raises(GatewayError, match="no digest of its environment"):
        queue.environment()


def test_numbers_that_are_none_are_nothing():
    assert [work_look.number(value) for value in ("1", None, float("nan"), float("inf"), 10**400, b"x", 3)] == [
        0
    ] * 6 + [3]


def test_however_many_rows_are_looked_at_by_the_hundred(queue, worker):
    with worker.database.begin() as connection:
        if worker.database.sqlite:
            many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT"
            after = "FROM n"
        else:
            many, after = "SELECT", "FROM generate_series(1, 300000) AS n(i)"
        empty = "x''" if worker.database.sqlite else "''::bytea"
        columns = "(id, verb, request, contributor, kind, weights, asked, wanted, came)"
        connection.exec_driver_sql(
            f"INSERT INTO accession_questions {columns} {many} 'q' || i, 'check', {empty}, 'c' || i, 'new', '', i, i, 0 {after}"
        )
    look = queue.backlog()
    assert (len(look.waiting), look.more) == (work_look.LISTED, 300_000 - work_look.LISTED)
    with pytest.raises(PendingError):
        queue.prepare(job())


MEMORY = """
import resource, sys
from bot.errors import AccessionError, GatewayError
from bot.gateways.work_queue import WorkQueue
from tests.gateways.work_side import job
queue = WorkQueue(sys.argv[1])
for ask in (lambda: queue.environment(), lambda: queue.blob("0" * 64)):
    try:
        ask()
    except AccessionError:
        pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    queue.prepare(job())
except GatewayError as error:
    print(error.message, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
queue.close()
"""


@pytest.mark.parametrize("kind", ["bytes", "text"])
def test_an_answer_of_any_size_is_not_read(queue, worker, work_url, kind):
    with pytest.raises(PendingError):
        queue.prepare(job())
    answer(worker, b"")
    sqlite = worker.database.sqlite
    size = 100_000_000  # 990 MB, the most that either database takes, gave the same, at ten times the disk
    made = f"zeroblob({size})" if sqlite else f"convert_to(repeat('x', {size}), 'UTF8')"
    if kind == "text":
        made = (
            f"replace(hex(zeroblob({size // 2})), '00', 'xx')"
            if sqlite
            else f"convert_to(repeat('é', {size // 2}), 'UTF8')"
        )
    engine = sa.create_engine(work_url.replace("postgresql:", "postgresql+psycopg:"))  # without the limits of ours
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE accession_answers SET body = {made}")
    engine.dispose()
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, work_url], capture_output=True, text=True, check=True, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    said, _, grown = run.stdout.strip().rpartition(" ")
    assert "too large, or is none" in said
    assert int(grown) < 30


def test_pickles_of_the_engine_are_not_touched_on_this_side(queue, worker, tmp_path):
    """Every way of asking is gone through, with pickled rows in all of the engine's tables and in ours."""
    flag = tmp_path / "flag"
    bomb = base64.b64encode(pickle.dumps(Bomb(flag))).decode()
    with pytest.raises(PendingError):
        queue.prepare(job())
    with worker.database.begin() as connection:
        schema = "" if worker.database.sqlite else "dbos."
        if schema:
            connection.exec_driver_sql("CREATE SCHEMA dbos")
        connection.exec_driver_sql(
            f"CREATE TABLE {schema}workflow_status (workflow_uuid text, status text, serialization text, inputs text, output text)"
        )
        connection.exec_driver_sql(
            f"INSERT INTO {schema}workflow_status VALUES ('{ID}', 'SUCCESS', 'py_pickle', '{bomb}', '{bomb}')"
        )
    answer(worker, pickle.dumps(Bomb(flag)))
    refused(queue)
    answer(worker, plain_json.dumps({"id": ID, "answer": bomb, "serialization": "py_pickle"}).encode())
    refused(queue)
    worker.write(blobs, sha256="0" * 64, content=pickle.dumps(Bomb(flag)), at=0.0)
    with pytest.raises(GatewayError):
        queue.blob("0" * 64)
    for ask in (lambda: queue.finished([ID]), queue.backlog, lambda: queue.took([ID]), queue.clean_up):
        ask()
    assert not flag.exists()


def test_the_key_holding_side_imports_no_engine():
    """What reads the work database beside the keys has no deserialiser at hand."""
    code = "import sys; import bot.gateways.work_queue; print(sorted(m for m in sys.modules if m.partition('.')[0] in ('dbos', 'pickle')))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert "dbos" not in run.stdout
