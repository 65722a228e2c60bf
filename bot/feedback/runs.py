"""The test run in the report comment: answers of every format, and the evidence where one failed. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.feedback.run_details import run_details
from bot.feedback.tensors import SIGNS, tensor_table
from bot.words import running
from bot.words.text import code, fence, prose, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.feedback.gallery import Gallery
    from bot.records.verdict import Comparison, Outcome, Report, Weights


def run_parts(report: Report, gallery: Gallery) -> list[str]:
    """Parts of the comment, most important first; what passed is folded away at the end."""
    if not report.weights:
        return []
    rows = [row(code(w.format), _cell(w.loads), _cell(w.runs), _cell(_shortly(w))) for w in report.weights]
    table = "\n".join(["| weights | loads | runs | reproduces |", "|---|---|---|---|", *rows])
    parts = [part for weights in report.weights if weights.troubled for part in _evidence(weights, gallery)]
    waiting = [
        _folded(w.loads.detail, running.declared_title(w.format)) for w in report.weights if w.awaits and w.loads.detail
    ]
    return ["#### Test run", table, *waiting, *parts, *_disagreements(report.comparisons), run_details(report)]


def _cell(outcome: Outcome) -> str:
    words = "" if outcome.outcome == "passed" else f" {prose(outcome.message, 200)}"
    return f"{SIGNS[outcome.outcome]} {outcome.outcome}{words}"


def _shortly(weights: Weights) -> Outcome:
    """The judge's first words will do where its figures follow below."""
    said = weights.reproduces
    return replace(said, message=said.message.partition("; ")[0]) if weights.tensors else said


def _evidence(weights: Weights, gallery: Gallery) -> list[str]:
    """Of one format that failed: figures, pictures, further checks, what happened, and how to see it at home."""
    return [
        *_figures(weights),
        *_pictures(weights, gallery),
        *_failed_checks(weights),
        *(_folded(o.detail, "What happened") for o in weights.answers if o.detail.strip()),
        *(_folded(words, "What the model printed in its own words") for words in (weights.words,) if words.strip()),
        *_tensors(weights, gallery),
        running.repeat(weights.repeat),
    ]


def _figures(weights: Weights) -> list[str]:
    if not weights.tensors:
        return []
    table = f"{code(weights.format)} against your test outputs:\n\n{tensor_table(weights.tensors)}"
    return [table, *_listed("", (said for tensor in weights.tensors for said in running.remarks(tensor)))]


def _pictures(weights: Weights, gallery: Gallery) -> list[str]:
    """Those that stand on the branch; linked where GitHub could not fetch them for the comment."""
    mark = "!" if gallery.embedded else "Picture: "
    shown = [(p.output, gallery.addresses[p.sha256]) for p in weights.pictures if p.sha256 in gallery.addresses]
    return [f"{mark}[{running.picture_title(output)}]({address})" for output, address in shown]


def _failed_checks(weights: Weights) -> list[str]:
    failed = [check for check in weights.checks if check.outcome.outcome in {"failed", "errored"}]
    said = (f"{SIGNS[c.outcome.outcome]} {running.check_said(c)}" for c in failed)
    return _listed(f"{code(weights.format)} beyond the three:\n\n", said)


def _tensors(weights: Weights, gallery: Gallery) -> list[str]:
    artefact = weights.artefact
    if artefact is None:
        return []
    address = gallery.addresses.get(artefact.sha256)
    return [running.tensors_at(address, artefact.size, gallery.until) if address else running.tensors_by_hand(artefact)]


def _disagreements(comparisons: Iterable[Comparison]) -> list[str]:
    failed = (c for c in comparisons if c.outcome.outcome == "failed")
    said = (f"❌ {running.comparison_said(c)}" for c in failed)
    return _listed("Formats against each other:\n\n", said)


def _listed(head: str, lines: Iterable[str]) -> list[str]:
    """One part, none where there are no lines."""
    found = "\n".join(f"- {said}" for said in lines)
    return [head + found] if found else []


def _folded(text: str, title: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{fence(text)}\n\n</details>"
