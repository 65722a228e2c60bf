"""The door on a socket: uvicorn in a thread of its own, so that signals stay with the command that was started."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

CONNECTIONS = 1_000
"""More at once are answered 503."""
IDLE_SECONDS = 15
GRACE_SECONDS = 5
"""So long requests under way may take when it stops."""
_START_SECONDS = 30.0
_LOOK = 0.01


def serve(
    app: FastAPI, host: str, port: int, stop: threading.Event, *, bound: Callable[[int], None] = lambda _port: None
) -> None:
    """Answer until `stop` is set; `bound` is told the port, which is chosen where `port` is 0.

    Raises `ConfigError` where the address cannot be had.
    """
    with serving(app, host, port) as found:
        bound(found)
        stop.wait()


@contextmanager
def serving(app: FastAPI, host: str, port: int) -> Iterator[int]:
    """The bound port; at the end nothing is listening, and requests under way were answered."""
    server = uvicorn.Server(_config(app, host, port))
    thread = threading.Thread(target=_run, args=(server,), name="web-door", daemon=True)
    thread.start()
    try:
        yield _port(server, thread, host, port)
    finally:
        server.should_exit = True
        thread.join(GRACE_SECONDS + 5)


def _config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """No banner, no access log (the metrics count), no websockets; our own log is structlog's."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _run(server: uvicorn.Server) -> None:
    try:
        server.run()
    except SystemExit:
        """The address could not be had; whoever waits for the port sees that the thread is gone."""


def _port(server: uvicorn.Server, thread: threading.Thread, host: str, port: int) -> int:
    until = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise ConfigError(
                f"Nothing can listen at {host}:{port}: is another process there, or is the address not this machine's?",
                reason="address",
            )
        time.sleep(_LOOK)
    return int(server.servers[0].sockets[0].getsockname()[1])
