"""The engine's database is locked, read-only, full or gone: tellings say so, everything else waits, and goes on afterwards."""

import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.errors import GatewayError
from bot.gateways.clock import SystemClock
from bot.gateways.engine_dbos import DbosEngine
from bot.gateways.engine_dbos_log import Seldom
from bot.records.answer import Answer
from bot.records.event import PullSubject
from tests.fakes.engines import Bench, until

ONE, TWO = PullSubject(1), PullSubject(2)
sqlite_only = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


def refused(engine, subject=ONE):
    with pytest.raises(GatewayError, match="database does not answer") as found:
        engine.tell(subject)
    assert (found.value.reason, found.value.transient) == ("database", True)
    return found.value.message


def each_connection(engine, statement):
    """Said to each connection from now on: what a full or read-only disk does to them."""
    pool = engine._database.pool

    def say(connection, _record, _proxy):
        connection.execute(statement)

    sa.event.listen(pool, "checkout", say)
    return lambda: sa.event.remove(pool, "checkout", say)


@sqlite_only
def test_locked(bench):
    engine = bench.start(patience=0.3)
    with sqlite3.connect(engine._database._url.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked" in refused(engine)
        until(lambda: engine.state().trouble == "")
        other.execute("ROLLBACK")
    other.close()
    engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))


@sqlite_only
@pytest.mark.parametrize(
    ("statement", "back", "said"),
    [
        ("PRAGMA query_only=1", "PRAGMA query_only=0", "readonly"),
        ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000", "full"),
    ],
)
def test_read_only_or_full_and_mended_again(bench, statement, back, said):
    engine = bench.start()
    held = bench.looks.hold(TWO)
    engine.tell(TWO)
    until(lambda: bench.looks.seen)
    if said == "full":
        bench.rows("CREATE TABLE filling (bytes BLOB)")
        bench.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    mend = each_connection(engine, statement)
    with capture_logs() as logs:
        until(lambda: not _told(engine))
        assert said in refused(engine)
        held.set()
        time.sleep(1.5)
    places = [line["place"] for line in logs if line["event"] == "engine_library"]
    assert len(places) <= 8, "once a minute for each place, not for each poll"
    mend()
    again = each_connection(engine, back)
    engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))
    bench.idle()
    assert set(bench.looks.most.values()) <= {1, 2}
    assert bench.looks.most["pull 2"] == 1
    again()


@sqlite_only
def test_gone(bench):
    """SQLite would go on writing into the deleted file, and every event told would be lost without a word."""
    engine = bench.start()
    Path(engine._database._url.database).unlink()
    assert "deleted or replaced" in refused(engine)
    state = engine.state()
    assert not state.ready
    assert "deleted or replaced" in state.trouble
    bench.stop()
    bench.start()
    bench.engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))
    assert bench.engine.state().ready


@sqlite_only
def test_no_database_at_all(bench, tmp_path):
    (tmp_path / "engine").write_text("a file where the folder should be")
    with pytest.raises(GatewayError, match="folder cannot be used"):
        bench.start()


@sqlite_only
def test_a_file_that_is_none(bench, tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "engine.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(GatewayError, match="not a database"):
        bench.start()
    assert bench.store.items("processes") == {}


def test_postgres_goes_away_and_comes_back(postgres_here, tmp_path, store_and_clock):
    """What ran meanwhile is finished, what was claimed and not begun is freed, and nobody says it with each poll."""
    with Bench(postgres_here.database(), tmp_path) as bench:
        engine = bench.start(patience=1.0)
        held = bench.looks.hold(TWO)
        engine.tell(TWO)
        until(lambda: bench.looks.seen)
        postgres_here.stop()
        try:
            with capture_logs() as logs:
                refused(engine)
                state = engine.state()
                held.set()
                time.sleep(2.0)
        finally:
            postgres_here.start()
        assert not state.ready
        assert "127.0.0.1" in state.trouble or "connection" in state.trouble.lower()
        lines = [line["event"] for line in logs]
        assert lines.count("engine_step_failed") <= 3
        until(lambda: _told(engine))
        until(lambda: bench.looks.of(ONE))
        bench.idle()
        assert engine.state().ready


def _told(engine):
    try:
        engine.tell(ONE)
    except GatewayError:
        return False
    return True


def test_no_postgres_at_the_start(store_and_clock):
    store, clock = store_and_clock
    url = "postgresql://somebody:a-password@127.0.0.1:9/nothing"
    engine = DbosEngine(url, look=lambda *_: Answer(), store=store, clock=clock)
    with pytest.raises(GatewayError) as found:
        engine.start()
    assert (found.value.reason, found.value.transient) == ("database", True)
    assert "a-password" not in found.value.message + repr(engine) + str(engine.state())
    with pytest.raises(GatewayError):
        engine.tell(ONE)


def test_a_claim_that_nothing_looks_at_is_freed_and_what_no_code_belongs_to_is_struck(bench):
    """DBOS claims rows, and then reads them: where the database fails in between, they would be claimed for ever."""
    engine = bench.start(lease=1.0)
    engine.tell(ONE, after=600)
    engine.tell(TWO, after=600)
    bench.rows("UPDATE workflow_status SET status = 'PENDING', executor_id = ?, owner_xid = 'x'", engine.name)
    bench.rows("UPDATE workflow_status SET name = 'no-code' WHERE queue_partition_key = 'pull 2'")
    until(lambda: bench.looks.of(ONE))
    until(lambda: ("CANCELLED",) in bench.rows("SELECT status FROM workflow_status"))
    bench.idle()
    assert bench.looks.of(TWO) == []
    engine.tell(TWO)
    until(lambda: bench.looks.of(TWO))


def test_the_store_does_not_answer_and_then_does(bench, monkeypatch):
    engine = bench.start()
    change = bench.store.change
    monkeypatch.setattr(bench.store, "change", _broken)
    monkeypatch.setattr(bench.store, "items", _broken)
    until(lambda: not engine.state().ready)
    assert "disk I/O" in engine.state().trouble
    monkeypatch.setattr(bench.store, "change", change)
    monkeypatch.undo()
    engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))
    until(lambda: engine.state().ready)


def _broken(*_):
    raise sqlite3.OperationalError("disk I/O error")


def test_the_same_is_said_once_in_its_time(monkeypatch):
    seldom = Seldom(60)
    assert [seldom.now("a"), seldom.now("a"), seldom.now("b")] == [True, False, True]
    assert [Seldom(0).now("a") for _ in range(2)] == [True, True]


def test_the_clock_of_the_machine_is_the_default():
    assert SystemClock().now().tzinfo is not None
