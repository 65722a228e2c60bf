"""A web door on loopback whose other side is a list: what it was told, and a client that signs."""

from __future__ import annotations

import hmac
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from bot.serving.app import Door, Readiness, build
from bot.serving.run import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.records.event import Hint, Subject

REPOSITORY = "zoo/collection"
SECRET, OLD_SECRET = b"the new secret", b"the old secret"
TOKEN, OTHER_TOKEN = "token-of-an-upload-page", "token-of-another-page"
EVERY = {"repository": {"full_name": REPOSITORY, "default_branch": "main"}, "sender": {"id": 5, "login": "ada"}}


@dataclass
class Other:
    """What lies behind the door, as a test wants it."""

    told: list[tuple[Subject, Hint]] = field(default_factory=list)
    full: Exception | None = None
    standings: Any = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    viewer: int = 0
    now: float = 1000.0

    def tell(self, subject: Subject, hint: Hint) -> None:
        if self.full:
            raise self.full
        self.told.append((subject, hint))

    def shown(self) -> Any:
        if isinstance(self.standings, Exception):
            raise self.standings
        return self.standings() if callable(self.standings) else self.standings

    def door(self, **more: Any) -> Door:
        given = {
            "repository": REPOSITORY,
            "secrets": (SECRET, OLD_SECRET),
            "notice_tokens": (OTHER_TOKEN.encode(), TOKEN.encode()),
            "tell": self.tell,
            "standings": self.shown,
            "ready": lambda: Readiness(self.reasons),
            "viewer": lambda: self.viewer,
            "clock": lambda: self.now,
        }
        return Door(**(given | more))


@dataclass
class Client:
    """Speaks to the door over HTTP."""

    url: str
    other: Other
    door: Door
    session: requests.Session

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=20)

    def deliver(
        self, event: str, payload: Any, *, secret: bytes = SECRET, kind: str = "application/json", **headers: str
    ) -> requests.Response:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        given = {"X-GitHub-Event": event, "Content-Type": kind, "X-Hub-Signature-256": sign(secret, body), **headers}
        return self.post("/webhook", body, {name: value for name, value in given.items() if value})

    def notice(self, payload: Any, *, token: str = TOKEN, kind: str = "application/json") -> requests.Response:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.post("/uploads", body, {"Authorization": f"Bearer {token}", "Content-Type": kind})

    def post(self, path: str, body: Any, headers: dict[str, str]) -> requests.Response:
        return self.session.post(self.url + path, data=body, headers=headers, timeout=20)


def sign(secret: bytes, body: bytes) -> str:
    return "sha256=" + hmac.digest(secret, body, "sha256").hex()


@contextmanager
def served(other: Other | None = None, **more: Any) -> Iterator[Client]:
    other = other or Other()
    door = other.door(**more)
    with serving(build(door), "127.0.0.1", 0) as port, requests.Session() as session:
        yield Client(f"http://127.0.0.1:{port}", other, door, session)


def pull_event(action: str = "opened", number: int = 12, head: str = "a" * 40) -> dict[str, Any]:
    return {**EVERY, "action": action, "pull_request": {"number": number, "head": {"sha": head}}}


def comment_event(action: str = "created", number: int = 12, comment: int = 900) -> dict[str, Any]:
    return {**EVERY, "action": action, "issue": {"number": number, "pull_request": {}}, "comment": {"id": comment}}


def review_event(action: str = "submitted", state: str = "approved", review: int = 70) -> dict[str, Any]:
    return {**EVERY, "action": action, "pull_request": {"number": 12}, "review": {"id": review, "state": state}}


def push_event(*paths: str, ref: str = "refs/heads/main", **more: Any) -> dict[str, Any]:
    return {**EVERY, "ref": ref, "commits": [{"added": list(paths), "modified": [], "removed": []}], **more}
