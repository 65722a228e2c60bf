"""Which local database a setting names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.gateways.store_sqlite import SqliteStore

if TYPE_CHECKING:
    from bot.gateways.store_postgres import PostgresStore

SQLITE = "sqlite:///"
"""Three slashes and a path: a fourth begins an absolute one."""


def open_store(where: str | Path) -> SqliteStore | PostgresStore:
    """A file (`sqlite:///path`, or a path), or a server (`postgresql://…`); raises `GatewayError` where it is in trouble."""
    if isinstance(where, Path):
        return SqliteStore(where)
    if where.startswith(SQLITE):
        return SqliteStore(Path(where.removeprefix(SQLITE)))
    from bot.gateways.store_postgres import PostgresStore

    return PostgresStore(where)
