"""A dry run remembers in memory and changes nothing below."""

from __future__ import annotations

from bot.gateways.store_overlay import OverlayStore
from bot.gateways.store_sqlite import SqliteStore


def test_it_reads_through_and_writes_above(tmp_path):
    below = SqliteStore(tmp_path / "db.sqlite")
    below.put("room", "kept", {"a": 1})
    below.put("room", "dropped", {"a": 2})
    over = OverlayStore(below)
    over.put("room", "new", {"a": 3})
    over.drop("room", "dropped")
    assert over.get("room", "kept") == {"a": 1}
    assert over.get("room", "dropped") is None
    assert over.items("room") == {"kept": {"a": 1}, "new": {"a": 3}}
    assert below.items("room") == {"dropped": {"a": 2}, "kept": {"a": 1}}
    below.close()
