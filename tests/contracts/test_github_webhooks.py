"""Webhooks: signed, numbered, redelivered, and misbehaving when told to."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from werkzeug.wrappers import Request, Response

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github import sign
from tests.world.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "whisper"
R = f"/repos/{ZOO}"


class Receiver:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.get_data(cache=True)
        with self.lock:
            self.seen.append(request)
        return Response("ok")(environ, start_response)

    def names(self) -> list[str]:
        return [name(request) for request in self.seen]


def name(request: Request) -> str:
    action = json.loads(request.data).get("action")
    return request.headers["X-GitHub-Event"] + (f".{action}" if action else "")


@contextmanager
def receiving(hub: Hub) -> Iterator[Receiver]:
    receiver = Receiver()
    with serve(receiver) as served:
        hub.world.add_webhook(ZOO, served.url + "/hook", SECRET)
        hub.world.drain_webhooks()
        receiver.seen.clear()
        yield receiver
        hub.world.drain_webhooks()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


@pytest.fixture
def receiver(hub: Hub) -> Iterator[Receiver]:
    with receiving(hub) as receiver:
        yield receiver


@pytest.mark.parametrize(("whole", "event"), [(False, "check_run"), (True, "check_suite")])
def test_a_rerequest_names_the_commit_and_its_pull_requests_but_none_from_a_fork(hub, receiver, whole, event):
    number = hub.submission()
    fork = hub.world.fork(ZOO, "alice")
    hub.world.commit_files(fork, "mine", {"a": "1"}, author="alice")
    other = hub.world.open_pull(ZOO, "alice:mine", login="alice", title="Mine")
    for wanted, named in ((number, [number]), (other, [])):
        head = hub.world.pull(ZOO, wanted).head_sha
        run = hub.repo("app-token").create_check_run("check", head, status="completed", conclusion="success")
        hub.world.rerequest(ZOO, run.id, login="bob", whole=whole)
        hub.world.drain_webhooks()
        assert name(receiver.seen[-1]) == f"{event}.rerequested"
        told = json.loads(receiver.seen[-1].data)
        assert (told["sender"]["login"], told["repository"]["full_name"]) == ("bob", ZOO)
        assert told[event]["head_sha"] == head
        assert [pull["number"] for pull in told[event]["pull_requests"]] == named
        assert told[event]["id"] == run.id or whole


def test_the_road_as_events(hub, receiver):
    number = hub.submission()
    hub.world.set_labels(ZOO, number, ["checking"], login="bob")
    hub.world.commit_files(ZOO, "add/seal", {"b": "2"}, author="alice")
    hub.world.comment(ZOO, number, login="alice", body="/accession recheck")
    review = hub.world.approve(ZOO, number, login="bob")
    hub.world.dismiss_review(review.id, login="bob")
    hub.world.close_pull(ZOO, number, login="bob")
    hub.world.reopen_pull(ZOO, number, login="bob")
    head = hub.world.pull(ZOO, number).head_sha
    hub.repo("app-token").create_check_run("check", head, status="completed", conclusion="success")
    hub.repo().get_commit(head).create_status("success")
    hub.world.merge_pull(ZOO, number, login="bob")
    hub.world.drain_webhooks()
    assert receiver.names() == [
        "push",
        "pull_request.opened",
        "pull_request.labeled",
        "push",
        "pull_request.synchronize",
        "issue_comment.created",
        "pull_request_review.submitted",
        "pull_request_review.dismissed",
        "pull_request.closed",
        "pull_request.reopened",
        "check_run.created",
        "status",
        "pull_request.closed",
        "push",
    ]


def test_signature_and_headers(hub, receiver):
    hub.submission()
    hub.world.drain_webhooks()
    request = receiver.seen[-1]
    assert request.headers["X-Hub-Signature-256"] == sign(SECRET, request.data)
    assert request.headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert len(request.headers["X-GitHub-Delivery"]) == 36
    assert request.headers["X-GitHub-Hook-ID"].isdecimal()
    payload = json.loads(request.data)
    assert payload["pull_request"]["head"]["ref"] == "add/seal"
    assert payload["repository"]["full_name"] == ZOO
    assert payload["sender"]["login"] == "alice"


def test_redelivery_keeps_the_delivery_id(hub, receiver):
    hub.submission()
    hub.world.drain_webhooks()
    [hook] = hub.repo("zoo-token").get_hooks()
    [first, *_] = hub.repo("zoo-token").get_hook_deliveries(hook.id)
    assert (first.event, first.action, first.status_code) == ("pull_request", "opened", 200)
    path = f"{R}/hooks/{hook.id}/deliveries/{first.id}"
    assert hub.call("POST", f"{path}/attempts", "zoo-token").status_code == 202
    hub.world.drain_webhooks()
    ids = [request.headers["X-GitHub-Delivery"] for request in receiver.seen]
    assert ids[-1] == ids[-2] == first.guid
    assert receiver.seen[-1].data == receiver.seen[-2].data
    [again, *_] = hub.repo("zoo-token").get_hook_deliveries(hook.id)
    assert (again.redelivery, again.guid) == (True, first.guid)
    full = hub.repo("zoo-token").get_hook_delivery(hook.id, again.id)
    assert full.request.payload["action"] == "opened"


def test_dropped_doubled_held_and_shuffled(hub, receiver):
    faults = hub.world.faults
    faults.drop_webhooks = 1.0
    number = hub.submission("a", a="1")
    hub.world.drain_webhooks()
    assert receiver.seen == []
    faults.reset()
    faults.double_webhooks = 1.0
    hub.world.comment(ZOO, number, login="bob", body="x")
    hub.world.drain_webhooks()
    assert len({request.headers["X-GitHub-Delivery"] for request in receiver.seen}) == 1
    assert len(receiver.seen) == 2
    receiver.seen.clear()
    faults.reset()
    faults.shuffle_webhooks = True
    for index in range(10):
        hub.world.comment(ZOO, number, login="bob", body=str(index))
    hub.world.drain_webhooks()
    assert receiver.seen == []
    assert hub.world.flush_webhooks() == 10
    hub.world.drain_webhooks()
    said = [json.loads(request.data)["comment"]["body"] for request in receiver.seen]
    assert sorted(said) == [str(index) for index in range(10)] != said


def test_a_dead_receiver_is_noted(hub):
    with receiving(hub):
        pass
    hub.submission()
    hub.world.drain_webhooks()
    assert hub.world.deliveries(ZOO)[-1].status_code == 502


def test_hooks_by_api_want_their_events_only(hub):
    receiver = Receiver()
    with serve(receiver) as served:
        config = {"url": served.url, "secret": SECRET, "content_type": "json"}
        hook = hub.repo("zoo-token").create_hook("web", config, ["issue_comment"], active=True)
        number = hub.submission()
        hub.world.comment(ZOO, number, login="bob", body="x")
        hub.world.drain_webhooks()
        assert receiver.names() == ["ping", "issue_comment.created"]
        assert hook.config["secret"] == "********"
        hook.delete()
    assert hub.get(f"{R}/hooks", "zoo-token").json() == []
