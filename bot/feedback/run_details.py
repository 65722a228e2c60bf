"""What a test run took and what it passed, for all formats, folded away. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.feedback.tensors import SIGNS, tensor_table
from bot.words import running
from bot.words.text import code, fence, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.records.verdict import Report, Weights

_HEAD = (
    "| weights | load | first run | steady | peak memory | image |",
    "|---|---|---|---|---|---|",
)
_WARNINGS = 2000
"""Characters of warnings shown for one format."""
_IMAGE = 19
"""Characters of an image's digest, `sha256:` and twelve more."""
_QUIET = {"passed", "skipped"}


def run_details(report: Report) -> str:
    """One folded part."""
    table = "\n".join([*_HEAD, *(_measured(weights) for weights in report.weights)])
    parts = [table, *(part for weights in report.weights for part in _said(weights)), *_agreements(report)]
    inner = "\n\n".join(parts)
    return f"<details><summary>Details of the test run</summary>\n\n{inner}\n\n</details>"


def _measured(weights: Weights) -> str:
    seconds = (running.seconds_said(weights.seconds.get(part)) for part in ("load", "first_run", "steady"))
    memory = "–" if weights.peak_memory_bytes is None else running.bytes_said(weights.peak_memory_bytes)
    return row(code(weights.format), *seconds, memory, code(weights.image[:_IMAGE]) if weights.image else "–")


def _said(weights: Weights) -> Iterator[str]:
    """Figures where they are not shown above, versions, further checks, warnings."""
    name = code(weights.format)
    if weights.tensors and not weights.troubled:
        yield f"{name} against your test outputs:\n\n{tensor_table(weights.tensors)}"
    if weights.versions:
        yield f"{name} ran with {running.versions_said(weights.versions)}."
    checks = [check for check in weights.checks if check.outcome.outcome in _QUIET]
    if checks:
        lines = (f"- {SIGNS[c.outcome.outcome]} {running.check_said(c)}" for c in checks)
        yield f"{name} beyond the three:\n\n" + "\n".join(lines)
    if weights.warnings:
        said = "\n".join(weights.warnings)
        yield f"{name} warned, in its own words:\n\n{fence(said, _WARNINGS)}"


def _agreements(report: Report) -> Iterator[str]:
    found = [c for c in report.comparisons if c.outcome.outcome != "failed"]
    if found:
        lines = (f"- {SIGNS[c.outcome.outcome]} {running.comparison_said(c)}" for c in found)
        yield "Formats against each other:\n\n" + "\n".join(lines)
