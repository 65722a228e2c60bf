"""How connections to the work database are made, so that its contents can do no more than be wrong.

Limits stand in the connection, not in the statement: names mean the database's own functions before those that somebody
made in it, no setting of a role or of the database is taken over that changes what bytes look like, no statement and no lock
is waited for without end, and a view or a trigger makes no value larger than a question may be.
"""

from __future__ import annotations

import sqlite3
import time
from math import inf
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from bot.errors import ConfigError
from bot.gateways import guarded_postgres

VALUE_BYTES = 16 * 1024**2
"""Of one value in SQLite; a question has at most 8 MB."""
TRANSACTION_SECONDS = 60.0
"""Of one transaction in SQLite, after which its statements are interrupted."""
_STEPS = 10_000
_GIVEN_UP = {"keepalives_idle": 30, "tcp_user_timeout": 30_000}
"""A host that vanished says nothing: the kernel gives the connection up, whether something was sent or is waited for."""
_OPTIONS = {
    "statement_timeout": "30000",
    "lock_timeout": "20000",
    "idle_in_transaction_session_timeout": "60000",
    "search_path": "public",  # behind `pg_catalog`, which comes first where it is not named
    "bytea_output": "hex",
    "client_min_messages": "error",
}


def sqlite(url: str, *, guarded: bool) -> sa.Engine:  # noqa: ARG001 - a file is always read under the same limits
    """Raises `ConfigError` where there can be no such file."""
    path = Path(url.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder of ACCESSION_WORK_DATABASE cannot be made: {error.strerror}.") from None
    engine = sa.create_engine(url, connect_args={"timeout": 30}, pool_size=8)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _hurry)
    return engine


def postgres(url: str, *, guarded: bool) -> sa.Engine:
    """Connects at the first use. Raises `ConfigError` for an address that names a service file: nobody here looks into it."""
    driver = "postgresql+psycopg://" + url.partition("://")[2]
    options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
    arguments = {"options": options, "connect_timeout": 10, "client_encoding": "utf8"} | _GIVEN_UP
    if "service" in sa.make_url(driver).query:
        raise ConfigError("ACCESSION_WORK_DATABASE names a service: write host and database into the url.")
    engine = sa.create_engine(driver, connect_args=arguments, pool_size=8, pool_pre_ping=True)
    if guarded:
        event.listen(engine, "do_connect", _through_the_guard)
    return engine


def _prepare(connection: Any, record: Any) -> None:
    """Writers lock at once, so that two never wait for each other; what a foreign hand wrote into the schema is not trusted."""
    connection.isolation_level = "IMMEDIATE"
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
    connection.set_progress_handler(lambda: time.monotonic() > record.info.get("until", inf), _STEPS)
    for pragma in ("journal_mode=WAL", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _hurry(_connection: object, record: Any, _proxy: object) -> None:
    record.info["until"] = time.monotonic() + TRANSACTION_SECONDS


def _through_the_guard(dialect: Any, _record: object, _arguments: object, parameters: Any) -> Any:
    return guarded_postgres.connect(dialect.connect, parameters)
