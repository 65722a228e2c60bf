"""Nothing is unpickled, whatever stands in the database: each row here would write a file when it is.

By default it is: a row marked `py_pickle` is unpickled by DBOS whatever serializer is configured, arguments before our own
code is asked, results and errors by whoever lists or awaits them.
"""

import base64
import os
import pickle
import time

import pytest
from dbos import DBOS, DBOSClient
from dbos._serialization import DefaultSerializer

from bot.errors import ConfigError
from bot.gateways import no_pickle
from bot.gateways.engine_dbos_json import payload_in, payload_of, read_payload
from bot.gateways.no_pickle import refuse_pickle
from bot.records.event import Hint, PullSubject
from tests.fakes.engines import until

ONE = PullSubject(1)


class Attack:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.fixture
def bomb(tmp_path):
    """A pickle, and whether it went off."""
    trace = tmp_path / "unpickled"
    text = base64.b64encode(pickle.dumps(Attack(f"touch {trace}"))).decode()
    yield text, trace
    assert not trace.exists()


def test_the_bomb_is_one(bomb):
    text, trace = bomb
    pickle.loads(base64.b64decode(text))
    assert trace.exists()
    trace.unlink()


def _spoil(bench, bomb, *, status, table="workflow_input", column="inputs"):
    """Make the row that stands in the queue a pickled one."""
    bench.rows("UPDATE workflow_status SET serialization = ?, status = ?", "py_pickle", status)
    bench.rows("DELETE FROM workflow_output")
    if table == "workflow_output":
        rows = bench.rows("SELECT workflow_uuid FROM workflow_status")
        for (row,) in rows:
            bench.rows(f"INSERT INTO workflow_output (workflow_uuid, {column}) VALUES (?, ?)", row, bomb[0])
    else:
        bench.rows(f"UPDATE {table} SET {column} = ?", bomb[0])


def test_pickled_arguments_are_not_read_when_the_row_is_claimed(bench, bomb):
    engine = bench.start()
    engine.tell(ONE, after=600)
    _spoil(bench, bomb, status="ENQUEUED")
    until(lambda: bench.rows("SELECT status FROM workflow_status") == [("ERROR",)])
    assert bench.looks.seen == []
    engine.tell(ONE)
    bench.idle()
    assert len(bench.looks.seen) == 1


def test_a_pickled_sibling_is_taken_away_unread(bench, bomb):
    engine = bench.start()
    held = bench.looks.hold(ONE)
    engine.tell(ONE)
    until(lambda: bench.looks.seen)
    engine.tell(ONE)
    engine.tell(ONE, Hint(head="abc"))
    [first, _] = sorted(
        row for (row,) in bench.rows("SELECT workflow_uuid FROM workflow_status WHERE status = 'ENQUEUED'")
    )
    bench.rows("UPDATE workflow_input SET inputs = ? WHERE workflow_uuid = ?", bomb[0], first)
    bench.rows("UPDATE workflow_status SET serialization = ? WHERE workflow_uuid = ?", "py_pickle", first)
    held.set()
    until(lambda: len(bench.looks.of(ONE)) == 2 or bench.rows("SELECT 1 FROM workflow_status WHERE status = 'ERROR'"))
    bench.idle()
    assert bench.looks.of(ONE)[-1] == Hint(head="abc")


@pytest.mark.parametrize(("status", "column"), [("SUCCESS", "output"), ("ERROR", "error")])
def test_pickled_results_and_errors_are_not_read(bench, bomb, status, column):
    engine = bench.start()
    engine.tell(ONE)
    bench.idle()
    until(lambda: bench.rows("SELECT 1 FROM workflow_status WHERE status = 'SUCCESS'"))
    _spoil(bench, bomb, status=status, table="workflow_output", column=column)
    [(row,)] = bench.rows("SELECT workflow_uuid FROM workflow_status")
    client = DBOSClient(system_database_engine=engine._database.pool, lazy=True)
    for listed in (DBOS.list_workflows(), client.list_workflows()):
        assert len(listed) == 1
    for handle in (DBOS.retrieve_workflow(row), client.retrieve_workflow(row)):
        with pytest.raises(Exception, match="pickled"):
            handle.get_result()
    assert engine.state().ready
    time.sleep(1.1)
    assert engine.clean_up(days=0) == 1


def test_a_pickled_row_of_a_dead_process_is_not_read_in_takeover(bench, bomb):
    engine = bench.start(lease=1.0)
    engine.tell(ONE, after=600)
    bench.rows("UPDATE workflow_status SET executor_id = ?, recovery_attempts = 1", "of-nobody")
    _spoil(bench, bomb, status="PENDING")
    until(lambda: bench.rows("SELECT status FROM workflow_status") == [("ERROR",)])
    engine.tell(ONE)
    until(lambda: bench.looks.of(ONE))


def test_nothing_is_ever_pickled(bench):
    bench.start()
    bench.engine.tell(ONE)
    bench.engine.tell(PullSubject(2), after=600)
    bench.idle()
    assert {row for (row,) in bench.rows("SELECT serialization FROM workflow_status")} == {"portable_json"}


def test_a_library_that_would_unpickle_after_all_does_not_start(monkeypatch):
    monkeypatch.setattr(no_pickle, "_refused", lambda _self, text: pickle.loads(base64.b64decode(text)))
    with pytest.raises(ConfigError, match="unpickle"):
        refuse_pickle()
    monkeypatch.undo()
    refuse_pickle()
    with pytest.raises(ValueError, match="pickled"):
        DefaultSerializer().deserialize("gAVLAS4=")


# --- what a row says ---------------------------------------------------------------------------------------------------


def test_a_payload_is_read_back():
    hint = Hint(head="abc", comment=5, asked=True)
    assert read_payload(payload_of(ONE, hint, 3)) == (ONE, hint, 3)


@pytest.mark.parametrize(
    "data", [None, [], "pull 1", {}, {"subject": None}, {"subject": "pull 1; drop"}, {"subject": "chore x"}]
)
def test_what_names_no_subject_is_refused(data):
    with pytest.raises(ValueError, match="names no subject"):
        read_payload(data)


@pytest.mark.parametrize("unseen", [None, -3, "4", True, 1.5, [1]])
def test_a_count_that_is_none_is_nought(unseen):
    assert read_payload({"subject": "pull 1", "hint": 7, "unseen": unseen}) == (ONE, Hint(), 0)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"positionalArgs": []}', '{"positionalArgs": 5}', "7"])
def test_stored_arguments_without_a_payload_give_none(text):
    assert payload_in(text) is None
