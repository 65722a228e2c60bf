"""What a failed test run has to show beside words: pictures and tensors, and where they lie on the evidence branch.

A path names day, content, format and bytes, so that what stands at it never changes, and what is old is known by its name.
At most four pictures (the worst first) and four archives go there for one report, all in one commit: with the branch itself
made on the first time, that is 13 writes for a failing upload, below the 15 that a submission may take.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.records.state import completed_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.records.facts import PullFacts
    from bot.records.verdict import Picture, Report, Weights

DUE = "due"
"""Remembered while the report stands without what it should show."""
ARCHIVE_BYTES = 1_000_000
"""The work side hands out no larger blob; what is larger is fetched by hand."""
_MOST = 4
_SHORT = 12


@dataclass(frozen=True)
class Exhibit:
    """One file on the evidence branch, and the sha256 under which the work side keeps it."""

    path: str
    sha256: str


def exhibits(report: Report, day: str) -> tuple[Exhibit, ...]:
    """What belongs on the branch for a report of that day (ISO 8601): none for one that passed, or where the trouble is ours."""
    if report.outcome != "failed":
        return ()
    folder = folder_of(report, day)
    pictures = sorted(_pictures(report), key=lambda found: -found[0])[:_MOST]
    named = [(f"{weights.format}-{{}}.png", picture.sha256) for _, weights, picture in pictures]
    named += [(f"{weights.format}-{{}}.zip", sha256) for weights, sha256 in _archives(report)][:_MOST]
    files = (Exhibit(f"{folder}/{name.format(sha256[:_SHORT])}", sha256) for name, sha256 in named)
    return tuple({file.path: file for file in files}.values())


def folder_of(report: Report, day: str) -> str:
    """The folder of one content, below the day on which it was judged."""
    return f"{day}/{report.content_hash[:_SHORT]}"


def kept_until(day: str, days: int) -> str:
    """The last day on which evidence of `day` is kept, as ISO 8601."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def wanted(facts: PullFacts) -> tuple[Exhibit, ...]:
    """What the report should show: what can be had, until its days are over."""
    day = day_of(facts)
    if facts.checked is None or not day or facts.now.date().isoformat() > kept_until(day, facts.policy.evidence_days):
        return ()
    return tuple(e for e in exhibits(facts.checked.report, day) if e.sha256 not in facts.evidence_lost)


def missing(facts: PullFacts) -> tuple[str, ...]:
    """Paths that are not on the branch yet."""
    return tuple(exhibit.path for exhibit in wanted(facts) if exhibit.path not in facts.evidence)


def shown(facts: PullFacts) -> dict[str, str]:
    """What stands on the branch, from sha256 to path."""
    return {exhibit.sha256: exhibit.path for exhibit in wanted(facts) if exhibit.path in facts.evidence}


def remembered(facts: PullFacts) -> str:
    """What the state block says of a report posted on these facts."""
    if missing(facts):
        return DUE
    paths = sorted(shown(facts).values())
    return hashlib.sha256(json.dumps(paths).encode()).hexdigest() if paths else ""


def day_of(facts: PullFacts) -> str:
    """The day on which the verdict was first found; empty where there is none."""
    return completed_at(facts)[:10]


def expired(folders: Iterable[str], today: date, days: int) -> frozenset[str]:
    """Those of the branch's folders whose days are over; a name that is no day never is."""
    return frozenset(name for name in folders if _is_day(name) and today.isoformat() > kept_until(name, days))


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _pictures(report: Report) -> Iterator[tuple[float, Weights, Picture]]:
    """Of every output that is not as expected, with how much of it differs."""
    for weights in report.weights:
        failed = {tensor.name: tensor.mismatch_ppm for tensor in weights.tensors if tensor.outcome.outcome == "failed"}
        yield from ((failed[p.output], weights, p) for p in weights.pictures if p.output in failed)


def _archives(report: Report) -> Iterator[tuple[Weights, str]]:
    """Of every format that does not reproduce."""
    for weights in report.weights:
        artefact = weights.artefact
        if artefact and artefact.size <= ARCHIVE_BYTES and weights.reproduces.outcome == "failed":
            yield weights, artefact.sha256
