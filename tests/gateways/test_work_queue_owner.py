"""A worker owns the work database and may make anything of it: it can be wrong, and cannot fill the key-holding process."""

import hashlib
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot import digests
from bot.errors import GatewayError, PendingError
from bot.gateways import guarded_postgres, work_connections
from bot.gateways.work_queue import WorkQueue
from bot.gateways.work_tables import WorkDatabase, blobs
from tests.gateways.work_side import job

NAME = digests.job_id(job())
ASK = """
import resource, sys
from bot.errors import AccessionError
from bot.gateways import guarded_postgres, work_connections
from bot.gateways.work_queue import WorkQueue
from tests.gateways.work_side import job
guarded_postgres.ANSWER_SECONDS, work_connections.TRANSACTION_SECONDS = 3.0, 1.0
def ask(*questions):
    for question in questions:
        try:
            question()
        except AccessionError as error:
            print("said", error.reason)
other, queue = WorkQueue(sys.argv[1]), WorkQueue(sys.argv[2])
ways = lambda q: (q.environment, lambda: q.blob("0" * 64), lambda: q.prepare(job()), q.backlog,
    lambda: q.finished([sys.argv[3]]), lambda: q.answerable([sys.argv[3]]), lambda: q.took([sys.argv[3]]), q.clean_up)
ask(*ways(other))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("---")
ask(*ways(queue))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
other.close(), queue.close()
"""
MOST_MB = 40
LARGE = 150_000_000
HUGE = f"repeat('x', {LARGE})"
HUGE_BYTES = f"convert_to({HUGE}, 'UTF8')"
BLOB = "INSERT INTO accession_blobs (sha256, content, at) VALUES (repeat('0', 64), {}, 0)"


def view(table, columns, *, rows=1):
    """In the table's place, so many rows."""
    return f"DROP TABLE {table}", f"CREATE VIEW {table} AS SELECT {columns} FROM generate_series(1, {rows})"


def function(body, returns="bytea", name="f()"):
    return f"CREATE FUNCTION {name} RETURNS {returns} LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


QUESTION = "{0} AS id, {0} AS verb, ''::bytea AS request, {0} AS contributor, {0} AS kind, {0} AS weights, 1::float8 AS asked, 1::float8 AS wanted, 0::bigint AS came, NULL::bigint AS released, NULL::float8 AS started, NULL::text AS workflow, NULL::text AS environment, NULL::text AS declined"
CONTENT_OF_ITS_OWN = (
    "CREATE TYPE own AS (a int)",
    "ALTER TABLE accession_blobs DROP COLUMN content",
    "ALTER TABLE accession_blobs ADD COLUMN content own",
    BLOB.format("row(1)::own"),
)
TO_NOTICE = "PERFORM set_config('client_min_messages', 'notice', false);"
OWNER = {
    "functions of its own, for a type of its own": (
        *CONTENT_OF_ITS_OWN,
        "CREATE FUNCTION public.octet_length(own) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        f"CREATE FUNCTION public.substr(own, int, int) RETURNS bytea LANGUAGE sql AS $$ SELECT {HUGE_BYTES} $$",
    ),
    "a cast of its own": (
        *CONTENT_OF_ITS_OWN,
        "CREATE SEQUENCE looks",
        function(f"RETURN CASE WHEN nextval('looks') % 2 = 1 THEN '' ELSE {HUGE_BYTES} END;", name="f(own)"),
        "CREATE CAST (own AS bytea) WITH FUNCTION f(own) AS IMPLICIT",
    ),
    "functions of our names, first in the search path": (
        f"CREATE FUNCTION public.substr(bytea, int, int) RETURNS bytea LANGUAGE sql AS $$ SELECT {HUGE_BYTES} $$",
        f"CREATE FUNCTION public.substr(text, int, int) RETURNS text LANGUAGE sql AS $$ SELECT {HUGE} $$",
        "ALTER ROLE CURRENT_USER SET search_path = public, pg_catalog",
        "ALTER ROLE CURRENT_USER SET bytea_output = 'escape'",
        BLOB.format("'x'"),
    ),
    "a view that says something else each time": (
        "CREATE SEQUENCE looks",
        function(f"RETURN CASE WHEN nextval('looks') % 2 = 1 THEN '' ELSE {HUGE_BYTES} END;"),
        *view("accession_blobs", "repeat('0', 64) AS sha256, f() AS content, 0::float8 AS at"),
    ),
    "texts without end": (
        *view("accession_questions", QUESTION.format(HUGE), rows=3),
        *view(
            "accession_workers", f"{HUGE} AS environment, 1 AS lanes, 1e12::float8 AS at, 1 AS began, 'x' AS executor"
        ),
    ),
    "rows without end": view("accession_questions", QUESTION.format("repeat('x', 100000)"), rows=10**9),
    "columns of other types": view(
        "accession_answers",
        f"'{NAME}' AS id, (repeat('[', 5000) || repeat(']', 5000))::json AS verb, array_fill(1, ARRAY[100000]) AS weights,"
        " 'NaN'::numeric AS seconds, ''::bytea AS body, 0::float8 AS at",
    ),
    "a notice without end": (
        function(f"{TO_NOTICE} RAISE NOTICE '%', {HUGE}; RETURN '';"),
        *view("accession_blobs", "repeat('0', 64) AS sha256, f() AS content, 0::float8 AS at"),
    ),
    "an error without end": (
        function(f"RAISE EXCEPTION '%', {HUGE}; RETURN '';"),
        *view("accession_blobs", "repeat('0', 64) AS sha256, f() AS content, 0::float8 AS at"),
    ),
    "a trigger": (
        function(f"{TO_NOTICE} RAISE NOTICE '%', {HUGE}; RETURN NEW;", returns="trigger"),
        "CREATE TRIGGER t BEFORE INSERT ON accession_questions FOR EACH ROW EXECUTE FUNCTION f()",
        "DELETE FROM accession_questions",
    ),
    "a policy": (
        function(f"{TO_NOTICE} RAISE NOTICE '%', {HUGE}; RETURN true;", returns="boolean"),
        "ALTER TABLE accession_answers ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE accession_answers FORCE ROW LEVEL SECURITY",
        "CREATE POLICY p ON accession_answers USING (f())",
        f"INSERT INTO accession_answers VALUES ('{NAME}', '', 0, '', '', 0)",
    ),
    "sleep, and no limit to it": (
        function("PERFORM set_config('statement_timeout', '0', false); PERFORM pg_sleep(3600); RETURN '';"),
        *view("accession_blobs", "repeat('0', 64) AS sha256, f() AS content, 0::float8 AS at"),
    ),
}
"""What the owner does, by what that is: each fills or stops a process that trusts the database's word on sizes."""


@pytest.fixture
def owned(postgres_here):
    """The url of a database that belongs to a role without further rights, as the worker's does."""
    with psycopg.connect(postgres_here.url(), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'accession_work'").fetchone()
        connection.execute("SELECT 1" if there else "CREATE ROLE accession_work LOGIN NOSUPERUSER")
        connection.execute("ALTER ROLE accession_work RESET ALL")
    return postgres_here.database("OWNER accession_work").replace("postgres@", "accession_work@")


def asked_all(other, url):
    """What each way of asking says, and by how many MB the process grew over what the same cost on a good database."""
    run = subprocess.run(
        [sys.executable, "-c", ASK, other, url, NAME], capture_output=True, text=True, check=True, timeout=240,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    *lines, grown = run.stdout.partition("---\n")[2].splitlines()
    return {line.removeprefix("said ") for line in lines if line.startswith("said ")}, int(grown)


@pytest.mark.parametrize("statements", OWNER.values(), ids=OWNER)
def test_whatever_the_owner_made_of_it_the_key_holding_process_stays_small_and_goes_on(postgres, owned, statements):
    with WorkQueue(owned) as queue, pytest.raises(PendingError):
        queue.prepare(job())
    with psycopg.connect(owned, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
    said, grown = asked_all(postgres, owned)
    assert grown < MOST_MB
    assert said <= {"work-database", "work-answer", "no-worker", "pending"}
    assert said & {"work-database", "work-answer"}


def test_what_the_settings_of_the_role_say_changes_no_right_answer(owned):
    with psycopg.connect(owned, autocommit=True) as connection:
        for setting in ("search_path = pg_temp", "bytea_output = 'escape'", "client_encoding = 'latin1'"):
            connection.execute(f"ALTER ROLE CURRENT_USER SET {setting}")
    database = WorkDatabase(owned)
    content = bytes(range(256))
    with database.begin() as connection:
        sha256 = hashlib.sha256(content).hexdigest()
        database.insert(connection, blobs, {"sha256": sha256, "content": content, "at": 0.0})
    database.close()
    with WorkQueue(owned) as queue:
        assert queue.blob(sha256) == content


SQLITE = {
    "values": "CREATE VIEW accession_blobs AS SELECT printf('%064d', 0) AS sha256, randomblob({0}) AS content, 0 AS at",
    "texts": "CREATE VIEW accession_blobs AS SELECT hex(randomblob({0})) AS sha256, x'' AS content, 0 AS at",
    "a generated column": "CREATE TABLE accession_blobs (sha256 TEXT, at REAL, content BLOB AS (zeroblob({0})))",
    "rows": "CREATE VIEW accession_blobs AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS sha256, x'' AS content, 0 AS at FROM n",
}


@pytest.mark.parametrize("statement", SQLITE.values(), ids=SQLITE)
def test_a_file_of_another_hand_makes_no_large_value_and_no_endless_statement(tmp_path, monkeypatch, statement):
    monkeypatch.setattr(work_connections, "TRANSACTION_SECONDS", 1.0)
    url = f"sqlite:///{tmp_path}/work.sqlite"
    with WorkQueue(url) as queue:
        queue.backlog()
    with closing(sqlite3.connect(tmp_path / "work.sqlite")) as hostile, hostile:
        hostile.execute("DROP TABLE accession_blobs")
        hostile.execute(statement.format(LARGE))
        if statement.startswith("CREATE TABLE"):
            hostile.execute("INSERT INTO accession_blobs (sha256, at) VALUES (printf('%064d', 0), 0)")
    with WorkQueue(url) as queue, pytest.raises(GatewayError) as raised:
        queue.blob("0" * 64)
    assert raised.value.reason == "work-database"
    _, grown = asked_all(f"sqlite:///{tmp_path}/other.sqlite", url)
    assert grown < MOST_MB


def test_the_limit_of_a_transaction_begins_with_each(tmp_path, monkeypatch):
    monkeypatch.setattr(work_connections, "TRANSACTION_SECONDS", 3.0)
    database = WorkDatabase(f"sqlite:///{tmp_path}/work.sqlite")
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT count(*) FROM n"
    for _ in range(4):
        time.sleep(1)
        with database.begin() as connection:
            connection.exec_driver_sql(many.format(100_000)).scalar()
    with pytest.raises(GatewayError, match="OperationalError"), database.begin() as connection:
        connection.exec_driver_sql(many.format(10**8))
    database.close()


def test_a_guard_stands_before_every_connection_of_this_side(owned, monkeypatch):
    seen = []
    connect = guarded_postgres.connect
    monkeypatch.setattr(guarded_postgres, "connect", lambda *more: seen.append(1) or connect(*more))
    with WorkQueue(owned) as queue:
        queue.backlog()
    assert seen
