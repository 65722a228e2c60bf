"""Every example of `@octokit/webhooks-examples`: signed it is taken or ignored for a named reason, unsigned it is refused.

They are payloads that GitHub sent, of every event there is; `make octokit` fetches them.
"""

from __future__ import annotations

import json
import os
import random
from urllib.parse import urlencode

import pytest

from bot.intake.webhook import NAMES
from bot.records.webhook import REASONS
from bot.serving import limits
from tests.conftest import ROOT
from tests.serving.doors import REPOSITORY, Client, served

EXAMPLES = ROOT / ".octokit/node_modules/@octokit/webhooks-examples"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def examples():
    """Event and payload of every example, GitHub Enterprise's included."""
    files = sorted(EXAMPLES.glob("*/index.json"))
    if not files and os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
        pytest.fail("the npm package @octokit/webhooks-examples is not installed: make octokit", pytrace=False)
    if not files:
        pytest.skip("the npm package @octokit/webhooks-examples is not installed: make octokit")
    found = [
        (kind["name"], payload)
        for file in files
        for kind in json.loads(file.read_text())
        for payload in kind["examples"]
    ]
    assert len(found) > 300
    return found


@pytest.fixture(scope="module")
def roomy():
    """Nobody waits: it is the payloads that are tried here."""
    patch = pytest.MonkeyPatch()
    patch.setattr(limits, "BURST", 10**6)
    patch.setattr(limits, "FORGED_BURST", 10**6)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def client(roomy):
    with served() as client:
        yield client


def ours(payload):
    """As if it were of our repository: otherwise nothing more of it would be looked at."""
    if "repository" in payload:
        return payload | {"repository": {**payload["repository"], "full_name": REPOSITORY}}
    listed = {name: [{"full_name": REPOSITORY}] for name in ("repositories", "repositories_added") if name in payload}
    return payload | listed


def test_every_example_is_taken_or_ignored_for_a_named_reason(examples, client: Client):
    outcomes: dict[str, set[str]] = {}
    for event, payload in examples:
        answer = client.deliver(event, ours(payload))
        told = answer.json()
        assert answer.status_code == 202, (event, payload.get("action"), answer.text)
        assert told["outcome"] == "accepted" or told["reason"] in REASONS
        outcomes.setdefault(told.get("reason", "accepted"), set()).add(event)
    assert outcomes["accepted"] == set(NAMES) - {"ping", "push", "issue_comment"}
    assert outcomes["not-a-pull-request"] == {"issue_comment"}, "all of theirs stand on issues"
    assert {"star", "workflow_run", "status", "member"} <= outcomes["event"]
    assert {"pull_request", "check_run", "repository", "installation"} <= outcomes["action"]
    assert outcomes["ping"] == {"ping"}
    assert "push" in outcomes["other-branch"]


def test_every_example_is_of_another_repository(examples, client: Client):
    for event, payload in examples:
        answer = client.deliver(event, payload)
        assert answer.status_code == 202, (event, payload.get("action"), answer.text)
        if "repository" in payload:
            assert answer.json()["outcome"] == "ignored", (event, answer.text)


def test_none_is_taken_unsigned_or_forged(examples, client: Client):
    before = len(client.other.told)
    for event, payload in examples:
        headers = {"X-GitHub-Event": event, "Content-Type": "application/json"}
        assert client.post("/webhook", json.dumps(ours(payload)).encode(), headers).status_code == 401
        assert client.deliver(event, payload, secret=b"guessed").status_code == 401
    assert len(client.other.told) == before


def test_a_form_says_the_same(examples, client: Client):
    for event, payload in examples[::10]:
        as_form = client.deliver(event, urlencode({"payload": json.dumps(ours(payload))}).encode(), kind=FORM)
        assert as_form.json() == client.deliver(event, ours(payload)).json()


def test_truncated_misnamed_and_mistyped_ones_are_refused_and_never_break_it(examples, client: Client):
    """Signed, so that only their shape can stop them: cut, told as another event, or with a field of another kind."""
    chance, names = random.Random(7), sorted({event for event, _ in examples})
    for event, payload in examples[::4]:
        raw = json.dumps(ours(payload)).encode()
        assert client.deliver(event, raw[: chance.randrange(len(raw))]).status_code == 400
        assert client.deliver(chance.choice(names), payload).status_code in {202, 400}
        spoiled = json.loads(raw)
        spoil(spoiled, chance)
        answer = client.deliver(event, spoiled)
        assert answer.status_code in {202, 400}, (event, answer.text)


def spoil(payload, chance):
    """Some fields at any depth get a value of another kind."""
    for _ in range(4):
        at = payload
        while isinstance(at, dict) and at:
            name = chance.choice(sorted(at))
            if not isinstance(at[name], dict) or chance.random() < 0.3:
                at[name] = chance.choice([None, [], {}, "", "x", -1, 1.5, True, [[]], {"number": 0}])
                break
            at = at[name]
