"""The test run's own PostgreSQL: databases are apart, and a stopped server can be started again."""

from __future__ import annotations

import psycopg


def test_databases_are_new_and_apart(postgres, postgres_here):
    with psycopg.connect(postgres) as connection:
        connection.execute("CREATE TABLE t (n int)")
    with psycopg.connect(postgres_here.database()) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
