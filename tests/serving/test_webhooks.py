"""`POST /webhook`: what is taken, ignored and refused, with its name; nothing of what was sent comes back in an answer."""

from __future__ import annotations

import json
import socket
import threading
from urllib.parse import urlencode

import pytest

from bot.errors import GatewayError
from bot.records.event import ChoreSubject, Hint, PullSubject
from bot.serving import limits
from bot.serving.body import WEBHOOK_BYTES
from bot.serving.buffer import Buffer
from tests.serving.doors import (
    EVERY,
    OLD_SECRET,
    REPOSITORY,
    SECRET,
    Other,
    comment_event,
    pull_event,
    push_event,
    served,
    sign,
)

FORM = "application/x-www-form-urlencoded"
OPENED = (PullSubject(12), Hint(head="a" * 40))


def counted(client, event, outcome):
    return client.door.metrics.registry.get_sample_value(
        "accession_webhooks_total", {"event": event, "outcome": outcome}
    )


def refused(answer, status, reason):
    assert (answer.status_code, answer.json()["outcome"], answer.json()["reason"]) == (status, "refused", reason)
    return answer.json()


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET], ids=["new secret", "old secret"])
def test_a_delivery_names_its_subject_and_what_it_saw(client, secret):
    answer = client.deliver("pull_request", pull_event(), secret=secret)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "accepted", "subjects": ["pull 12"]})
    assert client.other.told == [OPENED]
    assert counted(client, "pull_request", "accepted") == 1


def test_a_form_is_a_delivery_too(client):
    body = urlencode({"payload": json.dumps(pull_event() | {"emoji": "\U0001f600", "name": "é+&"})}).encode()
    assert client.deliver("pull_request", body, kind=FORM).status_code == 202
    assert client.deliver("pull_request", body, kind=f"{FORM}; charset=utf-8").status_code == 202
    assert client.other.told == [OPENED, OPENED]


def test_a_redelivery_is_never_taken_for_seen(client):
    for _ in range(2):
        client.deliver("pull_request", pull_event(), **{"X-GitHub-Delivery": "the-very-same"})
    assert client.other.told == [OPENED, OPENED]


@pytest.mark.parametrize(
    ("event", "payload", "reason"),
    [
        ("ping", {"zen": "Speak like a human."}, "ping"),
        ("star", {**EVERY, "action": "created"}, "event"),
        ("pull_request", {**EVERY, "action": "locked"}, "action"),
        ("pull_request", {**pull_event(), "repository": {"full_name": "zoo/other"}}, "other-repository"),
        ("push", push_event("README.md"), "no-entry-touched"),
        ("push", push_event("collection/entries/a/1/rdf.yaml", ref="refs/heads/x"), "other-branch"),
        ("issue_comment", {**comment_event(), "issue": {"number": 1}}, "not-a-pull-request"),
    ],
)
def test_what_is_ignored_says_why(client, event, payload, reason):
    answer = client.deliver(event, payload)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "ignored", "reason": reason})
    assert client.other.told == []


def test_our_own_words_are_not_looked_at_again(client):
    client.other.viewer = 5
    assert client.deliver("issue_comment", comment_event()).json()["reason"] == "own-echo"
    assert client.deliver("pull_request", pull_event()).json()["outcome"] == "accepted"
    client.other.viewer = 6
    assert client.deliver("issue_comment", comment_event()).json()["outcome"] == "accepted"


@pytest.mark.parametrize(
    "signature",
    [None, "", "sha256=", "sha1=" + "a" * 40, "sha256=" + "g" * 64],
    ids=["none", "empty", "short", "sha1", "hex"],
)
def test_what_claims_no_signature_is_not_read(client, signature):
    body = json.dumps(pull_event()).encode()
    headers = {"X-GitHub-Event": "pull_request", "Content-Type": "application/json"}
    answer = client.post(
        "/webhook", body, headers | ({"X-Hub-Signature-256": signature} if signature is not None else {})
    )
    refused(answer, 401, "unsigned")
    assert client.other.told == []


def test_a_forged_signature_is_refused(client):
    refused(client.deliver("pull_request", pull_event(), secret=b"guessed"), 401, "forged")
    assert counted(client, "pull_request", "forged") == 1
    assert client.other.told == []


def test_a_signature_of_another_body_is_refused(client):
    body = json.dumps(pull_event()).encode()
    changed = body.replace(b"12", b"13")
    refused(client.deliver("pull_request", changed, **{"X-Hub-Signature-256": sign(SECRET, body)}), 401, "forged")


def test_a_truncated_body_has_another_signature(client):
    body = json.dumps(pull_event()).encode()
    refused(client.deliver("pull_request", body[:-1], **{"X-Hub-Signature-256": sign(SECRET, body)}), 401, "forged")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"3", b"null", b'"x"', b"\xff", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 100_000]
)
def test_what_is_no_json_object(client, body):
    refused(client.deliver("pull_request", body), 400, "no-json")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload=",
        b"payload=3",
        b"payload={}&payload={}",
        b"other={}",
        b"payload=%FF",
        b"\xff",
        b"a=1&b=2&c=3&d=4&e=5&f=6",
    ],
)
def test_what_is_no_form_with_a_payload(client, body):
    refused(client.deliver("pull_request", body, kind=FORM), 400, "no-json")


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/jsonp", "application/xml"])
def test_another_content_type(client, kind):
    refused(client.deliver("pull_request", pull_event(), kind=kind), 415, "media-type")


@pytest.mark.parametrize("event", ["", "Pull_Request", "../x", "a" * 61])
def test_no_event_is_named(client, event):
    refused(client.deliver(event, pull_event()), 400, "no-event")


def test_a_payload_that_is_not_its_event_is_named(client):
    told = refused(client.deliver("issue_comment", pull_event() | {"action": "created"}), 400, "shape")
    assert told["where"] == "issue.number"
    assert counted(client, "issue_comment", "malformed") == 1


def test_an_oversized_body_is_not_read_to_its_end(client):
    body = b" " * (WEBHOOK_BYTES + 1)
    assert announced(client, len(body)).startswith(b"HTTP/1.1 413 ")
    assert counted(client, "ping", "too-large") == 1


def test_the_largest_body_is_read(client):
    body = json.dumps(pull_event()).encode().ljust(WEBHOOK_BYTES)
    assert client.deliver("pull_request", body).status_code == 202


def test_a_body_without_a_length_ends_at_the_limit(client):
    """Chunks that never end: the answer comes while the sender still has more to say."""
    host, _, port = client.url.removeprefix("http://").partition(":")
    head = (
        "POST /webhook HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: ping\r\nTransfer-Encoding: chunked\r\n"
        f"X-Hub-Signature-256: sha256={'a' * 64}\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(head.encode())
        for _ in range(WEBHOOK_BYTES // 0x10000 + 1):
            peer.sendall(chunk)
        assert peer.recv(12) == b"HTTP/1.1 413"


def announced(client, length):
    """The answer to headers alone."""
    host, _, port = client.url.removeprefix("http://").partition(":")
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: ping\r\nContent-Length: {length}\r\n"
        f"X-Hub-Signature-256: sha256={'a' * 64}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(head.encode())
        return peer.recv(100)


def test_a_body_that_does_not_come_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr("bot.serving.body.SECONDS", 0.05)
    assert announced(client, 10).startswith(b"HTTP/1.1 408 ")


def test_a_sender_that_hangs_up_is_no_trouble(client):
    host, _, port = client.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as peer:
        peer.sendall(
            b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nX-GitHub-Event: ping\r\n"
            b"X-Hub-Signature-256: sha256=" + b"a" * 64 + b"\r\n\r\nabc"
        )
    assert client.get("/health").status_code == 200


def test_forgeries_are_answered_unread_once_their_purse_is_empty(client):
    for _ in range(limits.FORGED_BURST):
        client.deliver("ping", {}, secret=b"guessed")
    answer = client.deliver("ping", {}, secret=b"guessed")
    refused(answer, 429, "limited")
    assert int(answer.headers["Retry-After"]) >= 1
    refused(client.deliver("pull_request", pull_event()), 429, "limited")
    client.other.now += 1
    assert client.deliver("pull_request", pull_event()).status_code == 202
    assert counted(client, "pull_request", "limited") == 1


def test_scanners_are_answered_shortly_and_use_up_nothing_of_the_deliveries(client):
    for _ in range(limits.FORGED_BURST):
        refused(client.post("/webhook", b"", {"X-GitHub-Event": "ping"}), 401, "unsigned")
    refused(client.post("/webhook", b"", {"X-GitHub-Event": "ping"}), 429, "limited")
    assert client.deliver("pull_request", pull_event()).status_code == 202


def test_who_proved_to_know_the_secret_is_not_held_up_by_forgeries():
    """The peers differ by `X-Forwarded-For`, as a proxy on this machine tells it."""
    github, stranger = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.66"}
    with served() as client:
        assert client.deliver("pull_request", pull_event(), **github).status_code == 202
        for _ in range(limits.FORGED_BURST + 1):
            last = client.deliver("ping", {}, secret=b"guessed", **stranger)
        assert last.status_code == 429
        assert client.deliver("pull_request", pull_event(), **stranger).status_code == 429
        assert client.deliver("pull_request", pull_event(), **github).status_code == 202


def test_a_repository_that_sends_too_much_is_swept_instead(client, monkeypatch):
    monkeypatch.setattr(limits, "BURST", 3)
    for number in range(1, 4):
        assert client.deliver("pull_request", pull_event(number=number)).status_code == 202
    answer = client.deliver("pull_request", pull_event(number=4))
    refused(answer, 429, "limited")
    assert answer.headers["Retry-After"] == "1"
    assert client.other.told[-1] == (ChoreSubject("sweep"), Hint())
    other = {**pull_event(), "repository": {"full_name": "zoo/other"}}
    assert client.deliver("pull_request", other).json() == {"outcome": "ignored", "reason": "other-repository"}
    client.other.now += 1
    assert client.deliver("pull_request", pull_event(number=4)).status_code == 202


def test_where_nothing_more_is_taken_the_sender_is_told_when():
    other = Other(full=GatewayError("full", reason="full", transient=True, retry_after=7.2))
    with served(other) as client:
        answer = client.deliver("pull_request", pull_event())
        refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == "8"


def test_a_database_that_hangs_keeps_no_delivery_waiting():
    hangs, told = threading.Event(), []
    buffer = Buffer(lambda subject, _hint: hangs.wait(20) and told.append(subject))
    buffer.start()
    try:
        with served(tell=buffer.tell) as client:
            answers = [client.deliver("pull_request", pull_event(number=number)).status_code for number in range(1, 6)]
            assert (answers, told) == ([202] * 5, [])
    finally:
        hangs.set()
        assert buffer.close(20) == 0
    assert told == [PullSubject(number) for number in range(1, 6)]


def test_a_mistake_of_ours_is_an_answer_without_its_words():
    with served(Other(full=RuntimeError("a secret detail"))) as client:
        answer = client.deliver("pull_request", pull_event())
        refused(answer, 500, "internal")
        assert "secret" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_secret_nobody_is_let_in():
    with served(secrets=()) as client:
        refused(client.deliver("ping", {}), 401, "forged")


def test_no_answer_repeats_what_was_sent(client):
    marker = "<script>marker</script>"
    for answer in (
        client.deliver(marker, {}),
        client.deliver("pull_request", {**pull_event(), "action": marker}),
        client.deliver("pull_request", {**EVERY, "repository": {"full_name": marker}, "action": "opened"}),
        client.deliver("pull_request", marker.encode()),
        client.get(f"/{marker}"),
    ):
        assert "marker" not in answer.text


def test_metrics_know_no_event_that_somebody_made_up(client):
    for number in range(20):
        client.deliver(f"made_up_{number}", EVERY)
    assert counted(client, "other", "ignored") == 20
    assert "made_up" not in client.get("/metrics").text
    assert REPOSITORY not in client.get("/metrics").text
