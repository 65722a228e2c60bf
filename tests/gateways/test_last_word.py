"""The fence is asked as the bytes leave, not only before: whoever was paused in between has written nothing."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from requests.adapters import HTTPAdapter

from bot.gateways.github_transport import Transport, token_requester
from bot.gateways.last_word import last_word, listening
from bot.gateways.pacer import Pacer
from tests.gateways.github_doors import TOKENS, ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, HEADERS, BODY = 1, 2, 3
"""The questions of one write."""


class TakenOverError(Exception):
    """What the fence says."""


class Fence:
    """Falls at the question of that number, until it is opened; 0 is never."""

    def __init__(self) -> None:
        self.falls, self.asked = 0, 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked == self.falls:
            raise TakenOverError


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.fixture
def fenced(hub: Doors) -> Iterator[tuple[Transport, Fence]]:
    fence = Fence()
    made = Transport(
        token_requester(hub.url, TOKENS["personal"]),
        hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock, fence=fence,
    )  # fmt: skip
    yield made, fence
    made.close()


def comment(transport: Transport, number: int, body: str) -> Any:
    return transport.write("POST", f"/repos/{ZOO}/issues/{number}/comments", {"body": body})


@pytest.mark.parametrize("falls", [BEFORE, HEADERS, BODY])
@pytest.mark.parametrize("used", [False, True], ids=["a new connection", "a kept connection"])
def test_a_fence_that_falls_while_a_write_leaves_stops_it(hub: Doors, fenced: Any, *, falls: int, used: bool) -> None:
    transport, fence = fenced
    number = hub.submission()
    if used:
        comment(transport, number, "before")
    fence.asked, fence.falls = 0, falls
    with pytest.raises(TakenOverError):
        comment(transport, number, "never")
    assert fence.asked == falls
    comment(transport, number, "after")
    bodies = [one.body for one in hub.world.comments(ZOO, number)]
    assert bodies == (["before"] if used else []) + ["after"]


def test_reads_ask_nobody(fenced: Any) -> None:
    transport, fence = fenced
    transport.get(f"/repos/{ZOO}")
    assert fence.asked == 0


def test_it_ends_with_its_block_also_after_an_error(hub: Doors, fenced: Any) -> None:
    transport, _ = fenced
    fence = Fence()
    fence.falls = 1
    with pytest.raises(TakenOverError), last_word(fence):
        transport.get(f"/repos/{ZOO}")
    transport.get(f"/repos/{ZOO}")
    assert fence.asked == 1


def test_it_asks_over_tls_too(tmp_path: Path) -> None:
    certificate = signed(tmp_path)
    fence, session, adapter = Fence(), requests.Session(), HTTPAdapter()
    listening(adapter)
    session.mount("https://", adapter)
    with sealed_server(certificate) as (port, bodies), session, last_word(fence):
        url = f"https://localhost:{port}/"
        fence.falls = 2
        with pytest.raises(TakenOverError):
            session.post(url, data=b"never", verify=str(certificate), timeout=10)
        session.post(url, data=b"after", verify=str(certificate), timeout=10)
    assert bodies == [b"after"]


def signed(folder: Path) -> Path:
    """A certificate for localhost with its key, in one PEM file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "localhost.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@contextmanager
def sealed_server(certificate: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Takes whole bodies over TLS, and nothing else."""
    bodies: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wanted = int(self.headers["Content-Length"])
            body = self.rfile.read(wanted)
            if len(body) == wanted:
                bodies.append(body)
                self.send_response(204)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port, bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
