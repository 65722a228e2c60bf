"""Facts on the shelf: kept, too old, too many."""

import os
import time

import pytest

from bot.checking import json_shelf
from bot.checking.json_shelf import JsonShelf

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def age(root, key, days):
    path = root / "room" / f"{key}.json"
    os.utime(path, (time.time(), time.time() - days * 86_400))


def test_what_was_put_is_there(tmp_path):
    shelf = JsonShelf(tmp_path)
    shelf.put("room", A, {"x": 1})
    assert shelf.get("room", A) == {"x": 1}
    assert shelf.get("room", B) is None
    age(tmp_path, A, 2)
    assert shelf.get("room", A, max_age=86_400) is None
    with pytest.raises(ValueError, match="sha256"):
        shelf.put("room", "../x", {})


def test_what_is_too_old_goes(tmp_path):
    shelf = JsonShelf(tmp_path, days=10)
    for key in (A, B):
        shelf.put("room", key, {})
    age(tmp_path, A, 11)
    age(tmp_path, B, 9)
    assert shelf.sweep() == 1
    assert (shelf.get("room", A), shelf.get("room", B)) == (None, {})


def test_the_oldest_goes_until_the_rest_fits(tmp_path):
    shelf = JsonShelf(tmp_path, quota_bytes=250)
    for key, days in ((A, 1), (B, 3), (C, 2)):
        shelf.put("room", key, {"x": "y" * 90})
        age(tmp_path, key, days)
    assert shelf.sweep() == 1
    assert [shelf.get("room", key) is None for key in (A, B, C)] == [False, True, False]


def test_a_half_written_file_of_a_killed_process_goes_after_a_while(tmp_path):
    shelf = JsonShelf(tmp_path)
    shelf.put("room", A, {})
    for name, seconds in (("old.1.tmp", 7200), ("young.1.tmp", 10)):
        path = tmp_path / "room" / name
        path.write_text("{")
        os.utime(path, (time.time(), time.time() - seconds))
    shelf.sweep()
    assert sorted(path.name for path in (tmp_path / "room").iterdir()) == [f"{A}.json", "young.1.tmp"]


def test_putting_looks_after_the_shelf_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr(json_shelf, "SWEEP_EVERY", 3)
    JsonShelf(tmp_path).put("room", A, {})
    age(tmp_path, A, 999)
    shelf = JsonShelf(tmp_path, days=1)
    shelf.put("room", B, {})
    assert shelf.get("room", A) is None
    age(tmp_path, B, 999)
    shelf.put("room", C, {})
    shelf.put("room", C, {})
    assert shelf.get("room", B) is not None
    shelf.put("room", C, {})
    assert shelf.get("room", B) is None


def test_a_shelf_that_is_not_there_has_nothing_to_sweep(tmp_path):
    assert JsonShelf(tmp_path / "absent").sweep() == 0
