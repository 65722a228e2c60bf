"""Has what different weight formats of one model produced compared with each other, in a box that meets no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.checking import box_ends, expected, weights_report
from bot.checking.outputs import TEST
from bot.checking.run_box import frame_json, run_box
from bot.errors import GatewayError
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.checking.bench import Bench
    from bot.checking.outputs import Outputs, Tested
    from bot.checking.prepared import Prepared
    from bot.ports import Json
    from bot.records.job import Job

_MOST = 64


def comparable(prepared: Prepared, tested: Mapping[str, Tested]) -> dict[str, Outputs]:
    """Formats that produced the same outputs as the first one that ran; none where there is nothing to compare.

    An image that makes no plan of further runs does not know how to compare.
    """
    ran = {name: one.outputs for name, one in tested.items() if one.comparable}
    first = next(iter(ran.values()), {})
    alike = {name: made for name, made in ran.items() if made[TEST].keys() == first[TEST].keys()}
    return alike if prepared.plan and len(alike) > 1 else {}


def compare_formats(bench: Bench, job: Job, prepared: Prepared, produced: Mapping[str, Outputs]) -> list[Json]:
    """The report's `comparisons`; one alone, that says why, where there are none."""
    try:
        return _compare(bench, job, prepared, produced)
    except GatewayError as error:
        return [_unmade(produced, "errored", error.message)]


def _compare(bench: Bench, job: Job, prepared: Prepared, produced: Mapping[str, Outputs]) -> list[Json]:
    inputs, names = expected.for_compare(prepared, produced)
    asked = {"verb": "compare", "spec": expected.SPEC, "formats": names, "tolerance": job.policy["tolerance"]}
    heard = run_box(bench, asked, inputs, job.limits.box())
    if heard.run.end is BoxEnd.DONE:
        return _comparisons(frame_json(bench, heard, "comparisons"))
    if box_ends.is_contributors("compare", heard.run):
        return [_unmade(produced, "failed", box_ends.sentence("compare", heard.run))]
    raise box_ends.ours("compare", heard.run)


def _comparisons(said: Any) -> list[Json]:
    try:
        found = [plain_json.validate_part(one, "report", "comparison") for one in said]
    except (plain_json.NotPlainError, TypeError) as error:
        message = f"The box's comparisons are none ({type(error).__name__})."
        raise GatewayError(message, reason="box-answer", transient=False) from None
    return found[:_MOST]


def _unmade(produced: Mapping[str, Outputs], kind: str, message: str) -> Json:
    formats = list(produced)[:2]
    outcome = weights_report.outcome(kind, message)
    return {"formats": formats, "run": TEST, "outcome": outcome, "max_abs": None, "mismatch_ppm": 0}
