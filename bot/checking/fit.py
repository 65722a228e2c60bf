"""Makes an answer small enough to be sent: less text first, then fewer findings, always saying how many. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.checking import prepared, weights_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Json


@dataclass(frozen=True)
class _Measure:
    """Characters of a text, and members of a list."""

    text: int
    members: int


_STEPS = (_Measure(400, 64), _Measure(200, 8), _Measure(60, 4), _Measure(20, 2))
"""Of the weights' words, the mildest first; text may take twelve bytes a character."""
_WHOLE = frozenset({"format", "image", "outcome", "repeat", "run", "sha256"})
"""Texts that mean nothing when they are cut."""


def fit_report(report: Json, *, limit: int = plain_json.MAX_ANSWER_BYTES) -> Json:
    """The same report in at most `limit` bytes."""
    if _size(report) <= limit:
        return report
    report = _with_shorter_weights(report, _STEPS[0])
    while _size(report) > limit and report["findings"]:
        kept = report["findings"][: len(report["findings"]) // 2]
        dropped = len(report["findings"]) - len(kept)
        report = report | {"findings": kept, "findings_left_out": report["findings_left_out"] + dropped}
    for measure in _STEPS[1:]:
        if _size(report) > limit:
            report = _with_shorter_weights(report, measure)
    return report


def fit_submission(submission: Json, *, limit: int = plain_json.MAX_ANSWER_BYTES) -> Json:
    """A list of files cannot be cut without lying; one that is too long is refused with a sentence."""
    if _size(submission) <= limit:
        return submission
    message = "The names and addresses of its files are too long together: use shorter ones, or fewer files."
    return prepared.refused("description-too-long", message).submission


def _with_shorter_weights(report: Json, measure: _Measure) -> Json:
    weights = [_weights(one, measure) for one in report["weights"]]
    comparisons = [_shorter(one, measure) for one in report["comparisons"]]
    return report | {"weights": weights, "comparisons": _worst_first(comparisons)[: 8 * measure.members]}


def _weights(weights: Json, measure: _Measure) -> Json:
    """Words and details keep their ends, and of checks none is left out."""
    cut: dict[str, Any] = _shorter(weights, measure)
    many = {
        "tensors": _worst_first(weights["tensors"]),
        "pictures": weights["pictures"],
        "warnings": weights["warnings"],
    }
    cut |= {name: [_shorter(one, measure) for one in members[: measure.members]] for name, members in many.items()}
    cut["checks"] = [_shorter(one, measure) for one in weights["checks"]]
    few = {name: dict(list(weights[name].items())[: 4 * measure.members]) for name in ("versions", "seconds")}
    return cut | few | {"words": weights["words"][-measure.text :]}


def _shorter(value: Any, measure: _Measure) -> Any:
    """Every text in it cut to the measure; an outcome's detail keeps its end."""
    if isinstance(value, str):
        return value[: measure.text]
    if isinstance(value, dict):
        if value.keys() == {"outcome", "message", "detail"}:
            detail = value["detail"][-measure.text :]
            return weights_report.outcome(value["outcome"], value["message"][: measure.text], detail)
        return {
            name: one if name in _WHOLE and isinstance(one, str) else _shorter(one, measure)
            for name, one in value.items()
        }
    return value


def _worst_first(members: list[Json]) -> list[Json]:
    """What failed before what passed, else in its order: the failures are what is acted on."""
    return sorted(members, key=lambda one: one["outcome"]["outcome"] != "failed")


def _size(value: Mapping[str, Any]) -> int:
    return len(plain_json.dumps(value))
