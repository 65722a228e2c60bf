"""The engine's database: SQLite in a file or PostgreSQL, one pool for DBOS and for us, with a bounded patience.

DBOS waits for a lost connection without end. What is asked of the engine from outside (`tell`, `state`) must not: it goes
through `begin`, which gives up after `PATIENCE` and raises `GatewayError(reason="database")`.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.errors import ConfigError, GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 5.0
"""Seconds to wait for a lock or a connection."""
SCHEMA = "dbos"
"""Where DBOS keeps its tables in PostgreSQL; in SQLite there is no schema."""

_PROBES = 10
"""Connections beside those of the lanes: DBOS's own threads, the pulse, tellings."""


class EngineDatabase:
    """`url` is `sqlite:////path` or `postgresql://…`; its password appears in no error."""

    def __init__(self, url: str, *, lanes: int, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._url = _url(url)
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self.schema = None if self.sqlite else SCHEMA
        self.pool = self._sqlite(lanes) if self.sqlite else self._postgres(lanes)
        self._file = Path(self._url.database or "") if self.sqlite else None
        self._inode, self._closed = 0, False
        sa.event.listen(self.pool, "checkin", self._on_checkin)

    def open(self) -> None:
        """The first contact: made where it is a file, its write-ahead log turned on, its identity remembered."""
        try:
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._named(), self.pool.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL" if self.sqlite else "SELECT 1")
            self._inode = self._file.stat().st_ino if self._file is not None else 0
        except OSError as error:
            raise _trouble(f"its folder cannot be used ({error.strerror})") from error

    def close(self) -> None:
        """All connections: those that are in use when they are given back."""
        self._closed = True
        self.pool.dispose()

    def _on_checkin(self, _connection: object, record: Any) -> None:
        if self._closed:
            record.invalidate()

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction; the library's errors leave as `GatewayError(reason="database", transient=True)`."""
        self._there()
        with self._named(), self.pool.begin() as connection:
            yield connection

    def _there(self) -> None:
        """SQLite writes happily into a file that was deleted under it, and everything would be lost."""
        if self._file is None or not self._inode:
            return
        try:
            same = self._file.stat().st_ino == self._inode
        except OSError:
            same = False
        if not same:
            raise _trouble("its file was deleted or replaced; start the service again")

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise _trouble(_said(error)) from error

    def _sqlite(self, lanes: int) -> sa.Engine:
        pool = sa.create_engine(
            self._url.set(drivername="sqlite"),
            pool_size=lanes + _PROBES,
            max_overflow=lanes,
            pool_timeout=self._patience,
        )
        sa.event.listen(pool, "connect", self._on_connect)
        return pool

    def _on_connect(self, connection: Any, _record: object) -> None:
        """As DBOS sets up the connections that it makes itself: whoever begins to write has the file's lock at once."""
        connection.isolation_level = "IMMEDIATE"
        connection.execute(f"PRAGMA busy_timeout={int(self._patience * 1000)}")
        connection.execute("PRAGMA foreign_keys=ON")

    def _postgres(self, lanes: int) -> sa.Engine:
        """A connection that hangs, and a paused process that holds a lock, end after a while too."""
        wait = int(self._patience * 1000)
        arguments: dict[str, Any] = {
            "application_name": "accession",
            "client_encoding": "utf8",
            "connect_timeout": max(int(self._patience), 1),
            "keepalives_idle": 30,
            "tcp_user_timeout": wait * 2,
            "options": f"-c lock_timeout={wait} -c idle_in_transaction_session_timeout={wait * 4}",
        }
        asked = {name: value for name, value in arguments.items() if name not in self._url.query}
        return sa.create_engine(
            self._url.set(drivername="postgresql+psycopg"),
            pool_size=lanes + _PROBES, max_overflow=lanes, pool_timeout=self._patience, pool_pre_ping=True,
            connect_args=asked,
        )  # fmt: skip


def _url(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        url = sa.URL.create("none")
    if url.get_backend_name() not in {"sqlite", "postgresql"} or not url.database:
        raise ConfigError("The engine's database has to be a url: sqlite:////path/file or postgresql://user@host/name.")
    return url


def _said(error: sa.exc.SQLAlchemyError) -> str:
    """The database's own words, one line, without the statement."""
    said = str(getattr(error, "orig", None) or type(error).__name__)
    return " ".join(said.split())[:200]


def _trouble(why: str) -> GatewayError:
    return GatewayError(f"The engine's database does not answer: {why}.", reason="database", transient=True)
