"""The verdict of one check. Pure; the default is *not passed*."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.checking import weights_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.ports import Json

_MESSAGE = 2000
_BLOCKING = frozenset({"error", "policy"})


@dataclass(frozen=True)
class Frame:
    """What every report of one content says alike."""

    content_hash: str
    image: str
    rules: str


def assemble(
    frame: Frame,
    *,
    kind: str,
    findings: Sequence[Json],
    left_out: int,
    weights: Sequence[Json],
    comparisons: Sequence[Json],
    seconds: Mapping[str, float],
) -> Json:
    """The report of a check that took place; `kind` is the resource's type."""
    outcome, message = _verdict(kind, findings, weights, comparisons)
    return _report(frame, outcome, message, seconds) | {
        "findings": list(findings),
        "findings_left_out": left_out,
        "weights": list(weights),
        "comparisons": list(comparisons),
    }


def evidence(report: Json) -> list[str]:
    """Blobs that the report names, each once."""
    return list(dict.fromkeys(blob for one in report["weights"] for blob in weights_report.evidence(one)))


def refused(frame: Frame, rule: str, message: str, seconds: Mapping[str, float]) -> Json:
    """The upload could not even be read: one finding says why."""
    finding = {
        "level": "error",
        "rule": rule[:64],
        "pointer": "",
        "line": None,
        "column": None,
        "message": message[:_MESSAGE],
        "fix": "Change the upload or the rdf.yaml in the pull request accordingly.",
        "suggestion": None,
    }
    return _report(frame, "failed", message, seconds) | {"findings": [finding]}


def errored(frame: Frame, message: str, seconds: Mapping[str, float]) -> Json:
    """Ours: to be tried again, never remembered."""
    return _report(frame, "errored", message, seconds)


def _verdict(
    kind: str, findings: Sequence[Json], weights: Sequence[Json], comparisons: Sequence[Json]
) -> tuple[str, str]:
    answers = [(one["format"], answer) for one in weights for answer in weights_report.answers(one)]
    answers += [(" and ".join(one["formats"]), one["outcome"]) for one in comparisons]
    for name, answer in answers:
        if answer["outcome"] == "errored":
            return "errored", f"{name}: {answer['message']}"
    blocking = sum(finding["level"] in _BLOCKING for finding in findings)
    failed = [f"{name}: {answer['message']}" for name, answer in answers if answer["outcome"] == "failed"]
    said = ([f"{blocking} finding(s) to mend."] if blocking else []) + failed
    reproduced = [one["format"] for one in weights if one["reproduces"]["outcome"] == "passed"]
    if kind == "model" and not reproduced and not failed:
        said.append("No weight format reproduced the test outputs.")
    if said:
        return "failed", " ".join(said)
    tested = f" {', '.join(reproduced)} reproduced the test outputs." if reproduced else ""
    return "passed", f"Nothing to mend.{tested}"


def _report(frame: Frame, outcome: str, message: str, seconds: Mapping[str, float]) -> Json:
    return {
        "schema": "accession/report/1",
        "content_hash": frame.content_hash,
        "image": frame.image[:128],
        "rules": frame.rules,
        "outcome": outcome,
        "message": message[:_MESSAGE],
        "findings": [],
        "findings_left_out": 0,
        "weights": [],
        "comparisons": [],
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }
