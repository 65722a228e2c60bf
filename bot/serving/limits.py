"""How much the door takes: token buckets, by monotonic time.

A repository may send bursts as large as a merge queue or a mass label makes them. Forgeries have one small purse in common:
verifying costs time, and it must not be the deliveries that pay. Who lately proved to know a secret is not counted among them.
What shows no secret at all costs next to nothing and has another purse, so that scanners do not use up the first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

A_SECOND, BURST = 50.0, 5_000
"""Valid deliveries of one repository; GitHub limits what makes them to 5,000 an hour for a token."""
FORGED_A_SECOND, FORGED_BURST = 5.0, 100
"""Requests that claim a secret and have none, from everywhere; and as many that claim none."""
NOTICES_A_SECOND, NOTICES_BURST = 0.5, 100
_PEERS = 1_000
_REPOSITORIES = 100


@dataclass
class Bucket:
    """Fills by `rate` a second up to `burst`."""

    rate: float
    burst: float
    clock: Callable[[], float]
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.burst, self.clock()

    def wait(self) -> float:
        """Seconds until there is a token, 0 where there is one; takes none."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + max(0.0, now - self._at) * self.rate)
        self._at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self.rate

    def take(self) -> float:
        """Like `wait`, and takes the token where there is one."""
        wait = self.wait()
        if not wait:
            self._tokens -= 1
        return wait


class Limits:
    """All of the door's. Called from one thread, the server's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._forged = Bucket(FORGED_A_SECOND, FORGED_BURST, clock)
        self._unsigned = Bucket(FORGED_A_SECOND, FORGED_BURST, clock)
        self._notices = Bucket(NOTICES_A_SECOND, NOTICES_BURST, clock)
        self._repositories: OrderedDict[str, Bucket] = OrderedDict()
        self._proved: OrderedDict[str, None] = OrderedDict()

    def stranger(self, peer: str) -> float:
        """Seconds that an address has to wait before anything of it is verified; 0 for one that is known."""
        return 0.0 if peer in self._proved else self._forged.wait()

    def failed(self, peer: str) -> float:
        """A request of that address claimed a secret that is none: it costs a token, and its good name. Seconds to wait."""
        self._proved.pop(peer, None)
        return self._forged.take()

    def unsigned(self) -> float:
        """A request claimed no secret. Seconds to wait."""
        return self._unsigned.take()

    def proved(self, peer: str) -> None:
        """That address knows a secret."""
        self._proved[peer] = None
        self._proved.move_to_end(peer)
        if len(self._proved) > _PEERS:
            self._proved.popitem(last=False)

    def delivery(self, repository: str) -> float:
        """Seconds that a repository has to wait, 0 where its valid delivery is taken."""
        bucket = self._repositories.setdefault(repository.lower(), Bucket(A_SECOND, BURST, self._clock))
        self._repositories.move_to_end(repository.lower())
        if len(self._repositories) > _REPOSITORIES:
            self._repositories.popitem(last=False)
        return bucket.take()

    def notice(self) -> float:
        """Seconds that an upload notice has to wait, 0 where it is taken."""
        return self._notices.take()
