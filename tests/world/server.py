"""Runs a WSGI app on loopback in a thread: what every simulator of the world is reached through."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

HOST = "127.0.0.1"
GOODBYE = 2.0
"""Seconds that `close` waits for each answer still under way."""


class _Handler(WSGIRequestHandler):
    """Writes no access log, and sends small answers at once.

    Headers and body leave in two writes; with Nagle's algorithm on, every keep-alive answer would cost the 40 ms
    of a delayed acknowledgement (RFC 896, RFC 1122 4.2.3.2).
    """

    disable_nagle_algorithm = True
    _headers_buffer: list[bytes]

    def send_header(self, keyword: str, value: str) -> None:
        """The app's own `Date` takes the place of the server's: a simulator may live at another time."""
        if keyword.lower() == "date":
            self._headers_buffer = [line for line in self._headers_buffer if not line.lower().startswith(b"date:")]
        super().send_header(keyword, value)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  (werkzeug's own signature)
        """Say nothing unless the server was asked to."""
        if getattr(self.server, "verbose", False):
            super().log(type, message, *args)


class _Server(ThreadedWSGIServer):
    """Remembers its connections, so that closing leaves no keep-alive socket or thread behind."""

    def __init__(self, host: str, port: int, app: WSGIApplication, *, verbose: bool) -> None:
        self.verbose = verbose
        self.threads: dict[socket.socket, threading.Thread] = {}
        super().__init__(host, port, app, handler=_Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self.threads[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.threads.pop(request, None)

    def hang_up(self) -> None:
        """Cut what is still open, then wait for the threads that served it."""
        for connection, thread in list(self.threads.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(GOODBYE)


class Served:
    """A running app: a context manager with `url`, `port` and `close()`."""

    def __init__(self, app: WSGIApplication, port: int = 0, *, host: str = HOST, verbose: bool = False) -> None:
        self._server = _Server(host, port, app, verbose=verbose)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, cut open connections, wait for the threads. Twice is once."""
        self._server.shutdown()
        self._thread.join(GOODBYE)
        self._server.hang_up()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(app: WSGIApplication, port: int = 0, *, host: str = HOST, verbose: bool = False) -> Served:
    """Run `app` on `host`:`port` (0 = a free one); `verbose` writes werkzeug's access log to stderr."""
    return Served(app, port, host=host, verbose=verbose)


def free_port() -> int:
    """A port that was free a moment ago, for a world that must know its own url before it listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
