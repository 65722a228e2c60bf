"""Is it alive, is it ready, its figures, and where everything stands: also while the database does not answer."""

from __future__ import annotations

import threading

import pytest

from bot.records.answer import Answer
from bot.records.event import ChoreSubject, PullSubject
from bot.serving.metrics import Metrics
from tests.serving.doors import SECRET, TOKEN, Other, served

PAGES = ["/", "/status.json", "/health", "/ready", "/metrics", "/openapi.json"]


def test_alive(client):
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_ready_or_the_reasons(client):
    assert client.get("/ready").json() == {"ready": True, "reasons": []}
    client.other.reasons = ("No worker was seen for 2 minutes.",)
    client.other.now += 2
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "reasons": ["No worker was seen for 2 minutes."]},
    )


def broken():
    raise OSError("postgresql://user:password@host is away")


def test_a_database_that_is_away_is_not_ready_and_nobody_learns_its_address():
    with served(ready=broken, queue=broken, standings=broken) as client:
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["reasons"]) == (503, ["The database does not answer."])
        assert client.get("/status.json").json()["young"] is False
        assert "does not answer" in client.get("/").text
        assert client.get("/metrics").status_code == 200
        assert "password" not in "".join(client.get(path).text for path in PAGES)
        assert client.get("/health").status_code == 200


def test_a_database_that_hangs_holds_up_nothing(monkeypatch):
    monkeypatch.setattr("bot.serving.fresh.Fresh.patience", 0.05)
    let = threading.Event()
    with served(Other(standings=lambda: let.wait(20) and {})) as client:
        try:
            assert client.get("/status.json").json()["young"] is False
            assert client.get("/health").status_code == 200
            assert client.deliver("ping", {}).status_code == 202
        finally:
            let.set()


def test_the_page_and_the_json_say_the_same():
    row = {
        "pull_request": 3,
        "id": "brave-otter",
        "version": "1",
        "stage": "checking",
        "waits_for": "a check",
        "next_attempt": None,
    }
    with served(Other(standings={"submissions": [row]})) as client:
        shown = client.get("/status.json").json()
        assert (shown["stages"], shown["young"]) == ({"checking": 1}, True)
        assert "brave-otter" in client.get("/").text
        assert "https://github.com/zoo/collection/pull/3" in client.get("/").text


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_headers_that_keep_browsers_from_guessing(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers
    expected = "public, max-age=5" if path in {"/", "/status.json"} else "no-store"
    assert headers["Cache-Control"] == expected


@pytest.mark.parametrize("path", PAGES)
def test_no_secret_is_shown(client, path):
    client.deliver("ping", {})
    text = client.get(path).text
    assert not [secret for secret in (SECRET.decode(), TOKEN) if secret in text]


@pytest.mark.parametrize(
    ("verb", "path"), [("GET", "/webhook"), ("POST", "/"), ("DELETE", "/uploads"), ("PUT", "/health")]
)
def test_another_method(client, verb, path):
    answer = client.session.request(verb, client.url + path, timeout=20)
    assert (answer.status_code, answer.json()["reason"]) == (405, "method")
    assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/nothing", "/webhook/", "/%00", "/../x"])
def test_there_is_nothing_else(client, path):
    assert client.get(path).status_code == 404


def test_the_queue_is_shown_as_it_is_now():
    states = {"waiting": 3.0, "parked": 1.0, "Bad name": 9.0}
    with served(queue=lambda: dict(states)) as client:
        assert 'accession_queue{state="waiting"} 3.0' in client.get("/metrics").text
        del states["waiting"]
        client.other.now += 2
        text = client.get("/metrics").text
        assert ('state="waiting"' in text, 'state="parked"' in text, "Bad name" in text) == (False, True, False)


def test_looks_and_calls_are_counted_under_few_names():
    metrics = Metrics()
    metrics.looked(PullSubject(12), Answer(status="unseen"), 0.2)
    metrics.looked(ChoreSubject("poll"), Answer(), 3)
    for status in (200, 304, 502, 0, 99999):
        metrics.called("github", "GET", status)
    metrics.called("somebody", "BREW", 200)
    metrics.webhook("push", "made-up", 0.1)
    metrics.notice("accepted")
    metrics.buffered(4)
    text = metrics.rendered().decode()
    for line in (
        'accession_look_seconds_count{kind="pull",status="unseen"} 1.0',
        'accession_look_seconds_count{kind="chore",status="settled"} 1.0',
        'accession_calls_total{service="github",status="2xx",verb="GET"} 1.0',
        'accession_calls_total{service="github",status="304",verb="GET"} 1.0',
        'accession_calls_total{service="github",status="5xx",verb="GET"} 1.0',
        'accession_calls_total{service="github",status="none",verb="GET"} 2.0',
        'accession_calls_total{service="other",status="2xx",verb="other"} 1.0',
        'accession_webhooks_total{event="push",outcome="other"} 1.0',
        'accession_notices_total{outcome="accepted"} 1.0',
        "accession_buffered 4.0",
    ):
        assert line in text, line
