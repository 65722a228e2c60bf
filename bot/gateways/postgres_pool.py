"""Connections to PostgreSQL for many threads: few are kept, dead ones are noticed before they are used.

A server that was restarted has closed its connections, which shows as something to read on an idle one; so nothing needs
to be asked twice. A connection that only seems to live is given up by the kernel (`tcp_user_timeout`).
"""

from __future__ import annotations

import select
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import errors, sql

from bot.errors import ConfigError
from bot.gateways.database_words import trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 8
"""Connections of one process; further threads wait for one."""
PATIENCE = 10.0
"""Seconds for a statement, for a lock, and for a place in the pool."""
_CONNECT = 5
_TIMEOUTS = {"statement_timeout": 1.0, "lock_timeout": 0.8, "idle_in_transaction_session_timeout": 0.5}
"""As parts of the patience: who holds a lock and does nothing goes first, then who waits for it is told that it is one."""
_WHICH = "PostgreSQL database"

_KINDS = {
    "08": "away",
    "57": "away",
    "28": "refused",
    "3D": "gone",
    "25": "read-only",
    "42": "forbidden",
    "53": "full",
    "55": "locked",
    "58": "failed",
    "XX": "damaged",
}
"""By the class of the SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

_CODES = {
    errors.QueryCanceled.sqlstate: "slow",
    errors.UndefinedTable.sqlstate: "emptied",
    errors.TooManyConnections.sqlstate: "slow",
    errors.IdleInTransactionSessionTimeout.sqlstate: "slow",
}
"""Those that say something else than their class."""


class Pool:
    """`connection()` lends one in autocommit; psycopg's errors leave as `GatewayError`."""

    def __init__(self, url: str, *, patience: float = PATIENCE, most: int = MOST) -> None:
        try:
            self._to = psycopg.conninfo.make_conninfo(
                url,
                connect_timeout=_CONNECT,
                application_name="accession",
                client_encoding="utf8",
                keepalives_idle=30,
                tcp_user_timeout=int(patience * 1000),
            )
        except psycopg.Error:
            message = "ACCESSION_DATABASE is no PostgreSQL address: write postgresql://user:password@host/database."
            raise ConfigError(message) from None
        self._patience = patience
        self._idle: list[psycopg.Connection] = []
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._closed = False

    def close(self) -> None:
        """Close what is idle, and what is lent as soon as it comes back."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """One that lives, for this thread alone."""
        if not self._places.acquire(timeout=self._patience):
            raise trouble(_WHICH, "slow", "pool")
        try:
            lent = self._taken()
            try:
                yield lent
            finally:
                self._back(lent)
        except psycopg.Error as error:
            raise _said(error) from None
        finally:
            self._places.release()

    def _taken(self) -> psycopg.Connection:
        while True:
            with self._lock:
                known = self._idle.pop() if self._idle else None
            if known is None:
                return self._made()
            if _lives(known):
                return known
            known.close()

    def _made(self) -> psycopg.Connection:
        made = psycopg.connect(self._to, autocommit=True)
        try:
            for name, share in _TIMEOUTS.items():
                wait = sql.Literal(f"{int(self._patience * share * 1000)}ms")
                made.execute(sql.SQL("SET {} = {}").format(sql.Identifier(name), wait))
        except BaseException:
            made.close()
            raise
        return made

    def _back(self, lent: psycopg.Connection) -> None:
        idle = lent.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            kept = idle and not lent.closed and not self._closed
            if kept:
                self._idle.append(lent)
        if not kept:
            lent.close()


def _lives(connection: psycopg.Connection) -> bool:
    """Nothing was asked, so anything to read is the server's farewell."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def _said(error: psycopg.Error) -> Exception:
    code = error.sqlstate or ""
    kind = (
        _CODES.get(code)
        or _KINDS.get(code[:2])
        or ("away" if isinstance(error, psycopg.OperationalError) else "failed")
    )
    if not code and "authentication failed" in str(error):
        kind = "refused"
    if not code and "does not exist" in str(error):
        kind = "gone"
    return trouble(_WHICH, kind, code or type(error).__name__)
