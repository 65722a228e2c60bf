"""Every fault, proved on the server's side: whether the request was executed."""

import time

import pytest
import requests
from werkzeug.wrappers import Request, Response

from tests.world.faults import EXECUTED, KINDS, NOT_EXECUTED, SWITCHBOARD, Faults
from tests.world.server import serve


class Counter:
    """An app that counts what it executes, and answers with 1,000 bytes."""

    def __init__(self):
        self.executed = []

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.executed.append(f"{request.method} {request.path} {request.get_data(as_text=True)}".strip())
        return Response(b"x" * 1000)(environ, start_response)


@pytest.fixture
def app():
    return Counter()


@pytest.fixture
def faults(app):
    return Faults(app)


@pytest.fixture
def url(faults):
    with serve(faults) as served:
        yield served.url


@pytest.fixture
def client():
    with requests.Session() as session:
        session.trust_env = False
        yield session


def outcome(client, url, **what):
    """The status, or the word "cut"; a cut in the middle shows while the body is read."""
    try:
        return client.post(f"{url}/thing", data=b"body", timeout=5, **what).status_code
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return "cut"


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("error-before", 502),
        ("error-after", 502),
        ("too-many", 429),
        ("slow", 200),
        ("cut-before", "cut"),
        ("cut-after", "cut"),
        ("cut-midway", "cut"),
    ],
)
def test_a_fault_fires_once_and_executes_or_not_as_its_name_says(app, faults, url, client, kind, seen):
    faults.add(kind, status=502)
    assert outcome(client, url) == seen
    assert len(app.executed) == (0 if kind in NOT_EXECUTED else 1)
    assert [(f.kind, f.method, f.path, f.executed) for f in faults.log] == [(kind, "POST", "/thing", kind in EXECUTED)]
    assert outcome(client, url) == 200
    assert app.executed[-1] == "POST /thing body"


def test_too_many_says_when_to_come_back(faults, url, client):
    faults.add("too-many", seconds=7)
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_half_a_body_arrives_before_the_cut(faults, url, client):
    faults.add("cut-midway")
    answer = client.get(url, stream=True)
    assert answer.headers["Content-Length"] == "1000"
    received = []
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        received.extend(answer.iter_content(100))
    assert received == [b"x" * 100] * 5


def test_slow_is_slow_until_cleared(faults, url, client):
    faults.add("slow", seconds=0.2)
    begun = time.monotonic()
    assert outcome(client, url) == 200
    assert time.monotonic() - begun >= 0.2


def test_a_client_that_gives_up_does_not_undo_the_write(app, faults, url, client):
    faults.add("slow", seconds=0.3)
    with pytest.raises(requests.ReadTimeout):
        client.post(url, timeout=0.05)
    deadline = time.monotonic() + 5
    while not app.executed and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(app.executed) == 1


def test_after_and_times_choose_which_requests_are_hit(faults, url, client):
    faults.add("error-before", after=1, times=2)
    assert [outcome(client, url) for _ in range(5)] == [200, 500, 500, 200, 200]


def test_method_and_path_choose_too(faults, url, client):
    faults.add("error-before", method="PUT", path=r"/thing\?a=1", times=None)
    assert outcome(client, url, params={"a": "1"}) == 200
    assert client.put(f"{url}/thing").status_code == 200
    assert client.put(f"{url}/thing", params={"a": "1"}).status_code == 500


def test_probability_is_seeded(app):
    def hits():
        faults = Faults(app, seed=3)
        faults.add("error-before", probability=0.5, times=None)
        with serve(faults) as served, requests.Session() as session:
            return [session.get(served.url).status_code for _ in range(20)]

    first = hits()
    assert first == hits()
    assert {200, 500} == set(first)


def test_the_switchboard_adds_lists_and_clears_over_http(app, faults, url, client):
    board = url + SWITCHBOARD
    assert client.post(board, json=[{"kind": "error-after"}, {"kind": "too-many", "seconds": 1}]).status_code == 201
    assert [rule.kind for rule in faults.rules] == ["error-after", "too-many"]
    assert (outcome(client, url), outcome(client, url), outcome(client, url)) == (500, 429, 200)
    state = client.get(board).json()
    assert [fired["kind"] for fired in state["log"]] == ["error-after", "too-many"]
    assert state["kinds"] == list(KINDS)
    assert client.delete(board).status_code == 204
    assert client.get(board).json()["rules"] == []
    assert app.executed == ["POST /thing body"] * 2


@pytest.mark.parametrize(
    "body", [{"kind": "no-such"}, {"kind": "slow", "colour": 1}, {}, 7, {"kind": "slow", "path": "("}]
)
def test_the_switchboard_refuses_what_is_no_fault(faults, url, client, body):
    answer = client.post(url + SWITCHBOARD, json=body)
    assert answer.status_code == 400
    assert "Not a fault" in answer.json()["message"]
    assert faults.rules == []


def test_closing_a_server_leaves_no_connection_behind(app):
    served = serve(app)
    with requests.Session() as session:
        assert session.get(served.url).status_code == 200
        served.close()
        with pytest.raises(requests.ConnectionError):
            session.get(served.url)
