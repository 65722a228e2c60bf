"""A database that is locked, read-only, full, damaged or gone: said with what to do, nothing half-written, and on it goes."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time

import psycopg
import pytest

from bot.errors import GatewayError
from bot.gateways.store_postgres import PostgresStore
from bot.gateways.store_sqlite import SqliteStore

ONE = {"n": 1}


def refused(work, words):
    """The call fails as a database's trouble, and says what to do."""
    with pytest.raises(GatewayError) as found:
        work()
    assert (found.value.reason, found.value.transient) == ("database", True)
    assert words in found.value.message, found.value.message
    assert found.value.__suppress_context__
    return found.value.message


def calls(store):
    """Every verb that writes."""
    return [
        lambda: store.put("room", "new", {"n": 2}),
        lambda: store.drop("room", "key"),
        lambda: store.change("room", "key", lambda row: {"n": row["n"] + 1}),
        lambda: store.change("room", "new", lambda _: {"n": 3}),
    ]


# a file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "db.sqlite"


@pytest.fixture
def store(path):
    made = SqliteStore(path, patience=0.05)
    made.put("room", "key", ONE)
    yield made
    made.close()


def goes_on(store):
    assert store.change("room", "key", lambda row: {"n": (row or {"n": 0})["n"] + 1}) in ({"n": 2}, {"n": 1})
    store.drop("room", "key")
    assert store.items("room") == {}


def test_a_file_that_is_locked(store, path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for call in calls(store):
        refused(call, "database db.sqlite (SQLITE_BUSY) is locked by another process")
    assert store.items("room") == {"key": ONE}
    other.execute("ROLLBACK")
    other.close()
    goes_on(store)


def test_a_file_that_became_read_only(store):
    for call in calls(store):
        assert store.get("room", "key") == ONE
        store._db.execute("PRAGMA query_only = ON")
        refused(call, "(SQLITE_READONLY) is read-only: let the bot write to it")
    assert store.items("room") == {"key": ONE}
    goes_on(store)


def test_a_file_that_was_read_only_from_the_beginning(store, path):
    store.close()
    header = bytearray(path.read_bytes())
    header[18] = 3  # a write version from the future: SQLite reads such a file and does not write it
    path.write_bytes(header)
    refused(lambda: SqliteStore(path).put("room", "new", {}), "is read-only")
    header[18] = 2
    path.write_bytes(header)
    goes_on(store)


def test_a_disk_that_is_full(store):
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    large = {"text": "x" * 100_000}
    refused(lambda: store.put("room", "large", large), "(SQLITE_FULL) has no room: free some disk space")
    refused(lambda: store.change("room", "key", lambda _: large), "has no room")
    refused(lambda: store.change("room", "large", lambda _: large), "has no room")
    assert store.items("room") == {"key": ONE}
    store.put("room", "small", {})
    store.drop("room", "small")
    store._db.execute("PRAGMA max_page_count = 10000")
    store.put("room", "large", large)
    store.drop("room", "large")
    goes_on(store)


def test_a_file_that_is_damaged_is_moved_away_and_made_anew(store, path):
    for n in range(200):
        store.put("many", f"{n}", {"text": "x" * 500})
    store.close()
    bytes_ = bytearray(path.read_bytes())
    bytes_[4096:] = b"\xff" * (len(bytes_) - 4096)
    path.write_bytes(bytes_)
    for _ in range(2):
        refused(lambda: store.items("many"), "is damaged: end every accession process, and move it away")
        refused(lambda: store.put("room", "key", ONE), "is damaged")
    path.rename(path.with_name("away"))
    assert store.items("many") == {}
    goes_on(store)


def test_what_is_no_database_at_all(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 30)
    refused(lambda: SqliteStore(path), "database db.sqlite (SQLITE_NOTADB) is damaged")
    path.unlink()
    SqliteStore(path).close()


def test_a_file_that_was_deleted_is_made_anew_and_shared_again(store, path):
    other = SqliteStore(path)
    for name in ("db.sqlite", "db.sqlite-wal", "db.sqlite-shm"):
        path.with_name(name).unlink()
    store.put("room", "key", {"n": 5})
    assert other.get("room", "key") == {"n": 5}, "both write into the file that is there, not into one that nobody sees"
    other.close()


def test_a_place_that_is_gone(store, path):
    shutil.rmtree(path.parent)
    path.parent.write_text("a file where the folder was")
    for call in calls(store):
        refused(call, "is not there and cannot be made: see to it that the place named by ACCESSION_DATABASE exists")
    path.parent.unlink()
    store.put("room", "key", ONE)
    goes_on(store)


def test_a_thread_that_meets_trouble_holds_up_no_other(store):
    store._db.execute("PRAGMA query_only = ON")
    refused(lambda: store.put("room", "new", {}), "is read-only")
    thread = threading.Thread(target=store.put, args=("room", "other", {}))
    thread.start()
    thread.join(10)
    assert store.get("room", "other") == {}


# a server


@pytest.fixture
def server(postgres):
    made = PostgresStore(postgres, patience=0.5)
    made.put("room", "key", ONE)
    yield made
    made.close()


@pytest.fixture
def admin(postgres_here):
    with psycopg.connect(postgres_here.url(), autocommit=True) as connection:
        yield connection


def name_of(url):
    return url.rpartition("/")[2]


def test_a_server_that_was_restarted_costs_no_failure(server, postgres_here):
    postgres_here.stop()
    postgres_here.start()
    assert server.get("room", "key") == ONE
    goes_on(server)


def test_a_server_that_is_down(server, postgres_here):
    postgres_here.stop()
    try:
        for call in (*calls(server), lambda: server.get("room", "key"), lambda: server.items("room")):
            refused(call, "cannot be reached: see to it that the server runs")
    finally:
        postgres_here.start()
    assert server.items("room") == {"key": ONE}
    goes_on(server)


def test_a_server_that_dies_within_a_change_wrote_nothing(server, postgres_here):
    def die(_row):
        postgres_here.stop()
        return {"n": 2}

    try:
        refused(lambda: server.change("room", "key", die), "cannot be reached")
    finally:
        postgres_here.start()
    assert server.items("room") == {"key": ONE}


def test_a_server_that_is_read_only(server, postgres, admin):
    name = name_of(postgres)
    for call in calls(server):
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,))
        refused(call, "(25006) is read-only")
    assert server.items("room") == {"key": ONE}
    admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,))
    goes_on(server)


def test_a_server_whose_disk_is_full(server, postgres):
    """What the server says there, said by a trigger."""
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(
            "CREATE FUNCTION full_() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END$$"
        )
        db.execute("CREATE TRIGGER full_ BEFORE INSERT OR UPDATE OR DELETE ON accession_kept EXECUTE FUNCTION full_()")
        for call in calls(server):
            refused(call, "(53100) has no room: free some disk space")
        assert server.items("room") == {"key": ONE}
        db.execute("DROP TRIGGER full_ ON accession_kept")
    goes_on(server)


def test_a_row_that_somebody_holds(server, postgres):
    with psycopg.connect(postgres) as db:
        db.execute("UPDATE accession_kept SET value = '{}' WHERE key = 'key'")
        refused(lambda: server.change("room", "key", dict), "is locked by another process")
        server.put("room", "other", {})
        db.rollback()
    server.drop("room", "other")
    goes_on(server)


def test_a_process_that_is_paused_within_a_change_holds_up_nobody(server, postgres):
    other = PostgresStore(postgres, patience=10)

    def paused(row):
        time.sleep(1)
        return {"n": row["n"] + 100}

    failed = []
    thread = threading.Thread(
        target=lambda: failed.append(refused(lambda: server.change("room", "key", paused), "took too long"))
    )
    thread.start()
    time.sleep(0.2)
    assert other.change("room", "key", lambda row: {"n": row["n"] + 1}) == {"n": 2}
    thread.join()
    assert failed
    assert other.get("room", "key") == {"n": 2}
    other.close()


def test_a_database_that_is_dropped_and_made_anew(server, postgres, admin):
    name = name_of(postgres)
    admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    for call in calls(server):
        refused(call, "is not there and cannot be made")
    admin.execute(f'CREATE DATABASE "{name}"')
    assert server.items("room") == {}
    server.put("room", "key", ONE)
    goes_on(server)


def test_a_table_that_is_dropped_is_made_anew(server, postgres):
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute("DROP TABLE accession_kept")
    refused(lambda: server.get("room", "key"), "has lost the table accession_kept: it is made anew")
    server.put("room", "key", ONE)
    goes_on(server)


def test_a_user_that_may_use_the_table_and_not_make_one(postgres):
    with psycopg.connect(postgres, autocommit=True) as db:
        user = f"user_{name_of(postgres)}"
        db.execute(f'CREATE ROLE "{user}" LOGIN')
        theirs = postgres.replace("postgres@", f"{user}@")
        db.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        refused(lambda: PostgresStore(theirs), "(42501) does not let the bot make or use its table")
        PostgresStore(postgres).close()
        found = PostgresStore(theirs)
        refused(lambda: found.get("a", "b"), "does not let the bot make or use its table")
        db.execute(f'GRANT ALL ON accession_kept TO "{user}"')
        found.put("room", "key", ONE)
        found.close()


def test_a_server_that_lets_nobody_in_is_not_quoted():
    said = refused(lambda: PostgresStore("postgresql://user:hunter2@127.0.0.1:1/db"), "cannot be reached")
    assert "hunter2" not in said


def test_more_threads_than_connections_wait_and_are_told_when_it_takes_too_long(postgres):
    store = PostgresStore(postgres, patience=0.3)
    held, done = threading.Barrier(9, timeout=10), []

    def hold(number):
        def slow(_row):
            held.wait()
            time.sleep(0.05)
            return ONE

        done.append(store.change("room", f"{number}", slow))

    threads = [threading.Thread(target=hold, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    waiting = threading.Thread(target=lambda: done.append(store.get("room", "x")))
    waiting.start()
    held.wait()
    for thread in (*threads, waiting):
        thread.join()
    assert len(done) == 9
    store.close()
