"""The local database: durable, in order, safe between threads."""

import threading

import pytest

from bot.errors import ConfigError
from bot.gateways.store_sqlite import SqliteStore


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "deep" / "db.sqlite")
    yield made
    made.close()


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
    for key in ("b", "a", "10", "9"):
        store.put("one", key, {"key": key})
    store.put("two", "c", {})
    assert list(store.items("one")) == ["10", "9", "a", "b"]
    assert store.items("one")["a"] == {"key": "a"}
    assert store.items("two") == {"c": {}}
    assert store.items("three") == {}


def test_it_is_all_there_after_a_restart(tmp_path):
    path = tmp_path / "db.sqlite"
    first = SqliteStore(path)
    first.put("room", "key", {"n": 1})
    second = SqliteStore(path)
    assert second.get("room", "key") == {"n": 1}
    first.close()
    second.close()
    third = SqliteStore(path)
    assert third.items("room") == {"key": {"n": 1}}
    third.close()


def test_threads_and_a_second_process_lose_nothing(tmp_path):
    stores = [SqliteStore(tmp_path / "db.sqlite") for _ in range(2)]

    def write(number):
        for n in range(25):
            stores[number % 2].put("room", f"{number}-{n}", {"n": n})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores[0].items("room")) == 150
    for store in stores:
        store.close()


def test_a_file_that_is_no_database_is_a_setting(tmp_path):
    (tmp_path / "db.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 30)
    with pytest.raises(ConfigError, match=r"db\.sqlite cannot be used .*: move it away"):
        SqliteStore(tmp_path / "db.sqlite")


def test_a_change_is_one_step_for_all_processes(tmp_path):
    stores = [SqliteStore(tmp_path / "db.sqlite") for _ in range(2)]

    def count(number):
        for _ in range(25):
            stores[number % 2].change("room", "n", lambda row: {"n": (row or {"n": 0})["n"] + 1})

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].get("room", "n") == {"n": 100}
    assert stores[0].change("room", "n", lambda _: None) is None
    assert stores[1].get("room", "n") is None
    for store in stores:
        store.close()


def test_a_change_that_raises_changes_nothing(store):
    store.put("room", "key", {"n": 1})
    with pytest.raises(KeyError):
        store.change("room", "key", lambda row: {"n": row["none"]})
    assert store.get("room", "key") == {"n": 1}
    store.put("room", "key", {"n": 2})
