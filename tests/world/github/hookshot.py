"""Sending webhooks (docs: Webhook events and payloads; Validating webhook deliveries)."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import random
import threading
import uuid
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import requests

from tests.world.github.records import Delivery, Hook, Repository

if TYPE_CHECKING:
    from tests.world.github.core import Core

TIMEOUT = 5.0  # GitHub gives up after ten seconds; nobody on loopback needs so long
BODY_KEPT = 1000


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Hookshot:
    """One background thread sends in order; it starts with the first delivery and ends with ``close``."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._held: list[Delivery] = []
        self._seed, self._random = core.faults.seed, random.Random(core.faults.seed)

    def fire(self, repo: Repository, event: str, action: str | None, sender: str, payload: dict[str, Any]) -> None:
        """Make one delivery per hook that asked for the event."""
        hooks = [hook for hook in self._core.store.group(Hook, repo.key) if hook.active and _wants(hook, event)]
        if not hooks:
            return
        from tests.world.github.shapes.repositories import minimal
        from tests.world.github.shapes.users import user

        full = ({"action": action} if action else {}) | payload
        full |= {"repository": minimal(self._core, repo), "sender": user(self._core, sender)}
        for hook in hooks:
            self.deliver(hook, repo, event, action, full)

    def deliver(self, hook: Hook, repo: Repository, event: str, action: str | None, payload: dict[str, Any]) -> None:
        faults, store = self._core.faults, self._core.store
        guid = str(uuid.uuid4())
        delivery = store.put(
            Delivery(
                store.next_id("delivery"), hook.id, guid, event, action, repo.id, json.dumps(payload), self._core.now()
            )
        )
        self._reseed()
        if self._random.random() < faults.drop_webhooks:
            store.put(replace(delivery, status="dropped by the world", status_code=0))
            return
        copies = 2 if self._random.random() < faults.double_webhooks else 1
        for _ in range(copies):
            if faults.hold_webhooks or faults.shuffle_webhooks:
                self._held.append(delivery)
            else:
                self._send_later(delivery)

    def redeliver(self, old: Delivery) -> Delivery:
        """The same guid and payload under a new row of the delivery log."""
        store = self._core.store
        fresh = replace(old, id=store.next_id("delivery"), redelivery=True, status="pending", status_code=0)
        self._send_later(store.put(replace(fresh, delivered=self._core.now())))
        return fresh

    def flush(self) -> int:
        """Let go of what is held, in random order if so switched; the number of deliveries sent."""
        self._reseed()
        held, self._held = self._held, []
        if self._core.faults.shuffle_webhooks:
            self._random.shuffle(held)
        for delivery in held:
            self._send_later(delivery)
        return len(held)

    def _reseed(self) -> None:
        if self._seed != self._core.faults.seed:
            self._seed, self._random = self._core.faults.seed, random.Random(self._core.faults.seed)

    def drain(self) -> None:
        """Wait until everything queued was sent. Never call it while holding the world's lock."""
        self._queue.join()

    def close(self) -> None:
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _send_later(self, delivery: Delivery) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hookshot", daemon=True)
            self._thread.start()
        self._queue.put(delivery)

    def _work(self) -> None:
        while (delivery := self._queue.get()) is not None:
            try:
                self._send(delivery)
            finally:
                self._queue.task_done()
        self._queue.task_done()

    def _send(self, delivery: Delivery) -> None:
        hook = self._core.store.get(Hook, delivery.hook_id)
        if hook is None:
            return
        body, started = delivery.payload.encode(), monotonic()
        try:
            answer = requests.post(
                hook.url, data=body, headers=headers(hook, delivery, body), timeout=TIMEOUT, allow_redirects=False
            )
            status, code, text = answer.reason or "OK", answer.status_code, answer.text[:BODY_KEPT]
        except requests.RequestException as error:
            status, code, text = "failed to connect to host", 502, type(error).__name__
        done = replace(delivery, status=status, status_code=code, response=text, duration=monotonic() - started)
        with self._core.transaction():
            self._core.store.put(done)


def headers(hook: Hook, delivery: Delivery, body: bytes) -> dict[str, str]:
    signed = {"X-Hub-Signature-256": sign(hook.secret, body)} if hook.secret else {}
    return signed | {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/0accede",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(hook.id),
        "X-GitHub-Hook-Installation-Target-ID": str(delivery.repository_id),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
    }


def _wants(hook: Hook, event: str) -> bool:
    return event == "ping" or "*" in hook.events or event in hook.events
