"""Runs one weight format in a box, then has the result judged in another one, where no contributed code ever ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import box_ends, expected, weights_report
from bot.checking.choose_image import image_for
from bot.checking.environments import Untried, not_starting
from bot.checking.run_box import NOT_READY, frame_json, run_box, unlike
from bot.errors import GatewayError
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared
    from bot.checking.run_box import Heard
    from bot.ports import Json
    from bot.records.job import Job

_TENSOR = "tensor-"


def check_dynamic(bench: Bench, job: Job, prepared: Prepared, weights_format: str) -> Json:
    """One entry of the report's `weights`; what goes wrong on our side is an entry that says `errored`."""
    if weights_format not in expected.RUN_FORMATS:
        return weights_report.untried(weights_format, "Not run yet by this version.")
    obstacle = expected.obstacle(prepared, weights_format)
    if obstacle:
        return weights_report.untried(weights_format, obstacle)
    try:
        image = image_for(bench, job, prepared, weights_format)
        if isinstance(image, Untried):
            return weights_report.without_image(weights_format, image)
        return _check(bench, job, prepared, weights_format, image)
    except GatewayError as error:
        return weights_report.untried(weights_format, error.message, kind="errored")


def _check(bench: Bench, job: Job, prepared: Prepared, weights_format: str, image: str) -> Json:
    asked = {"verb": "produce", "rdf": expected.RDF, "format": weights_format}
    try:
        heard = run_box(bench, asked, expected.for_produce(prepared, weights_format), job.limits.box(), image=image)
    except GatewayError as error:
        if image and error.reason == NOT_READY:
            return weights_report.without_image(weights_format, not_starting(error.message))
        raise
    answer = _produced(bench, heard, weights_format) | ({"image": image} if image else {})
    answer["seconds"] |= {"produce": round(heard.run.seconds, 3)}
    answer = weights_report.with_words(answer, heard.run.words, heard.run.peak_memory_bytes)
    return _judge(bench, job, prepared, heard, answer) if answer["runs"]["outcome"] == "passed" else answer


def _produced(bench: Bench, heard: Heard, weights_format: str) -> Json:
    """From here the box has met foreign code: what it says wrongly is the contributor's too."""
    if heard.run.end is not BoxEnd.DONE:
        return weights_report.stopped(weights_format, box_ends.sentence("produce", heard.run))
    try:
        return weights_report.produced(weights_format, frame_json(bench, heard, "produced"))
    except plain_json.NotPlainError as error:
        return weights_report.stopped(weights_format, f"The box's answer {error}.")
    except GatewayError as error:
        if error.transient:
            raise
        return weights_report.stopped(weights_format, error.message)


def _judge(bench: Bench, job: Job, prepared: Prepared, produced: Heard, answer: Json) -> Json:
    tensors = {
        int(name.removeprefix(_TENSOR)): blob.sha256
        for name, blob in produced.frames.items()
        if name.startswith(_TENSOR)
    }
    inputs, names = expected.for_judge(prepared, tensors)
    asked = {"verb": "judge", "spec": expected.SPEC, "format": answer["format"], "tolerance": job.policy["tolerance"]}
    heard = run_box(bench, asked | names, inputs, job.limits.box())
    answer = answer | {"seconds": answer["seconds"] | {"judge": round(heard.run.seconds, 3)}}
    if heard.run.end is BoxEnd.DONE:
        try:
            return weights_report.judged(answer, frame_json(bench, heard, "verdict"))
        except plain_json.NotPlainError as error:
            raise unlike(str(error)) from None
    if box_ends.is_contributors("judge", heard.run):
        return answer | {"reproduces": weights_report.outcome("failed", box_ends.sentence("judge", heard.run))}
    raise box_ends.ours("judge", heard.run)
