"""Makes an answer small enough to be sent: less text first, then fewer findings, always saying how many. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import prepared, weights_report

if TYPE_CHECKING:
    from bot.ports import Json

_SHORT = 400


def fit_report(report: Json, *, limit: int = plain_json.MAX_ANSWER_BYTES) -> Json:
    """The same report in at most `limit` bytes."""
    if _size(report) <= limit:
        return report
    report = report | {"weights": [_shorter(one) for one in report["weights"]]}
    while _size(report) > limit and report["findings"]:
        kept = report["findings"][: len(report["findings"]) // 2]
        dropped = len(report["findings"]) - len(kept)
        report = report | {"findings": kept, "findings_left_out": report["findings_left_out"] + dropped}
    if _size(report) > limit:
        report = report | {"weights": [one | {"tensors": one["tensors"][:4], "words": ""} for one in report["weights"]]}
    return report


def fit_submission(submission: Json, *, limit: int = plain_json.MAX_ANSWER_BYTES) -> Json:
    """A list of files cannot be cut without lying; one that is too long is refused with a sentence."""
    if _size(submission) <= limit:
        return submission
    message = "The names and addresses of its files are too long together: use shorter ones, or fewer files."
    return prepared.refused("description-too-long", message).submission


def _shorter(weights: Json) -> Json:
    cut = {name: _outcome(weights[name]) for name in ("loads", "runs", "reproduces")}
    tensors = [tensor | {"outcome": _outcome(tensor["outcome"])} for tensor in weights["tensors"]]
    return weights | cut | {"tensors": tensors, "words": weights["words"][-_SHORT:]}


def _outcome(outcome: Json) -> Json:
    return weights_report.outcome(outcome["outcome"], outcome["message"][:_SHORT], outcome["detail"][-_SHORT:])


def _size(value: Json) -> int:
    return len(plain_json.dumps(value))
