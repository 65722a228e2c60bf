"""The description is complete, and whatever is made from it finds no fault of the server."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.intake.webhook import NAMES
from bot.serving import limits
from tests.serving.doors import EVERY, SECRET, TOKEN, comment_event, pull_event, push_event, review_event, served, sign

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
STEADY = settings(
    max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PATHS = {
    "/": "get",
    "/health": "get",
    "/metrics": "get",
    "/ready": "get",
    "/status.json": "get",
    "/uploads": "post",
    "/webhook": "post",
}


@pytest.fixture(scope="module")
def client():
    patch = pytest.MonkeyPatch()
    for name in ("BURST", "FORGED_BURST", "NOTICES_BURST"):
        patch.setattr(limits, name, 10**6)
    with served(public_url="https://accession.example") as found:
        yield found
    patch.undo()


def test_everything_is_described(client):
    described = client.get("/openapi.json").json()
    assert {path: next(iter(found)) for path, found in described["paths"].items()} == PATHS
    assert described["servers"] == [{"url": "https://accession.example"}]
    assert described["paths"]["/webhook"]["post"]["security"] == [{"signature": []}]
    assert described["paths"]["/uploads"]["post"]["security"] == [{"token": []}]
    for path in ("/webhook", "/uploads"):
        answers = described["paths"][path]["post"]["responses"]
        assert set(answers) == {"202", "400", "401", "408", "413", "415", "429", "500", "503"}
    wanted = set()
    for text in json.dumps(described).split('"#/components/schemas/')[1:]:
        wanted.add(text.partition('"')[0])
    assert wanted == set(described["components"]["schemas"])


@pytest.mark.parametrize("path", sorted(PATHS))
@pytest.mark.parametrize("known", [False, True], ids=["stranger", "with the secrets"])
def test_nothing_made_from_the_description_breaks_it(client, path, known):
    schema = schemathesis.openapi.from_url(client.url + "/openapi.json")
    operation = schema[path][PATHS[path].upper()]

    @STEADY
    @given(case=operation.as_strategy())
    def tried(case):
        given_headers = {"Authorization": f"Bearer {TOKEN}"} if known and path == "/uploads" else {}
        if known and path == "/webhook":
            signed(client, case)
            return
        case.call_and_validate(base_url=client.url, checks=list(CHECKS), headers=given_headers)

    tried()


@pytest.mark.parametrize("path", ["/uploads", "/webhook"])
def test_nothing_made_against_the_description_breaks_it(client, path):
    schema = schemathesis.openapi.from_url(client.url + "/openapi.json")

    @STEADY
    @given(case=schema[path]["POST"].as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    def tried(case):
        headers = {"Authorization": f"Bearer {TOKEN}"} if path == "/uploads" else {}
        case.call_and_validate(base_url=client.url, checks=list(CHECKS), headers=headers)

    tried()


def signed(client, case):
    """A delivery can only be signed once its bytes are known."""
    form = case.media_type != "application/json"
    body = json.dumps(case.body if isinstance(case.body, dict) else {}).encode()
    event = (case.headers or {}).get("X-GitHub-Event", "ping")
    headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": sign(SECRET, body), "Content-Type": case.media_type}
    answer = client.post("/webhook", body, headers)
    assert answer.status_code in ({400} if form else {202, 400}), answer.text
    case.validate_response(schemathesis.Response.from_requests(answer, verify=False), checks=list(CHECKS))


JSON = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KNOWN = [pull_event(), comment_event(), review_event(), push_event("a")]
FIELDS = sorted(
    {name for event in KNOWN for name in event} | {"check_run", "check_suite", "repositories", "repositories_added"}
)


@settings(STEADY, max_examples=150)
@given(
    event=some.sampled_from(NAMES),
    base=some.sampled_from([*KNOWN, EVERY]),
    action=some.sampled_from(["created", "opened", "submitted", "resolved", "rerequested", "edited", "added"]),
    wrong=some.dictionaries(some.sampled_from(FIELDS), JSON, max_size=2),
)
def test_no_signed_payload_breaks_it(client, event, base, action, wrong):
    answer = client.deliver(event, {**base, "action": action, **wrong})
    assert answer.status_code in {202, 400}, answer.text
    assert answer.json()["outcome"] in {"accepted", "ignored", "refused"}


@settings(STEADY, max_examples=80)
@given(
    body=some.binary(max_size=200),
    kind=some.sampled_from(["application/json", "application/x-www-form-urlencoded", "x"]),
)
def test_no_signed_bytes_break_it(client, body, kind):
    assert client.deliver("push", body, kind=kind).status_code in {400, 415}
