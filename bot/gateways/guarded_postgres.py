"""A connection to a PostgreSQL database whose owner is not trusted: so many bytes for an answer, and so long.

libpq keeps an answer in memory until it is complete, and a row, a notice or an error may have a gigabyte, whatever the
statement asked for: views, triggers, casts and policies are the owner's code, and that code may set its own time limit. What
cannot be bounded in SQL is counted here. The connection goes over loopback through a thread that passes bytes on and hangs up
when there are too many since the last word of this side, or when that was too long ago; an idle connection goes then too.
Nothing is looked at, so that encryption, names and passwords stay between libpq and the server.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from psycopg.conninfo import conninfo_attempts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ANSWER_BYTES = 4 * 1024**2
"""Between two words of this side. The largest right answer is a blob: 2 MB in the protocol."""
ANSWER_SECONDS = 90.0
"""The statement's own limit is 30 s."""
FOLDERS = ("/var/run/postgresql", "/tmp")  # noqa: S108 - where servers listen if nobody says otherwise
_HERE = "127.0.0.1"
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 10.0
_QUIET = 60.0
_told = {"at": -_QUIET}
"""When it was last said that an answer was too long: who can make one can make thousands."""

log = structlog.get_logger(__name__)


def connect(make: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
    """`make(**parameters)`, where libpq's parameters name one place or several; raises `psycopg.Error` as that does."""
    trouble: psycopg.Error = psycopg.OperationalError("there is no place to connect to")
    for place in conninfo_attempts(dict(parameters)):
        try:
            with _door(place) as port:
                return make(**{**place, "hostaddr": _HERE, "port": port})
        except psycopg.Error as error:
            trouble = error
    raise trouble


@contextmanager
def _door(place: Mapping[str, Any]) -> Iterator[int]:
    """A port of loopback that leads there, for connections that begin while it is open: libpq may need a second one."""
    with socket.create_server((_HERE, 0)) as listening:
        threading.Thread(target=_let_in, args=(listening, place), name="guarded-door", daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)  # which wakes who waits there


def _let_in(listening: socket.socket, place: Mapping[str, Any]) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_carry, args=(client, place), name="guarded-postgres", daemon=True).start()


def _carry(client: socket.socket, place: Mapping[str, Any]) -> None:
    with suppress(OSError), client, _reach(place) as server:
        if not _pass_on(client, server) and time.monotonic() - _told["at"] >= _QUIET:
            _told["at"] = time.monotonic()
            log.warning("work_database_cut", bytes=ANSWER_BYTES)


def _reach(place: Mapping[str, Any]) -> socket.socket:
    """Raises `OSError` where nobody listens."""
    host, port = str(place.get("hostaddr") or place.get("host") or ""), int(place.get("port") or 5432)
    folders = (host,) if host.startswith("/") else () if host else FOLDERS
    files = [file for folder in folders if (file := Path(folder) / f".s.PGSQL.{port}").exists()]
    if not folders or not (host or files):
        return socket.create_connection((host or "localhost", port), timeout=_CONNECT_SECONDS)
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket(socket.AF_UNIX))
        server.settimeout(_CONNECT_SECONDS)
        server.connect(str(files[0] if files else Path(host) / f".s.PGSQL.{port}"))
        stack.pop_all()
        return server


def _pass_on(client: socket.socket, server: socket.socket) -> bool:
    """Until one of them hangs up or an answer takes too long; False where there was too much of it."""
    ready = select.poll()
    for end in (client, server):
        end.settimeout(ANSWER_SECONDS)
        ready.register(end, select.POLLIN)
        if end.family != socket.AF_UNIX:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    said, since = 0, time.monotonic()
    while (left := since + ANSWER_SECONDS - time.monotonic()) > 0:
        for number, _ in ready.poll(left * 1000):
            asks = number == client.fileno()
            content = (client if asks else server).recv(_CHUNK)
            if not content:
                return True
            said, since = (0, time.monotonic()) if asks else (said + len(content), since)
            if said > ANSWER_BYTES:
                return False
            (server if asks else client).sendall(content)
    return True
