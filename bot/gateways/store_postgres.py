"""The local database for many machines: one table of rooms with JSON values in PostgreSQL. Deleting it loses no truth."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.errors import GatewayError
from bot.gateways.kept_json import read, readable
from bot.gateways.postgres_pool import PATIENCE, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import psycopg

_THERE = "SELECT to_regclass('accession_kept')"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7227420180)"
"""Two processes that make the same table at once would have one of them fail; the number is ours alone."""
_TABLE = """CREATE TABLE IF NOT EXISTS accession_kept (
    room text COLLATE "C", key text COLLATE "C", value text, PRIMARY KEY (room, key))"""
_GET = "SELECT value FROM accession_kept WHERE room = %s AND key = %s"
_PUT = "INSERT INTO accession_kept VALUES (%s, %s, %s) ON CONFLICT (room, key) DO UPDATE SET value = excluded.value"
_DROP = "DELETE FROM accession_kept WHERE room = %s AND key = %s"
_ITEMS = "SELECT key, value FROM accession_kept WHERE room = %s ORDER BY key"
_HELD = (
    "INSERT INTO accession_kept VALUES (%s, %s, NULL) ON CONFLICT (room, key) DO UPDATE SET room = excluded.room "
    "RETURNING value"
)
"""Locks the row until the transaction ends, also one that was not there; NULL is absent."""


class PostgresStore:
    """`ports.Store` on a server; safe between threads, processes and machines, durable when `put` returns.

    `text`, not `jsonb`: that one refuses the character U+0000. A restarted server costs a new connection and no failure.
    A process that was paused within a change is ended by the server after `patience` seconds, so that it holds up nobody.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._pool = Pool(url, patience=patience)
        self._made = False
        try:
            with self._db():
                pass
        except GatewayError:
            self.close()
            raise

    def __repr__(self) -> str:
        return "PostgresStore()"

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def get(self, room: str, key: str) -> dict[str, Any] | None:
        """See `ports.Store`."""
        with self._db() as db:
            row = db.execute(_GET, (room, key)).fetchone()
        return read(row[0]) if row else None

    def put(self, room: str, key: str, value: dict[str, Any]) -> None:
        """See `ports.Store`."""
        with self._db() as db:
            db.execute(_PUT, (room, key, json.dumps(value, sort_keys=True)))

    def drop(self, room: str, key: str) -> None:
        """See `ports.Store`."""
        with self._db() as db:
            db.execute(_DROP, (room, key))

    def change(
        self, room: str, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """See `ports.Store`; the row is locked meanwhile, and nobody sees anything of it before the end."""
        with self._db() as db, db.transaction():
            row = db.execute(_HELD, (room, key)).fetchone()
            after = change(read(row[0]) if row else None)
            if after is None:
                db.execute(_DROP, (room, key))
            else:
                db.execute(_PUT, (room, key, json.dumps(after, sort_keys=True)))
        return after

    def items(self, room: str) -> Mapping[str, dict[str, Any]]:
        """See `ports.Store`."""
        with self._db() as db:
            rows = db.execute(_ITEMS, (room,)).fetchall()
        return readable(rows)

    @contextmanager
    def _db(self) -> Iterator[psycopg.Connection]:
        """A connection to a database with our table; after any trouble it is looked for again."""
        try:
            with self._pool.connection() as db:
                if not self._made:
                    _make(db)
                    self._made = True
                yield db
        except GatewayError:
            self._made = False
            raise


def _make(db: psycopg.Connection) -> None:
    """Only looked for where it is there: a role may use the table without being allowed to make one."""
    found = db.execute(_THERE).fetchone()
    if found and found[0] is not None:
        return
    with db.transaction():
        db.execute(_ONE_AT_A_TIME)
        db.execute(_TABLE)
