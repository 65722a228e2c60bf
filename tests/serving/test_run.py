"""The door on a socket: a free port, an address that is taken, and an end that leaves nothing behind."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import requests

from bot.errors import ConfigError
from bot.serving.app import build
from bot.serving.run import serve, serving
from tests.serving.doors import Other, served


def threads():
    return {thread.name for thread in threading.enumerate() if thread.name == "web-door"}


def test_it_answers_until_it_is_stopped():
    stop, ports = threading.Event(), []
    running = threading.Thread(
        target=serve, args=(build(Other().door()), "127.0.0.1", 0, stop), kwargs={"bound": ports.append}
    )
    running.start()
    try:
        while not ports:
            time.sleep(0.005)
        assert requests.get(f"http://127.0.0.1:{ports[0]}/health", timeout=20).json() == {"alive": True}
    finally:
        stop.set()
        running.join(20)
    assert not threads()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{ports[0]}/health", timeout=20)


def test_an_address_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}"), serving(build(Other().door()), "127.0.0.1", port):
            pass
    assert not threads()


def test_what_is_under_way_is_answered_before_the_end():
    let, entered, answers = threading.Event(), threading.Event(), []

    def slow():
        entered.set()
        let.wait(20)
        return {}

    with served(Other(standings=slow)) as client:
        asking = threading.Thread(target=lambda: answers.append(client.get("/status.json").status_code))
        asking.start()
        assert entered.wait(20)
        threading.Timer(0.2, let.set).start()
    asking.join(20)
    assert answers == [200]


def test_a_request_that_is_no_http_is_no_trouble(client):
    host, _, port = client.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert peer.recv(12) == b"HTTP/1.1 400"
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n")
        assert peer.recv(12) == b"HTTP/1.1 400"
    assert client.get("/health").status_code == 200
