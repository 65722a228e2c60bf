"""Every call counted: which API, of what kind, how it ended; in all for metrics, and for the look that made it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from bot import looks

Family = Literal["rest", "graphql", "search", "archive"]
Kind = Literal["read", "unchanged", "write", "coalesced", "cached"]
"""`read`: answered in full. `unchanged`: 304. `coalesced`: another thread's request served this one too. `cached`: nothing was
asked, because it cannot have changed or was read by the same look a moment ago."""
Outcome = Literal["ok", "refused", "limited", "failed"]
"""`refused`: 4xx. `limited`: a pause was asked for. `failed`: 5xx, or no answer."""


@dataclass(frozen=True)
class CallCount:
    """One figure of `accession_calls_total`."""

    family: Family
    kind: Kind
    outcome: Outcome
    count: int


class CallLedger:
    """Counts over all threads of a process; never reset."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Family, Kind, Outcome]] = Counter()
        self._lock = threading.Lock()

    def count(self, family: Family, kind: Kind, outcome: Outcome = "ok") -> None:
        """One call more."""
        with self._lock:
            self._counts[family, kind, outcome] += 1
        look = looks.current()
        if look is not None:
            look.calls[kind] += 1

    def snapshot(self) -> tuple[CallCount, ...]:
        """All figures as they are now, sorted."""
        with self._lock:
            counts = dict(self._counts)
        return tuple(CallCount(*key, counts[key]) for key in sorted(counts))

    def kinds(self) -> Counter[str]:
        """Calls by kind alone."""
        found: Counter[str] = Counter()
        for row in self.snapshot():
            found[row.kind] += row.count
        return found
