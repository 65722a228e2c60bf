"""Fetches contributed urls: streamed, bounded, from checked and pinned addresses only.

The name is resolved once per hop, the answer is checked, and the connection goes to exactly that address, with the
right `Host` and TLS name: a name that changes its mind between check and connection (DNS rebinding) changes nothing.
Proxies, cookies and netrc of the surroundings are not used. The archive's token goes to the archive's origin alone, and
only for files that the archive listed itself: what an RDF or a stranger's redirect names there is asked for without it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from bot.errors import GatewayError
from bot.gateways.http_address import Target, allowed, allowed_port, target
from bot.gateways.http_answer import refusal
from bot.records.download import Download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Resolve = Callable[[str, int], list[str]]

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_CONNECT_SECONDS, _SILENT_SECONDS = 10.0, 30.0
_READ = 256 * 1024
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "accession (collection of scientific models)"}


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Web:
    """Reads from the public internet, and from the archive wherever that is configured to be."""

    archive: str = ""
    """The archive's url: its origin alone may have a private address, and alone is sent the token."""
    token: str = field(default="", repr=False)
    resolver: Resolve = field(default=resolve, repr=False)
    ca_bundle: str | None = None

    @contextmanager
    def get(self, url: str, *, seconds: float, listed: bool = False) -> Iterator[Download]:
        """Open an url, following at most 5 redirects; everything together has `seconds`.

        `listed`: the archive named this url as one of its record's files, so the token goes along, until a redirect
        has left the archive once. Raises `GatewayError`, with reasons as `http_answer` lists them, also while the
        pieces are read.
        """
        until = time.monotonic() + seconds
        ours = listed
        for _ in range(MAX_REDIRECTS + 1):
            hop = target(url)
            ours = ours and self._is_archive(hop)
            with self._open(hop, until, self._headers(hop, ours=ours)) as (answer, download):
                if answer.status not in _REDIRECTS:
                    if answer.status != _OK:
                        raise refusal(answer.status, answer.headers.get("Retry-After"))
                    yield download
                    return
                url = urljoin(url, answer.headers.get("Location") or "")
        raise GatewayError(f"it redirects more than {MAX_REDIRECTS} times", reason="redirects", transient=False)

    @contextmanager
    def _open(
        self, hop: Target, until: float, headers: dict[str, str]
    ) -> Iterator[tuple[urllib3.BaseHTTPResponse, Download]]:
        connection = self._connection(hop, self._address(hop), until)
        try:
            with _web_errors(until):
                connection.connect()
            with _cut_at(until, connection.sock):
                with _web_errors(until):
                    connection.timeout = _SILENT_SECONDS  # urllib3 gives it to the socket again before each answer
                    connection.request("GET", hop.path, headers=headers, preload_content=False, decode_content=False)
                    answer = connection.getresponse()
                try:
                    yield answer, Download(_chunks(answer, until), _length(answer))
                finally:
                    answer.close()
        finally:
            connection.close()

    def _address(self, hop: Target) -> str:
        """The one address that this hop connects to; every address of the name must be allowed."""
        try:
            addresses = self.resolver(hop.host, hop.port)
        except (OSError, UnicodeError) as error:
            known = getattr(error, "errno", None) != socket.EAI_AGAIN
            raise GatewayError("its host name is not known", reason="no-host", transient=not known) from None
        own = self._is_archive(hop)
        if not addresses or not (own or (allowed_port(hop.port) and all(map(allowed, addresses)))):
            raise GatewayError("it leads to an address that is not public", reason="private-address", transient=False)
        return addresses[0]

    def _is_archive(self, hop: Target) -> bool:
        return bool(self.archive) and hop.origin == target(self.archive).origin

    def _headers(self, hop: Target, *, ours: bool) -> dict[str, str]:
        token = {"Authorization": f"Bearer {self.token}"} if ours and self.token else {}
        return _HEADERS | {"Host": hop.host_header} | token

    def _connection(self, hop: Target, address: str, until: float) -> HTTPConnection:
        left = until - time.monotonic()
        if left <= 0:
            raise _late()
        timeout = min(_CONNECT_SECONDS, left)
        if hop.scheme == "http":
            return HTTPConnection(address, hop.port, timeout=timeout)
        context = ssl.create_default_context(cafile=self.ca_bundle)
        return HTTPSConnection(
            address,
            hop.port,
            timeout=timeout,
            ssl_context=context,
            server_hostname=hop.host,
            assert_hostname=hop.host,
        )


def _chunks(answer: urllib3.BaseHTTPResponse, until: float) -> Iterator[bytes]:
    with _web_errors(until):
        while piece := answer.read1(_READ, decode_content=False):
            yield piece
            if time.monotonic() > until:
                raise _late()
    if time.monotonic() >= until:  # the cut ends a file of unknown length as its own end would
        raise _late()


def _length(answer: urllib3.BaseHTTPResponse) -> int | None:
    announced = answer.headers.get("Content-Length", "")
    return int(announced) if announced.isascii() and announced.isdigit() else None


@contextmanager
def _cut_at(until: float, sock: socket.socket | None) -> Iterator[None]:
    """The deadline for a server that trickles: what waits in a read is woken by the end of the connection.

    It holds the socket itself, because `http.client` lets go of it where the answer ends with the connection.
    """
    watch = threading.Timer(max(0.0, until - time.monotonic()), _cut, [sock])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _cut(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _late() -> GatewayError:
    return GatewayError("it took too long", reason="timeout", transient=True)


@contextmanager
def _web_errors(until: float) -> Iterator[None]:
    try:
        yield
    except (ssl.SSLCertVerificationError, urllib3.exceptions.SSLError) as error:
        bad = "CERTIFICATE" in str(error)
        raise GatewayError("its server's certificate is not valid", reason="certificate", transient=not bad) from None
    except (TimeoutError, urllib3.exceptions.TimeoutError):
        raise _late() from None
    except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= until:
            raise _late() from None
        raise GatewayError(
            f"the connection broke off ({type(error).__name__})", reason="connection", transient=True
        ) from None
