"""The work database: questions, answers, blobs and the workers that live, in plain tables beside the engine's own.

Both sides use these through SQLAlchemy Core. They are not the engine's rows, because whoever reads an answer beside the
keys must read bytes of a known length and nothing that an engine would deserialise. SQLite by default (WAL, so that
readers never wait for writers), PostgreSQL with one url.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import WORK_DATABASE, ConfigError, GatewayError
from bot.gateways import work_connections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ID = 64
"""Characters of a question's name at most."""
RELEASED = "released"
"""Counter of the questions that were given out; its row is also the lock under which that is done."""

meta = sa.MetaData()
questions = sa.Table(
    "accession_questions",
    meta,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("request", sa.LargeBinary, nullable=False),
    sa.Column("contributor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("weights", sa.Text, nullable=False),
    sa.Column("asked", sa.Double, nullable=False),
    sa.Column("wanted", sa.Double, nullable=False),
    sa.Column("came", sa.BigInteger, nullable=False),
    sa.Column("released", sa.BigInteger),
    sa.Column("started", sa.Double),
    sa.Column("workflow", sa.Text),
    sa.Column("environment", sa.Text),
    sa.Column("declined", sa.Text),
    sa.Index("accession_questions_open", "released", "asked"),
)
"""Questions without an answer. `came`: the counter when it came; `released`: when it was given out, NULL while it waits.

`environment`: what the answer is to be found on, NULL where any will do or an older release asked. `declined`: workers that
have not what is asked for, with a space around each.
"""
ADDED = (questions.c.environment, questions.c.declined)
"""Columns that a database of an older release lacks. They may be NULL, so that older processes go on beside newer ones."""
answers = sa.Table(
    "accession_answers",
    meta,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("weights", sa.Text, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
)
blobs = sa.Table(
    "accession_blobs",
    meta,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)
workers = sa.Table(
    "accession_workers",
    meta,
    sa.Column("executor", sa.Text, primary_key=True),
    sa.Column("environment", sa.Text, nullable=False),
    sa.Column("lanes", sa.Integer, nullable=False),
    sa.Column("beat", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("began", sa.Double, nullable=False),
)
served = sa.Table(
    "accession_served",
    meta,
    sa.Column("contributor", sa.Text, primary_key=True),
    sa.Column("released", sa.BigInteger, nullable=False),
)
counters = sa.Table(
    "accession_counters",
    meta,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)


class WorkDatabase:
    """Connections to it. Whatever the driver raises leaves as `GatewayError(reason="work-database")`."""

    def __init__(self, url: str, *, guarded: bool = False) -> None:
        """`sqlite:///path` or `postgresql://…`; the tables are made by whoever comes first, at the first use.

        `guarded`: whatever the owner of a PostgreSQL database made of it, no more is read than an answer has (`guarded_postgres`).
        """
        self.url = url
        self.sqlite = url.startswith("sqlite:///")
        if not self.sqlite and not url.startswith(("postgresql://", "postgres://")):
            raise ConfigError("ACCESSION_WORK_DATABASE is neither sqlite:///path nor postgresql://…")
        made = work_connections.sqlite if self.sqlite else work_connections.postgres
        self.engine = made(url, guarded=guarded)
        self._made = False

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction."""
        try:
            self.make()
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _trouble(error) from None

    def insert(self, connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
        """False, and nothing written, where its key is there already."""
        made = self._insert(table).values(values).on_conflict_do_nothing()
        return bool(connection.execute(made).rowcount)

    def upsert(self, connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
        """Written whether it was there or not."""
        keys = [column.name for column in table.primary_key.columns]
        changed = {name: value for name, value in values.items() if name not in keys}
        made = self._insert(table).values(values).on_conflict_do_update(index_elements=keys, set_=changed)
        connection.execute(made)

    def now(self) -> sa.ColumnElement[float]:
        """Seconds since 1970 by the database's own clock, so that machines need not agree."""
        if self.sqlite:
            return sa.literal_column("(julianday('now') - 2440587.5) * 86400.0", sa.Double)
        return sa.literal_column("extract(epoch from clock_timestamp())::double precision", sa.Double)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def _insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self.sqlite else postgresql.insert(table)

    def make(self) -> None:
        """The tables are there afterwards, whoever comes first."""
        if self._made:
            return
        with self.engine.begin() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(2163520)")
            meta.create_all(connection)
            for column in ADDED:
                self._add(connection, column)
            self.insert(connection, counters, {"name": RELEASED, "value": 0})
        self._made = True

    def _add(self, connection: sa.Connection, column: sa.Column[Any]) -> None:
        """An upgrade needs no step of its own, and going back none either."""
        looks = {
            True: "SELECT count(*) FROM pragma_table_info(:place) WHERE name = :name",
            False: "SELECT count(*) FROM pg_catalog.pg_attribute"
            " WHERE attrelid = pg_catalog.to_regclass(:place) AND attname = :name AND NOT attisdropped",
        }
        there = sa.text(looks[self.sqlite]).bindparams(place=column.table.name, name=column.name)
        if not connection.execute(there).scalar():
            connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} TEXT")


def _trouble(error: SQLAlchemyError) -> GatewayError:
    """The driver's own words may hold the url or a row: only their kind is told."""
    kind = type(getattr(error, "orig", None) or error).__name__
    message = f"The work database does not do its part ({kind}): see that it runs, has room and may be written."
    return GatewayError(message, reason=WORK_DATABASE, transient=True)
