"""The local database: one SQLite file of rooms with JSON values. Queue, schedule and cache; deleting it loses no truth."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_TABLE = "CREATE TABLE IF NOT EXISTS kept (room TEXT, key TEXT, value TEXT, PRIMARY KEY (room, key)) WITHOUT ROWID"
_PUT = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (room, key) DO UPDATE SET value = excluded.value"


class SqliteStore:
    """`ports.Store` in a file; safe between threads, durable when `put` returns (WAL, full sync)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(_TABLE)
        except sqlite3.Error as error:
            raise ConfigError(
                f"The database {path.name} cannot be used ({error}): move it away, it is made anew."
            ) from error
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def get(self, room: str, key: str) -> dict[str, Any] | None:
        """See `ports.Store`."""
        with self._lock:
            row = self._db.execute("SELECT value FROM kept WHERE room = ? AND key = ?", (room, key)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, room: str, key: str, value: dict[str, Any]) -> None:
        """See `ports.Store`."""
        with self._lock:
            self._db.execute(_PUT, (room, key, json.dumps(value, sort_keys=True)))

    def drop(self, room: str, key: str) -> None:
        """See `ports.Store`."""
        with self._lock:
            self._db.execute("DELETE FROM kept WHERE room = ? AND key = ?", (room, key))

    def change(
        self, room: str, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """See `ports.Store`; the file is locked for writing meanwhile."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                row = self._db.execute("SELECT value FROM kept WHERE room = ? AND key = ?", (room, key)).fetchone()
                after = change(json.loads(row[0]) if row else None)
                if after is None:
                    self._db.execute("DELETE FROM kept WHERE room = ? AND key = ?", (room, key))
                else:
                    self._db.execute(_PUT, (room, key, json.dumps(after, sort_keys=True)))
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        return after

    def items(self, room: str) -> Mapping[str, dict[str, Any]]:
        """See `ports.Store`."""
        with self._lock:
            rows = self._db.execute("SELECT key, value FROM kept WHERE room = ? ORDER BY key", (room,)).fetchall()
        return {key: json.loads(value) for key, value in rows}
