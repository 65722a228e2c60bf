"""Answers of GitHub that were kept, by url: what is revalidated, and what never changes.

An ETag holds for one token, and an App's tokens are renewed hourly. `Last-Modified` would outlive them, but it follows
`updated_at`, which stands still when, for example, `mergeable` changes; so a renewed token costs each url one full answer.
What keeps that cheap is to ask few urls: commits and trees are named by their content and never asked again, and the sweep
(`bot/corridor/sweep.py`) reads one listing where nothing moved.
Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import GatewayError

if TYPE_CHECKING:
    from bot.ports import Clock, Json, Store

ROOM = "etags"
MOST_ROWS = 20_000
MOST_BYTES = 256_000
"""Of one answer, slimmed; a larger one is asked for anew each time."""
UNUSED = timedelta(days=14)
_PRUNED = ("etags pruned", "at")
_PRUNE_EVERY = timedelta(days=1)
_PRUNE_AFTER = 1_000
"""Answers kept by this process since it last looked."""

_NAMED_BY_CONTENT = re.compile(r".*/git/(?:commits|trees)/[0-9a-f]{40}(?:\?recursive=1)?")
_BLOB = "/git/blobs/"
"""Never changes either, and may be large; the work side and our own rooms keep what matters of it."""
_ADDRESSES = frozenset({"html_url", "target_url"})
"""The only addresses that we read."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """An answer, and the address of the listing's next page."""

    body: Any
    following: str | None = None
    etag: str = ""


class AnswerCache:
    """In one room of the store. A row that is spoilt, and a store that is away, are misses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._kept = 0
        self._lock = threading.Lock()

    def known(self, url: str) -> Kept | None:
        """What was answered there last."""
        try:
            row = self._store.get(ROOM, url)
            found = _kept(row) if row is not None else None
            if row is not None and found is not None:
                self._use(url, row)
        except _TROUBLE:
            return None
        return found

    def forever(self, url: str) -> Kept | None:
        """What was answered there once and for all: a commit or a tree."""
        return self.known(url) if _NAMED_BY_CONTENT.fullmatch(url) else None

    def keep(self, url: str, answer: Kept) -> None:
        """Keep an answer for next time, unless it is too large."""
        if not answer.etag or _BLOB in url:
            return
        text = _text(answer.body)
        if len(text) > MOST_BYTES:
            return
        row = {"etag": answer.etag, "body": answer.body, "next": answer.following, "sum": _sum(text)}
        try:
            self._store.put(ROOM, url, {**row, "used": self._clock.now().isoformat()})
            self._sometimes_prune()
        except _TROUBLE as error:
            log.warning("answer_not_kept", error=type(error).__name__)

    def prune(self) -> int:
        """Forget what nobody asked for in two weeks, and the least recently used beyond 20,000; how many rows."""
        rows = self._store.items(ROOM)
        oldest = self._clock.now() - UNUSED
        ages = sorted((_used(row), url) for url, row in rows.items())
        late = max(0, len(ages) - MOST_ROWS)
        gone = [url for number, (used, url) in enumerate(ages) if number < late or used < oldest.isoformat()]
        for url in gone:
            self._store.drop(ROOM, url)
        if gone:
            log.info("answers_forgotten", count=len(gone), left=len(rows) - len(gone))
        return len(gone)

    def _use(self, url: str, row: Json) -> None:
        """Note the day on which it was of use; a write a day and row is enough."""
        now = self._clock.now()
        if not _used(row).startswith(now.date().isoformat()):
            self._store.put(ROOM, url, {**row, "used": now.isoformat()})

    def _sometimes_prune(self) -> None:
        with self._lock:
            self._kept += 1
            look = self._kept % _PRUNE_AFTER == 1
        if look and (self._kept > 1 or self._due()):
            self._store.put(*_PRUNED, {"at": self._clock.now().isoformat()})
            self.prune()

    def _due(self) -> bool:
        row = self._store.get(*_PRUNED)
        if row is None:
            return True
        return abs(self._clock.now() - datetime.fromisoformat(str(row.get("at")))) >= _PRUNE_EVERY


_TROUBLE = (GatewayError, sqlite3.Error, ValueError, TypeError)


def slim(data: Any, *, top: bool = True) -> Any:
    """An answer without what nobody here reads: addresses, links, and repositories inside of something else.

    A pull request as GitHub lists it has 25 KB, three quarters of them addresses.
    """
    if isinstance(data, list):
        return [slim(item, top=top) for item in data]
    if not isinstance(data, dict):
        return data
    if not top and "full_name" in data:
        return {name: data[name] for name in ("id", "full_name", "private") if name in data}
    return {name: slim(value, top=False) for name, value in data.items() if not _address(name)}


def _address(name: str) -> bool:
    return name in {"url", "_links"} or (name.endswith("_url") and name not in _ADDRESSES)


def _kept(row: Json) -> Kept | None:
    etag, following = row.get("etag"), row.get("next")
    if not isinstance(etag, str) or not (following is None or isinstance(following, str)):
        return None
    if row.get("sum") != _sum(_text(row.get("body"))):
        return None
    return Kept(row["body"], following, etag)


def _used(row: Json) -> str:
    return str(row.get("used", ""))


def _text(body: Any) -> str:
    return json.dumps(body, sort_keys=True)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
