"""What the local store knows of retests: results by their key, what each version was before, and a run not finished.

A cache: losing it costs the work side's time, and the comparison with before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.retesting.row import as_json, from_json

if TYPE_CHECKING:
    from bot.ports import Json, Store
    from bot.retesting.accepted import Accepted
    from bot.retesting.row import Row

_RESULTS, _LATEST, _RUN = "retested", "retested-latest", "retest-run"


@dataclass(frozen=True)
class Memory:
    """The rooms of one environment and policy (both digests)."""

    store: Store
    environment: str
    policy: str

    def known(self, version: Accepted) -> Row | None:
        """The result for exactly this, beside what it was before."""
        key = version.key(self.environment, self.policy)
        kept = self.store.get(_RESULTS, key)
        return self._beside(version, key, from_json(kept["row"])) if kept else None

    def keep(self, version: Accepted, row: Row) -> Row:
        """Remember a result, durably; returns it beside what it was before."""
        key = version.key(self.environment, self.policy)
        self.store.put(_RESULTS, key, {"environment": self.environment, "row": as_json(row)})
        return self._beside(version, key, row)

    def compared(self, version: Accepted, row: Row) -> Row:
        """Beside what it was before, without remembering it."""
        latest = self._latest(version)
        here = latest["key"] == version.key(self.environment, self.policy)
        return row.after(latest["before"] if here else latest["levels"])

    def _beside(self, version: Accepted, key: str, row: Row) -> Row:
        """The version's newest result moves on to this one, and the one under another key becomes its before."""
        latest = self._latest(version)
        before = latest["before"] if latest["key"] == key else latest["levels"]
        now = {"key": key, "levels": row.levels(), "before": before}
        if now != latest:
            self.store.put(_LATEST, version.place, now)
        return row.after(before)

    def _latest(self, version: Accepted) -> Json:
        return self.store.get(_LATEST, version.place) or {"key": "", "levels": {}, "before": {}}

    def unfinished(self) -> Json | None:
        """`{"environment", "policy", "begun"}` of the run that did not come to its end; None where the last one did."""
        return self.store.get(_RUN, "now")

    def begin(self, begun: str) -> None:
        """A run is under way from now on, since `begun` (ISO 8601)."""
        self.store.put(_RUN, "now", {"environment": self.environment, "policy": self.policy, "begun": begun})

    def end(self) -> None:
        """It came to its end; results of other environments than this and the one before are of no use any more."""
        self.store.drop(_RUN, "now")
        before = (self.store.get(_RUN, "environments") or {"names": []})["names"]
        names = list(dict.fromkeys([self.environment, *before]))[:2]
        if names == before:
            return
        self.store.put(_RUN, "environments", {"names": names})
        for key, kept in self.store.items(_RESULTS).items():
            if kept["environment"] not in names:
                self.store.drop(_RESULTS, key)
