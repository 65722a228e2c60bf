"""Columns as they are read from a database that others may have shaped: of types that we know, cut where they lie.

On PostgreSQL the functions are those of `pg_catalog`, and the casts make the answer text, bytes or a number whatever stands in
the table, so that no other reader of the driver is reached. A cast may still be code of the database's owner: how much leaves
the server is bounded by the connection (`guarded_postgres`), not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


def short(column: sa.ColumnElement[Any], limit: int) -> sa.ColumnElement[str]:
    """A text, of which never more than that is fetched."""
    return sa.type_coerce(_Substr(sa.cast(column, sa.Text), 1, limit), sa.Text)


def figure(column: sa.ColumnElement[Any]) -> sa.ColumnElement[float]:
    """A number with a point."""
    return sa.cast(column, sa.Double)


def whole(column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """A whole number."""
    return sa.cast(column, sa.BigInteger)


def bytes_at_most(column: sa.ColumnElement[bytes], limit: int) -> sa.ColumnElement[bytes]:
    """The column's bytes, NULL where there are more than `limit`: the database decides, before it fetches one of them.

    SQLite knows the length of a blob from the row's header, PostgreSQL that of a bytea without reading it; whatever else
    stands in the column counts as too long.
    """
    return sa.type_coerce(_BytesAtMost(column, limit, limit + 1), sa.LargeBinary)


class _Substr(FunctionElement[Any]):
    inherit_cache = True


class _BytesAtMost(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Substr)
def _substr(element: _Substr, compiler: SQLCompiler, **more: Any) -> str:
    return f"substr({compiler.process(element.clauses, **more)})"


@compiles(_Substr, "postgresql")
def _substr_postgres(element: _Substr, compiler: SQLCompiler, **more: Any) -> str:
    return f"pg_catalog.substr({compiler.process(element.clauses, **more)})"


@compiles(_BytesAtMost)
def _bytes_at_most(element: _BytesAtMost, compiler: SQLCompiler, **more: Any) -> str:
    column, limit, cut = (compiler.process(part, **more) for part in element.clauses)
    return f"CASE WHEN typeof({column}) = 'blob' AND length({column}) <= {limit} THEN substr({column}, 1, {cut}) END"


@compiles(_BytesAtMost, "postgresql")
def _bytes_at_most_postgres(element: _BytesAtMost, compiler: SQLCompiler, **more: Any) -> str:
    column, limit, cut = (compiler.process(part, **more) for part in element.clauses)
    content = f"CAST({column} AS pg_catalog.bytea)"
    fits = f"pg_catalog.octet_length({content}) <= {limit}"
    return f"CASE WHEN {fits} THEN pg_catalog.substr({content}, 1, {cut}) END"
