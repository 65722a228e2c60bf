"""A door that counts: what comes in for one answer, and how long it takes; nothing else about a connection is other than without it."""

import os
import socket
import subprocess
import threading
import time

import psycopg
import pytest

from bot.errors import ConfigError
from bot.gateways import guarded_postgres
from bot.gateways.guarded_postgres import ANSWER_BYTES, connect
from bot.gateways.work_tables import WorkDatabase
from tests.fakes.postgres import postgres_server
from tests.gateways.test_last_word import signed


def places(url, **more):
    return psycopg.conninfo.conninfo_to_dict(url) | {"autocommit": True} | more


def made(**parameters):
    """As SQLAlchemy's dialect makes one."""
    return psycopg.connect(**parameters)


def letters(connection, count):
    return len(connection.execute("SELECT repeat('x', %s)", [count]).fetchone()[0])


def carriers():
    return {thread for thread in threading.enumerate() if thread.name.startswith("guarded")}


def left_since(before):
    """Carriers that came since and stay; those from before may end at any moment."""
    end = time.monotonic() + 20
    while (left := carriers() - before) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def test_an_answer_of_any_right_size_comes_in_as_often_as_it_is_asked_for(postgres):
    with connect(made, places(postgres)) as connection:
        assert [letters(connection, 3_000_000) for _ in range(4)] == [3_000_000] * 4
        content = b"x" * 8_000_000
        assert connection.execute("SELECT octet_length(%s::bytea)", [content]).fetchone() == (8_000_000,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT repeat('x', 8000000)",
        "SELECT repeat('x', 1000) FROM generate_series(1, 8000)",
        "DO $$ BEGIN RAISE NOTICE '%', repeat('x', 8000000); END $$",
        "DO $$ BEGIN FOR i IN 1..8000 LOOP RAISE NOTICE '%', repeat('x', 1000); END LOOP; END $$",
        "DO $$ BEGIN RAISE EXCEPTION '%', repeat('x', 8000000); END $$",
    ],
    ids=["a value", "rows", "a notice", "notices", "an error"],
)
def test_what_is_too_much_ends_the_connection_and_is_said_now_and_then(postgres, statement, capfd, monkeypatch):
    monkeypatch.setitem(guarded_postgres._told, "at", -100.0)
    for _ in range(2):
        connection = connect(made, places(postgres))
        with pytest.raises(psycopg.OperationalError) as raised:
            connection.execute(statement)
        assert len(str(raised.value)) < 1000
        assert connection.closed
        connection.close()
    assert capfd.readouterr().err.count("work_database_cut") == 1
    with connect(made, places(postgres)) as again:
        assert letters(again, 3) == 3


def test_what_takes_too_long_ends_the_connection_whatever_its_settings(postgres, monkeypatch):
    monkeypatch.setattr(guarded_postgres, "ANSWER_SECONDS", 1.0)
    for statement in (
        "SELECT pg_sleep(60)",
        "DO $$ BEGIN LOOP RAISE NOTICE 'x'; PERFORM pg_sleep(0.05); END LOOP; END $$",
    ):
        connection = connect(made, places(postgres))
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            connection.execute(statement)
        assert time.monotonic() - began < 20
        connection.close()


def test_an_idle_connection_goes_and_the_next_statement_has_another_one(postgres, monkeypatch):
    monkeypatch.setattr(guarded_postgres, "ANSWER_SECONDS", 0.5)
    database = WorkDatabase(postgres, guarded=True)
    before = carriers()
    for _ in range(2):
        with database.begin() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        assert not left_since(before)
    database.close()


def test_the_door_is_closed_once_somebody_is_in(postgres):
    ports = []

    def remembering(**parameters):
        ports.append(parameters["port"])
        return made(**parameters)

    with connect(remembering, places(postgres)) as connection:
        assert letters(connection, 3) == 3
        with socket.socket() as stranger:
            assert stranger.connect_ex(("127.0.0.1", ports[0])) != 0


def test_a_server_is_found_by_its_socket_and_by_the_usual_folder(postgres, postgres_here, monkeypatch, tmp_path):
    parameters = places(postgres)
    folder = str(postgres_here.folder)
    with connect(made, parameters | {"host": folder}) as connection:
        assert letters(connection, 3) == 3
    del parameters["host"]
    monkeypatch.setattr(guarded_postgres, "FOLDERS", (str(tmp_path), folder))
    with connect(made, parameters) as connection:
        assert connection.execute("SELECT inet_client_addr()").fetchone() == (None,)
    monkeypatch.setattr(guarded_postgres, "FOLDERS", (str(tmp_path),))
    with connect(made, parameters) as connection:
        assert connection.execute("SELECT host(inet_client_addr())").fetchone() in {("127.0.0.1",), ("::1",)}


def test_of_several_places_the_first_that_answers_is_taken(postgres, postgres_here):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        dead = nobody.getsockname()[1]
    several = {"host": "127.0.0.1,127.0.0.1", "port": f"{dead},{postgres_here.port}"}
    with connect(made, places(postgres) | several) as connection:
        assert letters(connection, 3) == 3


@pytest.mark.parametrize("host", ["127.0.0.1", "absent", "", "somebody.invalid"])
def test_nobody_there_is_told_as_the_driver_tells_it(host, tmp_path, monkeypatch):
    monkeypatch.setattr(guarded_postgres, "FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(socket, "getaddrinfo", resolver(socket.getaddrinfo))
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        dead = nobody.getsockname()[1]
    place = {"host": str(tmp_path) if host == "absent" else host, "port": dead, "dbname": "x", "connect_timeout": 5}
    before = carriers()
    with pytest.raises(psycopg.OperationalError):
        connect(made, place)
    assert not left_since(before)


def resolver(known):
    """Nobody is called `.invalid` (RFC 2606)."""

    def resolve(host, *more, **others):
        if host == "somebody.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return known(host, *more, **others)

    return resolve


def test_a_file_that_names_services_is_not_looked_into():
    with pytest.raises(ConfigError, match="service"):
        WorkDatabase("postgresql:///x?service=work", guarded=True)


def test_encryption_and_names_are_those_of_the_server(tmp_path, postgres):
    """Also where a server refuses what was tried first, and libpq comes in again."""
    certificate = signed(tmp_path)
    with postgres_server() as server:
        sealed(server, certificate)
        right = places(server.url()) | {"host": "localhost", "sslmode": "verify-full", "sslrootcert": str(certificate)}
        with connect(made, right) as connection:
            assert connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
            assert letters(connection, 3_000_000) == 3_000_000
            with pytest.raises(psycopg.OperationalError):
                letters(connection, 2 * ANSWER_BYTES)
        with pytest.raises(psycopg.OperationalError, match="certificate"):
            connect(made, right | {"host": "elsewhere", "hostaddr": "127.0.0.1"})
        (server.folder / "data/pg_hba.conf").write_text("hostnossl all all 127.0.0.1/32 trust\n")
        server.stop()
        server.start()
        with connect(made, places(server.url()) | {"sslmode": "prefer"}) as connection:
            assert connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (False,)


def sealed(server, certificate):
    """The server speaks TLS from now on."""
    own = server.folder / "data/server.pem"
    own.write_bytes(certificate.read_bytes())
    own.chmod(0o600)
    if os.geteuid() == 0:
        subprocess.run(["chown", "postgres", str(own)], check=True)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name, value in {"ssl_cert_file": "server.pem", "ssl_key_file": "server.pem", "ssl": "on"}.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.stop()
    server.start()
