"""The report of a local check: weights entries as in `schemas/report.schema.json`, and the same in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflows.dynamic.outcome import Outcome, failed, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflows.local_box import BoxAnswer

QUESTIONS = ("loads", "runs", "reproduces")
BLOCKING = ("error", "policy")
"""Levels of findings that keep a resource out; a warning does not."""


def weights_entry(
    weight_format: str,
    repeat: str,
    *,
    produced: BoxAnswer | None = None,
    verdict: BoxAnswer | None = None,
    fault: str = "",
) -> dict[str, Any]:
    """One entry of `weights`; a box that ended without an answer has failed, `fault` is why none was started."""
    said = (None if produced is None else produced.json("produced")) or _unanswered(produced, fault)
    judged = (None if verdict is None else verdict.json("verdict")) or {
        "reproduces": _unjudged(verdict, said["runs"]).as_json(),
        "tensors": [],
    }
    done = (None if produced is None else produced.json("done")) or {}
    return {
        "format": weight_format,
        "loads": said["loads"],
        "runs": said["runs"],
        "reproduces": judged["reproduces"],
        "tensors": judged["tensors"],
        "seconds": said["seconds"],
        "peak_memory_bytes": done.get("peak_memory_bytes"),
        "words": "" if produced is None else produced.words,
        "versions": said["versions"],
        "image": "",
        "warnings": [],
        "checks": [],
        "pictures": [],
        "artefact": None,
        "repeat": repeat[:512],
    }


def _unanswered(produced: BoxAnswer | None, fault: str) -> dict[str, Any]:
    words, detail = (
        (fault, "") if produced is None else (f"the model's process did not answer: {produced.ending}", produced.words)
    )
    return {
        "loads": failed(words, detail).as_json(),
        "runs": skipped("not tried").as_json(),
        "seconds": {},
        "versions": {},
    }


def _unjudged(verdict: BoxAnswer | None, runs: Mapping[str, Any]) -> Outcome:
    if verdict is not None:
        return failed(f"the judge did not answer: {verdict.ending}", verdict.words)
    if runs["outcome"] == "passed":
        return failed("the outputs were not judged")
    return skipped("not tried: the model did not run")


def reproduced(weights: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every format that can be run here reproduces, and at least one does."""
    ends = [[entry[question]["outcome"] for question in QUESTIONS] for entry in weights]
    answered = [one for one in ends if one[0] != "skipped"]
    return bool(answered) and all(outcome == "passed" for one in answered for outcome in one)


def blocking(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a finding keeps the resource out."""
    return any(finding["level"] in BLOCKING for finding in findings)


def as_json(value: Any) -> str:
    """Strict JSON for people and programs."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)


def finding_lines(findings: Sequence[Mapping[str, Any]], rdf: str) -> Iterator[str]:
    """`file:line:column: level: message [rule]`, then what to do."""
    for one in findings:
        place = ":".join(str(part) for part in (rdf, one["line"], one["column"]) if part is not None)
        yield f"{place}: {one['level']}: {one['message']} [{one['rule']}]"
        if one["fix"]:
            yield f"    {one['fix']}"


def weights_lines(weights: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Three answers per format; the tail of a traceback where one is not passed."""
    for entry in weights:
        for question in QUESTIONS:
            answer = entry[question]
            yield f"{entry['format']} {question}: {answer['outcome']}: {answer['message']}"
            yield from (f"    {line}" for line in answer["detail"].splitlines()[-10:])
        yield f"    repeat: {entry['repeat']}"
