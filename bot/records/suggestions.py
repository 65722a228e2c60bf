"""What a report offers to write: its suggestions by number, and our own blocks that stand on the pull request."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.records.verdict import Finding, Report, Suggestion

_KEY = 32


@dataclass(frozen=True)
class Offer:
    """One suggestion of a report; `number` counts from 1 in the report's order and is what `/accession apply` takes."""

    number: int
    key: str
    """Names it on whatever commit and line: rule, field, replacement text, and which of equal ones it is."""
    finding: Finding
    suggestion: Suggestion


@dataclass(frozen=True)
class Block:
    """One of our comments with a suggestion block, known by author and signed marker."""

    comment: int
    key: str


@dataclass(frozen=True)
class Applied:
    """What one of our correcting commits says of itself: the command it answers, the lines written, what overlapped."""

    command: int
    lines: tuple[tuple[int, int], ...]
    overlapping: tuple[int, ...] = ()


def offers(report: Report) -> tuple[Offer, ...]:
    """The suggestions of a report, numbered."""
    seen: Counter[str] = Counter()
    found: list[Offer] = []
    for finding in report.findings:
        suggestion = finding.suggestion
        if suggestion is None or suggestion.end_line < suggestion.start_line:
            continue
        same = json.dumps([finding.rule, finding.pointer, suggestion.text])
        found.append(Offer(len(found) + 1, _key(same, seen[same]), finding, suggestion))
        seen[same] += 1
    return tuple(found)


def offered(report: Report) -> str:
    """Names what the numbers of a report mean; empty where it offers nothing."""
    meaning = [[o.suggestion.start_line, o.suggestion.end_line, o.suggestion.text] for o in offers(report)]
    return hashlib.sha256(json.dumps(meaning).encode()).hexdigest() if meaning else ""


def _key(same: str, earlier: int) -> str:
    return hashlib.sha256(f"{same}#{earlier}".encode()).hexdigest()[:_KEY]
