"""A PostgreSQL host that vanished sends nothing, not even an end: each kind of connection has the kernel give it up.

What the kernel then does is its own; without these two settings a query that was sent waits for a quarter of an hour, and one
that was received for two hours.
"""

import pytest

from bot.gateways.engine_dbos_database import EngineDatabase
from bot.gateways.postgres_pool import Pool
from bot.gateways.work_tables import WorkDatabase


def of_the_store(url):
    pool = Pool(url)
    with pool.connection() as connection:
        yield connection
    pool.close()


def of_the_engine(url):
    database = EngineDatabase(url, lanes=1)
    database.open()
    with database.begin() as connection:
        yield connection.connection.driver_connection
    database.close()


def of_the_questions(url):
    database = WorkDatabase(url)
    with database.begin() as connection:
        yield connection.connection.driver_connection
    database.close()


@pytest.mark.parametrize("kind", [of_the_store, of_the_engine, of_the_questions])
def test_a_connection_to_a_host_that_vanished_is_given_up(postgres, kind):
    for connection in kind(postgres):
        said = connection.info.get_parameters()
        assert 0 < int(said["keepalives_idle"]) <= 60
        assert 0 < int(said["tcp_user_timeout"]) <= 60_000
