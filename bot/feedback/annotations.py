"""Findings as annotations on the lines of `rdf.yaml`, and the title of the mark on the commit. Pure.

Source: https://docs.github.com/rest/checks/runs (annotations: levels, 64 KB a message).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.github import Annotation, StatusMark
from bot.words.text import clean, count

if TYPE_CHECKING:
    from bot.records.facts import Place
    from bot.records.verdict import Report

_LEVELS = {"error": "failure", "policy": "failure", "warning": "warning"}
_CONCLUSIONS = {"passed": "success", "failed": "failure", "errored": "neutral"}


def line_notes(report: Report, place: Place) -> tuple[Annotation, ...]:
    """One for each finding with a line, in the order of the lines."""
    path = f"{place.folder}/rdf.yaml"
    found = sorted((f for f in report.findings if f.line), key=lambda f: (f.line or 0, f.rule))
    return tuple(
        Annotation(path, f.line or 1, f.line or 1, _LEVELS[f.level], f.rule, clean(f"{f.message}\n{f.fix}".strip()))
        for f in found
    )


def mark(report: Report, sha: str, external_id: str) -> StatusMark:
    """The verdict on one commit, in a line."""
    return StatusMark(
        sha, _CONCLUSIONS[report.outcome], headline(report), clean(report.message) or headline(report), external_id
    )


def headline(report: Report) -> str:
    """`2 things to change`, `onnx, torchscript reproduce`, or that the check itself failed."""
    if report.outcome == "errored":
        return "The check could not be completed"
    if report.outcome == "failed":
        missing = [
            w.format for w in report.weights if "failed" in {w.loads.outcome, w.runs.outcome, w.reproduces.outcome}
        ]
        parts = [count(len(report.blocking), "thing") + " to change"] if report.blocking else []
        parts += [f"{', '.join(missing)} not reproduced"] if missing else []
        further = [w.format for w in report.weights if w.format not in missing and w.troubled]
        parts += [f"{', '.join(further)} failed further checks"] if further else []
        apart = any(c.outcome.outcome == "failed" for c in report.comparisons)
        parts += ["formats disagree"] if apart else []
        return "; ".join(parts) or "Not passed"
    reproduced = [w.format for w in report.weights if w.reproduces.outcome == "passed"]
    return f"{', '.join(reproduced)} reproduced" if reproduced else "All checks passed"
