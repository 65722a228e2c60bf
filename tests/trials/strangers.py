"""What else comes by: a subject that always fails, and events about what is not there any more. The others go on."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import requests

from tests.journeys.conftest import REPOSITORY, rdf
from tests.trials.world import SECRET
from tests.world.github.hookshot import sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.trials.world import TrialWorld

GONE = 9999
"""The number of a pull request that was deleted."""
_PATIENCE = 20.0
_TITLE = "By hand"


def poison(world: TrialWorld) -> int:
    """A pull request at which every look fails for good: GitHub forbids its list of files. Its number."""
    fork = world.github.fork(REPOSITORY, "mallory")
    world.github.commit_files(fork, "mine", {"collection/entries/mine/1/rdf.yaml": rdf()}, author="mallory")
    number = world.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title=_TITLE)
    world.github_faults.add("error-before", path=rf"/pulls/{number}/files", times=None, status=403)
    return number


def abandon(world: TrialWorld) -> int:
    """A pull request whose branch is deleted while it may be looked at. Its number."""
    fork = world.github.fork(REPOSITORY, "zoo")
    world.github.commit_files(fork, "short", {"collection/entries/short/1/rdf.yaml": rdf()}, author="zoo")
    number = world.github.open_pull(REPOSITORY, "zoo:short", login="zoo", title=_TITLE)
    world.github.delete_branch(fork, "short", login="zoo")
    world.github.close_pull(REPOSITORY, number, login="zoo")
    return number


def haunt(port: int) -> bool:
    """Deliver signed events about a pull request and a branch that were deleted; whether each was taken or ignored."""
    repository = {"full_name": REPOSITORY, "default_branch": "main"}
    gone = {"number": GONE, "head": {"sha": "0" * 39 + "1"}}
    pull = {
        "action": "synchronize",
        "number": GONE,
        "pull_request": gone,
        "repository": repository,
        "sender": {"id": 5},
    }
    push = {"ref": "refs/heads/gone", "deleted": True, "commits": [], "repository": repository, "sender": {"id": 5}}
    return all(_deliver(port, event, body) for event, body in (("pull_request", pull), ("push", push)))


def _deliver(port: int, event: str, payload: dict[str, Any]) -> bool:
    """Until somebody is there to take it."""
    body = json.dumps(payload).encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": f"haunting-{event}",
        "X-Hub-Signature-256": sign(SECRET, body),
    }
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            answer = requests.post(f"http://127.0.0.1:{port}/webhook", data=body, headers=headers, timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return answer.status_code in {200, 202}
    return False


def parked(ports: Sequence[int], subject: str) -> str:
    """The reason that the status page gives for a parked subject; empty where no process says it in time."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        for port in ports:
            for row in _status(port).get("parked", ()):
                if row["subject"] == subject:
                    return str(row["reason"])
        time.sleep(0.2)
    return ""


def _status(port: int) -> dict[str, Any]:
    try:
        answer = requests.get(f"http://127.0.0.1:{port}/status.json", timeout=5)
        found: dict[str, Any] = answer.json() if answer.ok else {}
    except (requests.RequestException, ValueError):
        return {}
    return found
