"""The local database: one SQLite file of rooms with JSON values. Queue, schedule and cache; deleting it loses no truth."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.gateways.database_words import trouble
from bot.gateways.kept_json import read, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_TABLE = "CREATE TABLE IF NOT EXISTS kept (room TEXT, key TEXT, value TEXT, PRIMARY KEY (room, key)) WITHOUT ROWID"
_GET = "SELECT value FROM kept WHERE room = ? AND key = ?"
_PUT = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT (room, key) DO UPDATE SET value = excluded.value"
_DROP = "DELETE FROM kept WHERE room = ? AND key = ?"
_ITEMS = "SELECT key, value FROM kept WHERE room = ? ORDER BY key"

_PATIENCE = 10.0
"""Seconds that a statement waits for another process to let go of the file."""

_KINDS = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CANTOPEN: "gone",
}
"""By the primary result code (https://www.sqlite.org/rescode.html)."""

_STAYS = {"locked", "full"}
"""Mended from outside without opening the file again."""


class SqliteStore:
    """`ports.Store` in a file; safe between threads, durable when `put` returns (WAL, full sync).

    Where the file is in trouble every call raises `GatewayError`, and the first call after it was mended goes on: the file
    is opened again, and made anew where it was moved away. A file that another one took the place of is let go of, because
    what is written into a deleted file no other process sees.
    """

    def __init__(self, path: Path, *, patience: float = _PATIENCE) -> None:
        self._path, self._patience = path, patience
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        with self._open():
            pass

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._let_go()

    def get(self, room: str, key: str) -> dict[str, Any] | None:
        """See `ports.Store`."""
        with self._open() as db:
            row = db.execute(_GET, (room, key)).fetchone()
        return read(row[0]) if row else None

    def put(self, room: str, key: str, value: dict[str, Any]) -> None:
        """See `ports.Store`."""
        with self._open() as db:
            db.execute(_PUT, (room, key, json.dumps(value, sort_keys=True)))

    def drop(self, room: str, key: str) -> None:
        """See `ports.Store`."""
        with self._open() as db:
            db.execute(_DROP, (room, key))

    def change(
        self, room: str, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """See `ports.Store`; the file is locked for writing meanwhile."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                row = db.execute(_GET, (room, key)).fetchone()
                after = change(read(row[0]) if row else None)
                if after is None:
                    db.execute(_DROP, (room, key))
                else:
                    db.execute(_PUT, (room, key, json.dumps(after, sort_keys=True)))
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # SQLite ends it itself where the disk is full
                    db.execute("ROLLBACK")
                raise
        return after

    def items(self, room: str) -> Mapping[str, dict[str, Any]]:
        """See `ports.Store`."""
        with self._open() as db:
            rows = db.execute(_ITEMS, (room,)).fetchall()
        return readable(rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The connection, alone; trouble of the database leaves as what it is."""
        with self._lock:
            try:
                yield self._connected()
            except sqlite3.Error as error:
                raise self._trouble(error) from None
            except OSError as error:  # the folder cannot be made
                raise trouble(f"database {self._path.name}", "gone", type(error).__name__) from None

    def _connected(self) -> sqlite3.Connection:
        if self._db is not None and self._file != self._there():
            self._let_go()
        if self._db is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                self._path, check_same_thread=False, isolation_level=None, timeout=self._patience
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute(_TABLE)
            self._file = self._there()
        return self._db

    def _there(self) -> tuple[int, int] | None:
        """Which file stands at the path now."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _trouble(self, error: sqlite3.Error) -> Exception:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind = _KINDS.get(code, "failed")
        if kind not in _STAYS or self._file is None:
            self._let_go()
        return trouble(f"database {self._path.name}", kind, getattr(error, "sqlite_errorname", type(error).__name__))

    def _let_go(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = self._file = None
