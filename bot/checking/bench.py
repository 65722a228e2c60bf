"""What the checking room works with; put together once, in `work.py`."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from bot import plain_json
from bot.records.box import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from bot.checking.blob_cache import BlobCache
    from bot.checking.evidence import Evidence
    from bot.checking.json_shelf import JsonShelf
    from bot.ports import Boxes, Clock, ImageBuilder
    from bot.records.download import Download

RULES = "4"
"""Version of how this side fetches, and reads box answers into verdicts; a change makes old verdicts void."""


class Web(Protocol):
    """The door to contributed urls (`gateways/http.py`)."""

    def get(self, url: str, *, seconds: float, listed: bool) -> AbstractContextManager[Download]:
        """Open an url; raises `GatewayError`, whose reason tells whose fault it is, also while it is read.

        `listed`: the archive named it, not an RDF; the archive's token goes along.
        """


class Locks:
    """One lock per name, so that two jobs do not fetch or find out the same thing at the same time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._users: dict[str, int] = defaultdict(int)

    @contextmanager
    def hold(self, name: str, *, seconds: float = -1) -> Iterator[bool]:
        """Wait for the name, at most so many seconds (-1: for ever); False where it was not to be had.

        It is forgotten when nobody wants it any more.
        """
        with self._guard:
            self._users[name] += 1
            lock = self._locks[name]
        held = False
        try:
            held = lock.acquire(timeout=seconds)
            yield held
        finally:
            if held:
                lock.release()
            with self._guard:
                self._users[name] -= 1
                if not self._users[name]:
                    del self._users[name], self._locks[name]


@dataclass(frozen=True)
class Bench:
    """Cache, doors and locks of one work process."""

    cache: BlobCache
    shelf: JsonShelf
    web: Web
    boxes: Boxes
    clock: Clock
    evidence: Evidence
    secret: bytes = field(repr=False)
    """What noise is seeded from: no box can know its seed before it is told."""
    locks: Locks = field(default_factory=Locks)
    builder: ImageBuilder | None = None
    """None where no engine could build one."""
    whose: str = ""
    """The check that works here, by a name that no other one has; boxes take turns by it."""

    def for_one(self) -> Bench:
        """The same bench for one check from its beginning to its end, in all its threads; nobody else can guess its name."""
        return replace(self, whose=secrets.token_hex(8))

    def image(self) -> str:
        """What runs in all boxes but those of weights that need another image."""
        return self.boxes.images()[FIRST]

    def environment(self) -> str:
        """Half of the verdict key: the job images (the rules are inside) and this side's own version."""
        return plain_json.digest([dict(self.boxes.images()), RULES])

    def reading(self) -> str:
        """The part of it that all but the runs of weights depends on: a changed image for one format changes nothing here."""
        return plain_json.digest([self.image(), RULES])
