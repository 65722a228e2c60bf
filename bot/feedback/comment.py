"""The report comment: every sentence the bot says about a verdict. Pure; golden files stand in `tests/golden/`.

The bot never parses its own prose: what it must remember is in the signed state block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.feedback.annotations import headline
from bot.feedback.numbered import numbered
from bot.feedback.state_block import REPORT_MARKER
from bot.records.suggestions import offers
from bot.words.text import Comment, code, count, escape, fence, prose, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.facts import Place
    from bot.records.stage import Stage
    from bot.records.verdict import Finding, Outcome, Report, Tensor, Weights

LIMIT = 60_000
"""Below GitHub's 65,536 characters a comment, with room for the state block."""

_SIGNS = {"passed": "✅", "failed": "❌", "skipped": "➖", "errored": "⚠️"}
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
    return [f"**{headline(report)}.**", *notes, *found, *_weights(report), _foot(report, view.source)]


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


def _weights(report: Report) -> list[str]:
    if not report.weights:
        return []
    rows = [row(code(w.format), _cell(w.loads), _cell(w.runs), _cell(w.reproduces)) for w in report.weights]
    table = "\n".join(["| weights | loads | runs | reproduces |", "|---|---|---|---|", *rows])
    return ["#### Test run", table, *(part for w in report.weights for part in _evidence(w))]


def _cell(outcome: Outcome) -> str:
    words = "" if outcome.outcome == "passed" else f" {prose(outcome.message, 200)}"
    return f"{_SIGNS[outcome.outcome]} {outcome.outcome}{words}"


def _evidence(weights: Weights) -> list[str]:
    parts = []
    if weights.tensors:
        head = [
            "| output | differs | largest absolute | largest relative | worst element | tolerance |",
            "|---|---|---|---|---|---|",
        ]
        parts.append(
            f"{code(weights.format)} against your test outputs:\n\n"
            + "\n".join(head + [_tensor(t) for t in weights.tensors])
        )
    if weights.awaits and weights.loads.detail:
        parts.append(_details(weights.loads.detail, f"What {weights.format} declares"))
    troubled = {o.outcome for o in (weights.loads, weights.runs, weights.reproduces)} & {"failed", "errored"}
    if troubled:
        parts += [_details(o.detail, "What happened") for o in (weights.loads, weights.runs) if o.detail]
        parts += [_details(weights.words, "What the model printed")] if weights.words.strip() else []
        parts.append(f"The same on your machine: {code(weights.repeat)}")
    return parts


def _details(text: str, title: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{fence(text)}\n\n</details>"


def _tensor(tensor: Tensor) -> str:
    differs = f"{tensor.mismatched:,} of {tensor.elements:,} ({tensor.mismatch_ppm:,.0f} ppm)"
    worst = tensor.worst
    at = f"{worst['index']}: expected {_number(worst['expected'])}, got {_number(worst['produced'])}" if worst else "–"
    tolerance = tensor.tolerance
    within = f"atol {_number(tolerance['atol'])}, rtol {_number(tolerance['rtol'])}, {_number(tolerance['ppm'])} ppm"
    sign = _SIGNS[tensor.outcome.outcome]
    return row(f"{sign} {code(tensor.name)}", differs, _number(tensor.max_abs), _number(tensor.max_rel), at, within)


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else "–" if value is None else escape(str(value), 12)


def _foot(report: Report, source: str | None) -> str:
    seconds = report.seconds.get("total", sum(report.seconds.values()))
    upload = f"[upload]({source}) · " if source else ""
    return f"<sub>{upload}content {report.content_hash[:12]} · image {report.image[:19]} · rules {report.rules} · {seconds:.1f} s</sub>"
