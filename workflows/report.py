"""The report of a local check: weights entries as in `schemas/report.schema.json`, and findings in words."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from workflows.dynamic.outcome import Outcome, failed, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflows.local_box import BoxAnswer

QUESTIONS = ("loads", "runs", "reproduces")
_MISSING = re.compile(r"^ModuleNotFoundError: No module named '([\w.]+)'", re.MULTILINE)
_TENSORS, _WARNINGS, _WARNING = 32, 20, 300
"""Most tensors and warnings, and characters of one; `schemas/report.schema.json`."""
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
    said = (None if produced is None else produced.json("produced")) or _unanswered(weight_format, produced, fault)
    extras = (None if produced is None else produced.json("extras")) or {}
    judged = (None if verdict is None else verdict.json("verdict")) or {
        "reproduces": _unjudged(verdict, said["runs"]).as_json(),
        "tensors": [],
    }
    done = (None if produced is None else produced.json("done")) or {}
    frames = {} if verdict is None else verdict.frames
    return {
        "format": weight_format,
        "loads": said["loads"],
        "runs": said["runs"],
        "reproduces": judged["reproduces"],
        "tensors": judged["tensors"][:_TENSORS],
        "seconds": said["seconds"] | _steady(extras),
        "peak_memory_bytes": done.get("peak_memory_bytes"),
        "words": "" if produced is None else produced.words,
        "versions": said["versions"],
        "image": "" if produced is None else "process",
        "warnings": _warnings(said, extras),
        "checks": judged.get("checks", []),
        "pictures": _pictures(judged["tensors"], frames),
        "artefact": _digest(frames["artefact"]) if "artefact" in frames else None,
        "repeat": repeat[:512],
    }


def _steady(extras: Mapping[str, Any]) -> dict[str, float]:
    seconds = extras.get("steady_seconds")
    return {"steady": float(seconds)} if isinstance(seconds, int | float) and seconds >= 0 else {}


def _warnings(*parts: Mapping[str, Any]) -> list[str]:
    """Of the test run and of the further ones, each once."""
    found = [one for part in parts for one in part.get("warnings") or () if isinstance(one, str)]
    return list(dict.fromkeys(one[:_WARNING] for one in found))[:_WARNINGS]


def _pictures(tensors: Sequence[Mapping[str, Any]], frames: Mapping[str, bytes]) -> list[dict[str, Any]]:
    named = [(tensor["name"], frames.get(f"picture-{index}")) for index, tensor in enumerate(tensors[:_TENSORS])]
    return [{"output": name, **_digest(picture)} for name, picture in named if picture is not None]


def _digest(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _unanswered(weight_format: str, produced: BoxAnswer | None, fault: str) -> dict[str, Any]:
    """A box that was never ready has not met the model yet: what it lacks is this machine's."""
    if produced is None:
        loads = failed(fault)
    elif missing := "ready" not in produced.frames and _MISSING.search(produced.words):
        loads = skipped(
            f"{weight_format} weights are not run here: {missing[1]} is not installed; install the boxes' libraries "
            "(accession[job]), or name a Python that has them in ACCESSION_JOB_PYTHON"
        )
    else:
        loads = failed(f"the model's process did not answer: {produced.ending}", produced.words)
    return {
        "loads": loads.as_json(),
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


def unsound(weights: Sequence[Mapping[str, Any]], comparisons: Sequence[Mapping[str, Any]]) -> bool:
    """Whether something asked beyond the three questions failed: a bot would not accept the model either."""
    asked = [*(check for entry in weights for check in entry["checks"]), *comparisons]
    return any(one["outcome"]["outcome"] == "failed" for one in asked)


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
