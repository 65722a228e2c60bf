"""One weight format's part of the report: loads, runs, reproduces, and the evidence. Pure; `schemas/report.schema.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.checking.outputs import FURTHER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.checking.environments import Untried
    from bot.ports import Json
    from bot.records.blob import Blob

_MESSAGE, _DETAIL, _WORDS, _TENSORS, _CHECKS = 2000, 8000, 4000, 32, 8
_SECONDS, _VERSIONS, _VERSION = 16, 32, 64
_WARNINGS, _WARNING = 20, 300
_PICTURE = "picture-"
ANSWERS = ("loads", "runs", "reproduces")
NOT_SAID = "Not known: the box said nothing of it."
NOT_ASKED = "Not run: this collection gives further runs no time."


@dataclass(frozen=True)
class Extras:
    """What the producing box says of its further runs: untrusted, handed on to the judge."""

    outcomes: Mapping[str, Json] = field(default_factory=dict)
    """By run."""
    steady_seconds: float | None = None
    warnings: tuple[str, ...] = ()


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
    answer["warnings"] = list(_warnings(said.get("warnings")))
    return answer


def extras(said: Any) -> Extras:
    """What the box says of its further runs; what is no such answer counts as not said."""
    said = said if isinstance(said, dict) else {}
    runs = said.get("runs") if isinstance(said.get("runs"), dict) else {}
    outcomes = {run: _said(runs.get(run)) for run in FURTHER}
    steady = _numbers({"steady": said.get("steady_seconds")}).get("steady")
    return Extras(outcomes, steady, _warnings(said.get("warnings")))


def unmade(runs: Sequence[str], sentence: str, kind: str) -> Extras:
    """Of a box that ended at the first of these runs, and came to none after it."""
    first = {run: outcome(kind, sentence) for run in runs[:1]}
    return Extras(first | {run: outcome("skipped", "Not run: the box had ended before.") for run in runs[1:]})


def unasked() -> Extras:
    """Where the collection gives further runs no time."""
    return Extras({run: outcome("skipped", NOT_ASKED) for run in FURTHER})


def with_extras(answer: Json, said: Extras) -> Json:
    """With what else the box measured and what its libraries warned of."""
    steady = {} if said.steady_seconds is None else {"steady": said.steady_seconds}
    warnings = list(dict.fromkeys([*answer["warnings"], *said.warnings]))[:_WARNINGS]
    return answer | {"seconds": answer["seconds"] | steady, "warnings": warnings}


def judged(answer: Json, verdict: Any) -> Json:
    """With the judge's answer; `NotPlainError` where it is none."""
    if not isinstance(verdict, dict) or not isinstance(verdict.get("tensors"), list):
        raise plain_json.NotPlainError("is no verdict")
    tensors = [plain_json.validate_part(tensor, "report", "tensor") for tensor in verdict["tensors"]]
    reproduces = plain_json.validate_part(verdict.get("reproduces"), "report", "outcome")
    if reproduces["outcome"] == "passed" and not all(tensor["outcome"]["outcome"] == "passed" for tensor in tensors):
        raise plain_json.NotPlainError("passes without its tensors")
    checks = [plain_json.validate_part(check, "report", "check") for check in verdict.get("checks") or ()]
    return answer | {"reproduces": reproduces, "tensors": tensors[:_TENSORS], "checks": checks[:_CHECKS]}


def with_evidence(answer: Json, frames: Mapping[str, Blob]) -> Json:
    """With the judge's pictures, each called by the output that it shows, and the zip of the produced tensors."""
    pictures = [
        {"output": tensor["name"], "sha256": frames[name].sha256, "size": frames[name].size}
        for index, tensor in enumerate(answer["tensors"])
        if (name := f"{_PICTURE}{index}") in frames
    ]
    artefact = frames.get("artefact")
    named = {"sha256": artefact.sha256, "size": artefact.size} if artefact else None
    return answer | {"pictures": pictures, "artefact": named}


def with_words(answer: Json, words: str, peak: int | None) -> Json:
    """With what the box printed of itself: untrusted, shown as such."""
    return answer | {"words": words[-_WORDS:], "peak_memory_bytes": peak}


def answers(weights: Json) -> list[Json]:
    """Every outcome that counts: the three answers, then the checks beyond them."""
    return [*(weights[name] for name in ANSWERS), *(check["outcome"] for check in weights["checks"])]


def is_errored(weights: Json) -> bool:
    """Ours is among them: not to be remembered."""
    return any(answer["outcome"] == "errored" for answer in answers(weights))


def evidence(weights: Json) -> list[str]:
    """Blobs that this part of the report names."""
    named = [*weights["pictures"], *([weights["artefact"]] if weights["artefact"] else [])]
    return [one["sha256"] for one in named]


def _said(run: Any) -> Json:
    try:
        found: Json = plain_json.validate_part(
            run.get("outcome") if isinstance(run, dict) else None, "report", "outcome"
        )
    except plain_json.NotPlainError:
        return outcome("skipped", NOT_SAID)
    return found


def _numbers(said: Any) -> dict[str, float]:
    items = said.items() if isinstance(said, dict) else ()
    kept = [(name[:_VERSION], float(value)) for name, value in items if type(value) in {int, float} and value >= 0]
    return dict(kept[:_SECONDS])


def _texts(said: Any) -> Mapping[str, str]:
    items = said.items() if isinstance(said, dict) else ()
    return dict([(name[:_VERSION], value[:_VERSION]) for name, value in items if isinstance(value, str)][:_VERSIONS])


def _warnings(said: Any) -> tuple[str, ...]:
    items = said if isinstance(said, list) else []
    return tuple(text[:_WARNING] for text in items if isinstance(text, str))[:_WARNINGS]
