"""Fetching over a loopback server, with a resolver that says what the test wants."""

import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.errors import GatewayError
from bot.gateways.http import Web


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard = []
        self.pages = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.heard.append((self.path, dict(self.headers)))
        page = self.server.pages[self.path]
        if callable(page):
            page(self)
            return
        status, headers, body = page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server():
    with serving() as made:
        yield made


@pytest.fixture
def other():
    with serving() as made:
        yield made


def read(web, url, seconds=5.0, *, listed=False):
    with web.get(url, seconds=seconds, listed=listed) as download:
        return b"".join(download.chunks)


def refused(web, url, seconds=5.0):
    with pytest.raises(GatewayError) as raised:
        read(web, url, seconds)
    return raised.value


def test_the_archive_may_be_anywhere_and_gets_its_token_for_the_files_it_listed(server):
    server.pages["/file"] = (200, {}, b"content")
    web = Web(server.url, "s3cret")
    assert read(web, f"{server.url}/file", listed=True) == b"content"
    headers = server.heard[0][1]
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"
    assert "s3cret" not in repr(web)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "0x7f000001", "2130706433"])
def test_this_machine_is_out_of_reach(server, host):
    server.pages["/file"] = (200, {}, b"secret")
    assert refused(Web(), f"http://{host}:{server.server_port}/file").reason in {"private-address", "no-host"}
    assert server.heard == []


def test_the_archives_other_ports_are_not_the_archive(server, other):
    other.pages["/file"] = (200, {}, b"secret")
    assert refused(Web(server.url, "s3cret"), f"{other.url}/file").reason == "private-address"
    assert other.heard == []


def test_a_redirect_to_a_private_address_is_refused(server, other):
    server.pages["/file"] = (302, {"Location": f"{other.url}/file"}, b"")
    other.pages["/file"] = (200, {}, b"secret")
    assert refused(Web(server.url), f"{server.url}/file").reason == "private-address"
    assert other.heard == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://169.254.169.254/latest/", "http://a:b@example.org/", "//10.0.0.1/"]
)
def test_redirects_to_where_nothing_may_lead(server, location):
    server.pages["/file"] = (302, {"Location": location}, b"")
    assert refused(Web(server.url), f"{server.url}/file").reason in {"private-address", "bad-url"}


@pytest.mark.parametrize("path", ["/api/user/records", "/moved"])
def test_what_an_rdf_names_at_the_archive_is_asked_for_without_the_token(server, path):
    server.pages |= {"/moved": (302, {"Location": "/api/user/records"}, b""), "/api/user/records": (200, {}, b"public")}
    assert read(Web(server.url, "s3cret"), server.url + path) == b"public"
    assert not [headers for _, headers in server.heard if "Authorization" in headers]


def test_the_token_goes_where_the_archive_redirects_to_in_itself(server):
    server.pages |= {"/file": (302, {"Location": "/store/file"}, b""), "/store/file": (200, {}, b"content")}
    assert read(Web(server.url, "s3cret"), f"{server.url}/file", listed=True) == b"content"
    assert [headers["Authorization"] for _, headers in server.heard] == ["Bearer s3cret"] * 2


def test_the_token_does_not_follow_a_redirect_to_a_stranger_nor_one_back_from_there(server, other, monkeypatch):
    monkeypatch.setattr("bot.gateways.http.allowed", lambda address: True)
    server.pages["/file"] = (302, {"Location": f"{other.url}/file"}, b"")
    other.pages["/file"] = (302, {"Location": f"{server.url}/api/user/records"}, b"")
    server.pages["/api/user/records"] = (200, {}, b"public")
    assert read(Web(server.url, "s3cret"), f"{server.url}/file", listed=True) == b"public"
    (_, first), (_, back), (_, there) = *server.heard, *other.heard
    assert "Authorization" in first
    assert "Authorization" not in there | back
    assert "Cookie" not in there | back


def test_redirects_end(server):
    server.pages["/file"] = (302, {"Location": "/file"}, b"")
    assert refused(Web(server.url), f"{server.url}/file").reason == "redirects"
    assert len(server.heard) == 6


def test_a_name_that_changes_its_mind_is_asked_once_per_hop(server, monkeypatch):
    """DNS rebinding: public when checked, loopback when connected to. The checked answer is the one that is used."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    connected = []

    def connect(self):
        connected.append((self.host, self.port))
        raise ConnectionRefusedError

    monkeypatch.setattr("urllib3.connection.HTTPConnection.connect", connect)
    web = Web(resolver=lambda host, port: answers.pop(0))
    assert refused(web, f"http://rebind.example:{server.server_port}/file").reason == "connection"
    assert connected == [("93.184.216.34", server.server_port)]
    assert len(answers) == 2


def test_one_private_address_among_public_ones_is_enough_to_refuse(server):
    web = Web(resolver=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    assert refused(web, f"http://mixed.example:{server.server_port}/").reason == "private-address"
    assert server.heard == []


def test_the_host_field_names_the_host_not_the_address(server):
    server.pages["/file"] = (200, {}, b"x")
    archive = f"http://archive.example:{server.server_port}"
    web = Web(archive, resolver=lambda host, port: ["127.0.0.1"])
    assert read(web, f"{archive}/file") == b"x"
    assert server.heard[0][1]["Host"] == f"archive.example:{server.server_port}"


def test_mail_and_shell_servers_are_not_talked_to():
    web = Web(resolver=lambda host, port: ["93.184.216.34"])
    assert refused(web, "http://example.org:25/").reason == "private-address"


@pytest.mark.parametrize(
    ("status", "reason", "transient"),
    [
        (404, "gone", False),
        (410, "gone", False),
        (403, "restricted", False),
        (401, "restricted", False),
        (500, "server", True),
        (503, "server", True),
        (429, "busy", True),
        (204, "refused", False),
        (418, "refused", False),
    ],
)
def test_whose_a_refusal_is(server, status, reason, transient):
    server.pages["/file"] = (status, {"Retry-After": "7"}, b"")
    error = refused(Web(server.url), f"{server.url}/file")
    assert (error.reason, error.transient, error.status) == (reason, transient, status)
    assert error.retry_after == (7.0 if transient else None)


def test_a_cut_connection_passes_by_itself(server):
    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"short")

    server.pages["/file"] = cut
    error = refused(Web(server.url), f"{server.url}/file")
    assert (error.reason, error.transient) == ("connection", True)


TRICKLES = {
    "headers": b"",
    "body": b"HTTP/1.1 200 OK\r\n\r\n",
    "silent body": b"HTTP/1.1 200 OK\r\n\r\nxxx",
    "a piece's length": b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
}


@pytest.mark.parametrize("part", ["silence", *TRICKLES])
def test_a_server_that_trickles_is_cut_at_the_deadline(server, part):
    def trickle(handler):
        handler.wfile.write(TRICKLES.get(part, b""))
        handler.wfile.flush()
        if "silen" in part:
            time.sleep(3)
            return
        with suppress(OSError):
            for _ in range(60):
                handler.wfile.write(b"0")
                handler.wfile.flush()
                time.sleep(0.05)

    server.pages["/file"] = trickle
    began = time.monotonic()
    error = refused(Web(server.url), f"{server.url}/file", seconds=0.5)
    assert (error.reason, error.transient) == ("timeout", True)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("length", [{}, {"Content-Length": "3"}])
def test_who_is_silent_has_longer_than_who_does_not_answer_the_door(server, monkeypatch, length):
    """For the first byte of its answer, and between two of its pieces."""
    monkeypatch.setattr("bot.gateways.http._CONNECT_SECONDS", 0.1)

    def slow(handler):
        time.sleep(0.3)
        handler.send_response(200)
        for name, value in length.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(0.3)
        handler.wfile.write(b"abc")

    server.pages["/file"] = slow
    assert read(Web(server.url), f"{server.url}/file") == b"abc"


def test_who_is_silent_for_too_long_is_not_waited_for_until_the_deadline(server, monkeypatch):
    monkeypatch.setattr("bot.gateways.http._SILENT_SECONDS", 0.1)
    server.pages["/file"] = lambda handler: time.sleep(1)
    began = time.monotonic()
    assert refused(Web(server.url), f"{server.url}/file", seconds=60).reason == "timeout"
    assert time.monotonic() - began < 1


def test_an_unknown_host_is_the_contributors(server):
    def unknown(host, port):
        raise OSError(-2, "Name or service not known")

    error = refused(Web(resolver=unknown), "http://nowhere.invalid/")
    assert (error.reason, error.transient) == ("no-host", False)


def test_surroundings_are_not_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.pages["/file"] = (200, {}, b"x")
    assert read(Web(server.url), f"{server.url}/file") == b"x"
