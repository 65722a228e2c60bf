"""Runs one weight format in a box, then has the result judged in another one, where no contributed code ever ran."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.checking import box_ends, expected, weights_report
from bot.checking.environments import not_starting
from bot.checking.outputs import TEST, Tested, outputs, unmade
from bot.checking.run_box import NOT_READY, frame_json, run_box, unlike
from bot.errors import GatewayError
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.outputs import Outputs
    from bot.checking.prepared import Prepared
    from bot.checking.run_box import Heard
    from bot.ports import Json
    from bot.records.job import Job

_SEED_BYTES = 6
"""An exact number in every reader of JSON."""


def check_dynamic(
    bench: Bench, job: Job, prepared: Prepared, weights_format: str, image: str, *, own: bool = False
) -> Tested:
    """One entry of the report's `weights`, by the image of that digest; what goes wrong on our side is `errored` there.

    `own`: the image was built for these weights, so that it is their declaration's fault where it ends before it is ready.
    """
    try:
        return _check(bench, job, prepared, weights_format, image, own=own)
    except GatewayError as error:
        return Tested(weights_report.untried(weights_format, error.message, kind="errored"), {})


def seed(bench: Bench, prepared: Prepared) -> int:
    """Of the noise: the same for all formats of one content, and for nobody to know before a box is told."""
    content = prepared.submission["content_hash"].encode()
    return int.from_bytes(hmac.digest(bench.secret, content, hashlib.sha256)[:_SEED_BYTES], "big")


def produce(bench: Bench, job: Job, prepared: Prepared, weights_format: str, image: str) -> Heard:
    """Run the model where nothing is known of what it should say: the one meeting with foreign code."""
    asked = {
        "verb": "produce",
        "rdf": expected.RDF,
        "format": weights_format,
        "files": expected.weights_files(prepared, weights_format),
        "plan": expected.PLAN if prepared.plan else None,
        "seed": seed(bench, prepared),
        "extra_seconds": job.limits.extra_seconds(),
    }
    inputs = expected.for_produce(prepared, weights_format)
    return run_box(bench, asked, inputs, job.limits.box(), image=image)


def _check(bench: Bench, job: Job, prepared: Prepared, weights_format: str, image: str, *, own: bool) -> Tested:
    try:
        heard = produce(bench, job, prepared, weights_format, image)
    except GatewayError as error:
        if own and error.reason == NOT_READY:
            return Tested(weights_report.without_image(weights_format, not_starting(error.message)), {})
        raise
    made = outputs(heard.frames)
    whole = expected.expected_outputs(prepared).keys() <= made.get(TEST, {}).keys()
    answer = _produced(bench, heard, weights_format, whole=whole)
    extras = _extras(bench, prepared, heard, made) if job.limits.extra_seconds() else weights_report.unasked()
    answer = weights_report.with_extras(answer, extras)
    answer = weights_report.with_words(answer, heard.run.words, heard.run.peak_memory_bytes)
    answer |= {"seconds": answer["seconds"] | {"produce": round(heard.run.seconds, 3)}, "image": shown_image(image)}
    if answer["runs"]["outcome"] != "passed":
        return Tested(answer, {})
    return Tested(_judge(bench, job, prepared, made, answer, dict(extras.outcomes)), made)


def shown_image(image: str) -> str:
    """As the report says it."""
    return "process" if image.startswith("process") else image


def _produced(bench: Bench, heard: Heard, weights_format: str, *, whole: bool) -> Json:
    """From here the box has met foreign code: what it says wrongly is the contributor's too.

    What it had said in whole before it ended stands.
    """
    sentence = box_ends.sentence("produce", heard.run)
    bad = heard.run.end is not BoxEnd.DONE
    if bad and "produced" not in heard.frames:
        return weights_report.stopped(weights_format, sentence)
    try:
        answer = weights_report.produced(weights_format, frame_json(bench, heard, "produced"))
    except plain_json.NotPlainError as error:
        return weights_report.stopped(weights_format, f"The box's answer {error}.")
    except GatewayError as error:
        if error.transient:
            raise
        return weights_report.stopped(weights_format, error.message)
    if bad and not whole and answer["runs"]["outcome"] == "passed":
        return weights_report.stopped(weights_format, sentence)
    return answer


def _extras(bench: Bench, prepared: Prepared, heard: Heard, made: Outputs) -> weights_report.Extras:
    """What the box says of its further runs, or how it ended before it could; an image without plans makes none."""
    said: Any = None
    if "extras" in heard.frames:
        try:
            said = frame_json(bench, heard, "extras")
        except GatewayError as error:
            if error.transient:
                raise
    elif prepared.plan is None:
        return weights_report.Extras()
    elif heard.run.end is not BoxEnd.DONE:
        # the time for them is ours: a model that needs longer has not failed; what else ends a box is the model's doing
        kind = "skipped" if heard.run.end is BoxEnd.TIME else "failed"
        return weights_report.unmade(unmade(made), box_ends.sentence("produce", heard.run), kind)
    return weights_report.extras(said)


def _judge(bench: Bench, job: Job, prepared: Prepared, made: Outputs, answer: Json, said: dict[str, Json]) -> Json:
    inputs, names = expected.for_judge(prepared, made)
    asked = {
        "verb": "judge",
        "spec": expected.SPEC,
        "format": answer["format"],
        "said": said,
        "tolerance": job.policy["tolerance"],
    }
    heard = run_box(bench, asked | names, inputs, job.limits.box())
    answer = answer | {"seconds": answer["seconds"] | {"judge": round(heard.run.seconds, 3)}}
    if heard.run.end is BoxEnd.DONE:
        try:
            answer = weights_report.judged(answer, frame_json(bench, heard, "verdict"))
        except plain_json.NotPlainError as error:
            raise unlike(str(error)) from None
        return weights_report.with_evidence(answer, heard.frames)
    if box_ends.is_contributors("judge", heard.run):
        return answer | {"reproduces": weights_report.outcome("failed", box_ends.sentence("judge", heard.run))}
    raise box_ends.ours("judge", heard.run)
