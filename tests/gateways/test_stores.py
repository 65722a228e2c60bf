"""The local database, as a file and as a server: durable, in order, one step for all threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, GatewayError
from bot.gateways.store_postgres import PostgresStore
from bot.gateways.store_sqlite import SqliteStore
from bot.gateways.stores import open_store

ROOT = Path(__file__).parents[2]
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.dictionaries(
    TEXT, st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT, max_size=3), max_size=4
)

COUNT = """
import sys
from bot.gateways.stores import open_store
store = open_store(sys.argv[1])
for _ in range(int(sys.argv[2])):
    store.change("room", "n", lambda row: {"n": (row or {"n": 0})["n"] + 1})
store.close()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """Where a new database is, as the setting says it."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    return f"sqlite:///{tmp_path}/deep/db.sqlite"


@pytest.fixture
def opened(address):
    """Opens the same database as often as it is called."""
    found = []

    def open_it():
        found.append(open_store(address))
        return found[-1]

    yield open_it
    for store in found:
        store.close()


@pytest.fixture
def store(opened):
    return opened()


def at_once(work, number):
    threads = [threading.Thread(target=work, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def count(row):
    return {"n": (row or {"n": 0})["n"] + 1}


def test_what_is_put_is_got_replaced_and_dropped(store):
    assert store.get("room", "key") is None
    store.put("room", "key", {"a": [1, None, "é"]})
    assert store.get("room", "key") == {"a": [1, None, "é"]}
    store.put("room", "key", {})
    assert store.get("room", "key") == {}
    store.drop("room", "key")
    store.drop("room", "key")
    assert store.get("room", "key") is None


def test_rooms_are_apart_and_listed_in_order_of_keys(store):
    for key in ("b", "a", "10", "9", "B", "é", "a b", "a-b"):
        store.put("one", key, {"key": key})
    store.put("two", "c", {})
    assert list(store.items("one")) == sorted(["10", "9", "B", "a", "a b", "a-b", "b", "é"])
    assert store.items("one")["a"] == {"key": "a"}
    assert store.items("two") == {"c": {}}
    assert store.items("three") == {}


def test_it_is_all_there_after_a_restart(opened):
    first = opened()
    first.put("room", "key", {"n": 1})
    assert opened().get("room", "key") == {"n": 1}
    first.close()
    assert opened().items("room") == {"key": {"n": 1}}


@settings(max_examples=50)
@given(value=VALUES)
def test_any_json_comes_back_as_it_went(shared, value):
    for store in shared:
        store.put("room", "key", value)
        assert store.get("room", "key") == value
        assert store.items("room") == {"key": value}


@pytest.fixture(scope="module")
def shared(tmp_path_factory, postgres_here):
    stores = [SqliteStore(tmp_path_factory.mktemp("db") / "db.sqlite"), PostgresStore(postgres_here.database())]
    yield stores
    for store in stores:
        store.close()


def test_threads_and_a_second_process_lose_nothing(opened):
    stores = [opened() for _ in range(2)]

    def write(number):
        for n in range(25):
            stores[number % 2].put("room", f"{number}-{n}", {"n": n})

    at_once(write, 6)
    assert len(stores[0].items("room")) == 150


def test_a_change_is_one_step_for_all_threads(opened):
    stores = [opened() for _ in range(2)]

    def write(number):
        for _ in range(25):
            stores[number % 2].change("room", "n", count)

    at_once(write, 12)  # more than the pool lends at once
    assert stores[0].get("room", "n") == {"n": 300}
    assert stores[0].change("room", "n", lambda _: None) is None
    assert stores[1].get("room", "n") is None


def test_a_change_is_one_step_for_all_processes(address, store):
    runs = [subprocess.Popen([sys.executable, "-c", COUNT, address, "40"], cwd=ROOT) for _ in range(3)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    assert store.get("room", "n") == {"n": 120}


def test_a_row_that_is_made_and_forgotten_at_the_same_time_is_never_half_there(opened):
    stores = [opened() for _ in range(2)]
    seen = []

    def turn(number):
        mine = stores[number % 2]
        seen.extend(mine.change("room", "key", lambda row: None if row else {"made": 1}) for _ in range(40))

    at_once(turn, 4)
    made = sum(value is not None for value in seen)
    assert made == 80, "each one that made it was followed by one that forgot it"
    assert stores[0].get("room", "key") is None


def test_a_put_waits_for_a_change_under_way(opened):
    stores = [opened() for _ in range(2)]
    inside, put = threading.Event(), threading.Event()

    def slow(_row):
        inside.set()
        time.sleep(0.1)
        assert not put.is_set(), "it came between"
        return {"by": "change"}

    def other():
        inside.wait(10)
        stores[1].put("room", "key", {"by": "put"})
        put.set()

    thread = threading.Thread(target=other)
    thread.start()
    stores[0].change("room", "key", slow)
    thread.join()
    assert stores[0].get("room", "key") == {"by": "put"}


def test_a_change_that_raises_changes_nothing(store):
    store.put("room", "key", {"n": 1})
    for key in ("key", "new"):
        with pytest.raises(KeyError):
            store.change("room", key, lambda row: {"n": (row or {})["none"]})
    assert store.items("room") == {"key": {"n": 1}}
    store.put("room", "key", {"n": 2})


def test_a_value_that_is_no_json_is_refused_and_nothing_is_written(store):
    store.put("room", "key", {"n": 1})
    with pytest.raises(TypeError):
        store.put("room", "key", {"n": object()})
    with pytest.raises(TypeError):
        store.change("room", "key", lambda _: {"n": object()})
    assert store.get("room", "key") == {"n": 1}


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "7", "[" * 100_000])
def test_a_row_that_was_spoiled_is_absent(tmp_path, postgres, text):
    import sqlite3

    for address in (f"sqlite:///{tmp_path}/db.sqlite", postgres):
        store = open_store(address)
        store.put("room", "good", {"n": 1})
        if address is postgres:
            with psycopg.connect(postgres, autocommit=True) as db:
                db.execute("INSERT INTO accession_kept VALUES ('room', 'bad', %s)", (text,))
        else:
            db = sqlite3.connect(tmp_path / "db.sqlite")
            with db:
                db.execute("INSERT INTO kept VALUES ('room', 'bad', ?)", (text,))
            db.close()
        assert store.get("room", "bad") is None
        assert store.items("room") == {"good": {"n": 1}}
        assert store.change("room", "bad", count) == {"n": 1}
        store.close()


# which one


def test_the_address_says_which(tmp_path, monkeypatch, postgres):
    monkeypatch.chdir(tmp_path)
    for address, file in (
        ("sqlite:///one.sqlite", tmp_path / "one.sqlite"),
        (f"sqlite:///{tmp_path}/deep/two.sqlite", tmp_path / "deep" / "two.sqlite"),
        (tmp_path / "three.sqlite", tmp_path / "three.sqlite"),
    ):
        open_store(address).close()
        assert file.is_file()
    found = open_store(postgres)
    assert isinstance(found, PostgresStore)
    assert repr(found) == "PostgresStore()"
    found.close()


@pytest.mark.parametrize(
    "address", ["postgresql://user:hunter2secret%@127.0.0.1/db", "postgresql://h/db?nonsense=hunter2secret"]
)
def test_an_address_that_is_none_is_said_without_showing_it(address):
    with pytest.raises(ConfigError, match="ACCESSION_DATABASE is no PostgreSQL address") as found:
        open_store(address)
    assert "hunter2" not in str(found.value)
    assert found.value.__suppress_context__


def test_many_processes_make_the_table_at_the_same_time(postgres):
    failed = []

    def open_it(_number):
        try:
            PostgresStore(postgres).close()
        except GatewayError as error:
            failed.append(error.message)

    at_once(open_it, 8)
    assert failed == []


def test_a_server_without_an_encoding_keeps_every_character(ascii_postgres):
    store = PostgresStore(ascii_postgres)
    store.put("räume", "schlüssel", {"name": "Žofia 細胞 🔬"})
    assert store.items("räume") == {"schlüssel": {"name": "Žofia 細胞 🔬"}}
    store.close()
