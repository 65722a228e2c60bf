"""The report comment: every sentence the bot says about a verdict. Pure; golden files stand in `tests/golden/`.

The bot never parses its own prose: what it must remember is in the signed state block.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.feedback.annotations import headline
from bot.feedback.gallery import Gallery
from bot.feedback.numbered import numbered
from bot.feedback.runs import run_parts
from bot.feedback.state_block import REPORT_MARKER
from bot.records.suggestions import offers
from bot.words.text import Comment, code, count, prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.facts import Place
    from bot.records.stage import Stage
    from bot.records.verdict import Finding, Report

LIMIT = 60_000
"""Below GitHub's 65,536 characters a comment, with room for the state block."""

_LEVELS = {"error": "❌", "policy": "❌", "warning": "💡"}


@dataclass(frozen=True)
class ReportView:
    """What the report comment is made of."""

    place: Place | None
    """None where the folder is not named as one of an entry."""
    stage: Stage
    wait: str
    report: Report | None
    mentions: tuple[str, ...]
    source: str | None
    """Address of the upload."""
    checks_url: str
    """Where the whole of a report can be read that does not fit a comment."""
    notes: tuple[str, ...] = ()
    evidence: str | None = None
    """The standing comment, signed and unaltered, whose evidence is kept where the report is no longer at hand."""
    room: int = LIMIT
    """Characters that the text may have."""
    local: bool = True
    """The bot can write to the pull request's branch."""
    gallery: Gallery = field(default_factory=Gallery)
    """Where pictures and tensors can be seen."""


_EVIDENCE = "<!-- accession:evidence -->"
_END = f"\n\n{REPORT_MARKER}"


def report_comment(view: ReportView) -> Comment:
    """The one comment of a pull request; most important first, cut from the end when it is too long."""
    name = f"{view.place.id} · {view.place.version} · " if view.place else ""
    must = [f"### {name}{view.stage.value}", prose(view.wait, 1500)]
    if view.mentions:
        must.append("For your attention: " + " ".join(f"@{login}" for login in view.mentions))
    must.append(_EVIDENCE)
    may = _kept(view.evidence) if view.report is None else _evidence_of(view.report, view)
    return Comment("\n\n".join(_fit(must, may, view)), REPORT_MARKER)


def _evidence_of(report: Report, view: ReportView) -> list[str]:
    notes = [f"> {prose(note)}" for note in view.notes]
    found = [*_findings(report), *numbered(report, local=view.local)]
    return [f"**{headline(report)}.**", *notes, *found, *run_parts(report, view.gallery), _foot(report, view.source)]


def _kept(body: str | None) -> list[str]:
    """Everything between the evidence mark and our own end mark, as it stood."""
    kept = (body or "").replace("\r\n", "\n").partition(f"{_EVIDENCE}\n\n")[2].rpartition(_END)[0]
    return [kept] if kept else []


def _fit(must: list[str], may: Iterable[str], view: ReportView) -> list[str]:
    more = f"The report is longer than a comment may be; [the rest is with the checks]({view.checks_url})."
    kept, room = list(must), view.room - sum(len(part) + 2 for part in (*must, more))
    left = 0
    for part in may:
        if len(part) + 2 <= room and not left:
            kept.append(part)
            room -= len(part) + 2
        else:
            left += 1
    return [*kept, more] if left else kept


def _findings(report: Report) -> list[str]:
    if not report.findings:
        return []
    blocking = report.blocking
    advice = [f for f in report.findings if not f.blocks]
    numbers = {offer.finding: offer.number for offer in offers(report)}
    parts = [f"#### To change ({len(blocking)})"] if blocking else []
    parts += [_finding(f, numbers.get(f)) for f in blocking]
    if advice:
        lines = "\n".join(_finding(f, numbers.get(f)) for f in advice)
        parts.append(f"<details><summary>{count(len(advice), 'piece')} of advice</summary>\n\n{lines}\n\n</details>")
    if report.findings_left_out:
        parts.append(f"{count(report.findings_left_out, 'more finding')} not shown.")
    return parts


def _finding(finding: Finding, number: int | None) -> str:
    where = f" line {finding.line}" if finding.line else ""
    known = not finding.pointer.strip("/") or finding.pointer.strip("/").replace("/", ".") in finding.message
    field = "" if known else f" {code(finding.pointer.strip('/'))}"
    text = f"- {_LEVELS[finding.level]}{where}{field}: {prose(finding.message)}"
    fix = f" *{prose(finding.fix)}*" if finding.fix else ""
    return text + fix + (f" (suggestion {number})" if number else "")


def _foot(report: Report, source: str | None) -> str:
    seconds = report.seconds.get("total", sum(report.seconds.values()))
    upload = f"[upload]({source}) · " if source else ""
    return f"<sub>{upload}content {report.content_hash[:12]} · image {report.image[:19]} · rules {report.rules} · {seconds:.1f} s</sub>"
