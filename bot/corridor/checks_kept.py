"""Finished checks in the local store, under the key of what was checked. A cache: losing it costs a check, no truth."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from bot.records.facts import Checked
from bot.records.verdict import report

if TYPE_CHECKING:
    from bot.ports import Store

_ROOM = "checks"
_BESIDE = {"pull", "at"}
"""What a row says of itself beside the check, for `corridor/rooms.py`: its pull request, and when it was kept."""


def check_key(source: str, rdf: str | None, environment: str, policy: str, build: str = "") -> str:
    """Names what is checked with what: upload, rdf.yaml at the head (git blob sha), image and rules, policy.

    And the content for which images may be built, where somebody said so.
    """
    text = json.dumps(["accession/check/1", source, rdf, environment, policy, *([build] if build else [])])
    return hashlib.sha256(text.encode()).hexdigest()


def load(store: Store, key: str) -> Checked | None:
    """The check kept under that key."""
    data = store.get(_ROOM, key)
    if data is None:
        return None
    data = {name: value for name, value in data.items() if name not in _BESIDE}
    lists = {name: tuple(data.get(name, ())) for name in ("excluded", "mentions", "notes", "maintainers")}
    return Checked(**{**data, **lists, "report": report(data["report"]), "entry": base64.b64decode(data["entry"])})


def keep(store: Store, key: str, report_json: dict[str, Any], checked: dict[str, Any]) -> None:
    """Keep a check: the report's JSON, the other fields of `Checked` (entry as bytes), and `pull` and `at`."""
    entry = base64.b64encode(checked["entry"]).decode()
    store.put(_ROOM, key, {**checked, "entry": entry, "report": report_json})
