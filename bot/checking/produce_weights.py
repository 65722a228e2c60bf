"""The half of a check that runs models, by itself: for a job that leaves the judging to another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.checking import expected
from bot.checking.check_dynamic import produce
from bot.checking.check_static import check_static
from bot.checking.check_weights import Trial, trial
from bot.checking.choose_image import image_for
from bot.checking.environments import Untried
from bot.checking.prepare import prepare_facts
from bot.errors import ContributorError

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared
    from bot.records.job import Job


def runnable(bench: Bench, job: Job) -> list[str]:
    """Weight formats that a check of this would run, in the RDF's order; none where there is nothing to run.

    Raises `GatewayError` as `prepare_facts` does.
    """
    found = _looked_at(bench, job)
    if found is None:
        return []
    job, prepared, tried = found
    try:
        findings, _ = check_static(bench, job, prepared)
    except ContributorError:
        return []
    return [name for name in tried.images if not expected.blocked(findings, name)]


def produce_weights(bench: Bench, job: Job, weights_format: str) -> bool:
    """Run one weight format as a check of this would; False where it would not. Nothing is judged and nothing is kept here.

    What the box says is the business of whoever records it. Raises `GatewayError` where the fault is ours.
    """
    if weights_format not in runnable(bench, job):
        return False
    found = _looked_at(bench, job)
    if found is None:
        return False
    job, prepared, tried = found
    image = image_for(bench, job, prepared, weights_format, tried.images[weights_format])
    if isinstance(image, Untried):
        return False
    produce(bench, job, prepared, weights_format, image)
    return True


def _looked_at(bench: Bench, job: Job) -> tuple[Job, Prepared, Trial] | None:
    """The job with the limits of its type, as `check` has it; what was found out before is not found out again."""
    prepared = prepare_facts(bench, job)
    if not prepared.described or prepared.submission["resource"]["type"] != "model":
        return None
    job = replace(job, limits=job.limits_for("model"))
    return job, prepared, trial(bench, job, prepared)
