"""`POST /uploads`: somebody with a token names a record, and it is looked at without asking for a keyword."""

from __future__ import annotations

import json

import pytest

from bot.errors import GatewayError
from bot.records.event import Hint, RecordSubject
from bot.serving import limits
from bot.serving.body import NOTICE_BYTES
from tests.serving.doors import OTHER_TOKEN, TOKEN, Other, served
from tests.serving.test_webhooks import refused


@pytest.mark.parametrize("record", ["5764893", "https://zenodo.org/records/5764893"])
@pytest.mark.parametrize("token", [TOKEN, OTHER_TOKEN])
def test_a_record_is_named(client, record, token):
    answer = client.notice({"record": record}, token=token)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "accepted", "subjects": ["record 5764893"]})
    assert client.other.told == [(RecordSubject("5764893"), Hint(asked=True))]


@pytest.mark.parametrize("token", ["", "guess", TOKEN + "x", TOKEN[:-1], TOKEN.upper()])
def test_another_token_is_refused(client, token):
    answer = client.notice({"record": "1"}, token=token)
    refused(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.other.told == []


def test_without_a_token_nothing_is_read(client):
    refused(client.post("/uploads", b"{", {"Content-Type": "application/json"}), 401, "unauthorized")
    refused(client.post("/uploads", b"{", {"Authorization": "Basic YTpi"}), 401, "unauthorized")


def test_where_no_token_is_set_there_are_no_notices():
    with served(notice_tokens=()) as client:
        refused(client.notice({"record": "1"}), 401, "no-notices")


@pytest.mark.parametrize("record", [None, 1, "", "abc", "https://elsewhere.example/records/1", ["1"]])
def test_what_names_no_record(client, record):
    assert refused(client.notice({"record": record}), 400, "no-record")["where"] == "record"
    assert client.other.told == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 4000])
def test_what_is_no_json_object(client, body):
    refused(client.notice(body), 400, "no-json")


def test_another_content_type(client):
    refused(client.notice({"record": "1"}, kind="text/plain"), 415, "media-type")


def test_a_notice_is_short(client):
    refused(client.notice(json.dumps({"record": "1", "more": "x" * NOTICE_BYTES}).encode()), 413, "too-large")


def test_too_many_notices(client):
    for number in range(1, limits.NOTICES_BURST + 1):
        assert client.notice({"record": str(number)}).status_code == 202
    answer = client.notice({"record": "999"})
    refused(answer, 429, "limited")
    client.other.now += int(answer.headers["Retry-After"])
    assert client.notice({"record": "999"}).status_code == 202


def test_guessing_tokens_is_slow(client):
    for _ in range(limits.FORGED_BURST):
        client.notice({"record": "1"}, token="guess")
    refused(client.notice({"record": "1"}, token="guess"), 429, "limited")


def test_where_nothing_more_is_taken():
    with served(Other(full=GatewayError("full", reason="full", transient=True))) as client:
        answer = client.notice({"record": "1"})
        refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == "30"
