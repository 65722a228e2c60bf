"""One weight format's part of the report: loads, runs, reproduces. Pure; `schemas/report.schema.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import plain_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.checking.environments import Untried
    from bot.ports import Json

_MESSAGE, _DETAIL, _WORDS, _TENSORS = 2000, 8000, 4000, 32
_SECONDS, _VERSIONS, _VERSION = 16, 32, 64


def outcome(kind: str, message: str, detail: str = "") -> Json:
    """One of the three answers; cut to the schema's lengths."""
    return {"outcome": kind, "message": message[:_MESSAGE], "detail": detail[-_DETAIL:]}


def untried(weights_format: str, message: str, kind: str = "skipped") -> Json:
    """Nothing was run; the same answer three times, `errored` where the fault is ours."""
    return {
        "format": weights_format,
        "loads": outcome(kind, message),
        "runs": outcome(kind, message),
        "reproduces": outcome(kind, message),
        "tensors": [],
        "seconds": {},
        "peak_memory_bytes": None,
        "words": "",
        "versions": {},
        "image": "",
        "warnings": [],
        "checks": [],
        "pictures": [],
        "artefact": None,
        "repeat": f"accession-check dynamic DIR --weights {weights_format}",
    }


def without_image(weights_format: str, why: Untried) -> Json:
    """There is no image to run these weights in."""
    others = why.message if why.kind == "errored" else "Not tried: there is no image to run the model in."
    answer = untried(weights_format, others, "errored" if why.kind == "errored" else "skipped")
    answer["loads"] = outcome(why.kind, why.message, why.detail)
    return answer | ({"awaits": why.awaits} if why.awaits else {})


def stopped(weights_format: str, message: str) -> Json:
    """The box that ran the model ended badly, and so never said how far it had come."""
    return untried(weights_format, "Not known: the box was stopped.") | {"runs": outcome("failed", message)}


def produced(weights_format: str, said: Any) -> Json:
    """What the box says of loading and running; `NotPlainError` where it says something else."""
    if not isinstance(said, dict):
        raise plain_json.NotPlainError("is no object")
    answer = untried(weights_format, "Not compared: the model did not run.")
    for part in ("loads", "runs"):
        answer[part] = plain_json.validate_part(said.get(part), "report", "outcome")
    if answer["runs"]["outcome"] == "passed" and answer["loads"]["outcome"] != "passed":
        raise plain_json.NotPlainError("runs what it did not load")
    answer["seconds"] = _numbers(said.get("seconds"))
    answer["versions"] = _texts(said.get("versions"))
    return answer


def judged(answer: Json, verdict: Any) -> Json:
    """With the judge's answer; `NotPlainError` where it is none."""
    if not isinstance(verdict, dict) or not isinstance(verdict.get("tensors"), list):
        raise plain_json.NotPlainError("is no verdict")
    tensors = [plain_json.validate_part(tensor, "report", "tensor") for tensor in verdict["tensors"]]
    reproduces = plain_json.validate_part(verdict.get("reproduces"), "report", "outcome")
    if reproduces["outcome"] == "passed" and not all(tensor["outcome"]["outcome"] == "passed" for tensor in tensors):
        raise plain_json.NotPlainError("passes without its tensors")
    return answer | {"reproduces": reproduces, "tensors": tensors[:_TENSORS]}


def with_words(answer: Json, words: str, peak: int | None) -> Json:
    """With what the box printed of itself: untrusted, shown as such."""
    return answer | {"words": words[-_WORDS:], "peak_memory_bytes": peak}


def _numbers(said: Any) -> dict[str, float]:
    items = said.items() if isinstance(said, dict) else ()
    kept = [(name[:_VERSION], float(value)) for name, value in items if type(value) in {int, float} and value >= 0]
    return dict(kept[:_SECONDS])


def _texts(said: Any) -> Mapping[str, str]:
    items = said.items() if isinstance(said, dict) else ()
    return dict([(name[:_VERSION], value[:_VERSION]) for name, value in items if isinstance(value, str)][:_VERSIONS])
