"""The verb `check`: prepare, rules, then the weight formats; the same content is never judged twice."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import expected, report_file
from bot.checking.bench import RULES
from bot.checking.check_dynamic import shown_image
from bot.checking.check_static import check_static
from bot.checking.check_weights import check_weights, trial, warm_up
from bot.checking.prepare import prepare_facts
from bot.checking.report_file import Frame
from bot.errors import ContributorError, GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared
    from bot.ports import Json
    from bot.records.job import Job


@dataclass
class _Watch:
    """Seconds per step."""

    seconds: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - began
            self.seconds["total"] = time.monotonic() - self.began


def check(bench: Bench, job: Job) -> Json:
    """The answer, of `schemas/report.schema.json`; never raises for upload, network, cache or engine."""
    bench, watch = bench.for_one(), _Watch()
    frame = Frame(unread_hash(job), "", RULES)
    try:
        known = _known(bench, job, job.known) if job.known else None
        if known is not None:
            return known
        frame = Frame(unread_hash(job), shown_image(bench.image()), RULES)
        with watch.step("prepare"):
            prepared = prepare_facts(bench, job)
        if not prepared.described:
            submission = prepared.submission
            return report_file.refused(frame, submission["reason"], submission["message"], watch.seconds)
        frame = Frame(prepared.submission["content_hash"], frame.image, RULES)
        return _judged_once(bench, job, prepared, frame, watch)
    except ContributorError as refusal:
        return report_file.refused(frame, refusal.reason, refusal.message, watch.seconds)
    except GatewayError as error:
        return report_file.errored(frame, error.message, watch.seconds)


def unread_hash(job: Job) -> str:
    """Stands for the content where none could be read."""
    return plain_json.digest({"unread": [asdict(file) for file in job.files], "override": (job.override or b"").hex()})


def verdict_key(bench: Bench, job: Job, content_hash: str) -> str:
    """What a verdict depends on: content, image, rules, policy (limits included, they can fail a model).

    And whether images may be built for this content; a word about other content changes nothing.
    """
    parts = [content_hash, bench.reading(), job.policy]
    return plain_json.digest([*parts, "build"] if job.build == content_hash else parts)


def _known(bench: Bench, job: Job, content_hash: str) -> Json | None:
    """The whole verdict, if it was found with the images that its weight formats would be run in today.

    One that was found without leave to build and waits for none is the same with it.
    """
    for asked in (replace(job, build=""), job) if job.build else (job,):
        value = bench.shelf.get("verdicts", verdict_key(bench, asked, content_hash))
        if value is None or value.get("images") != _images(bench, value.get("formats", ())):
            continue
        report: Json = value["report"]
        if asked is job or not any("awaits" in entry for entry in report["weights"]):
            return report
    return None


def _images(bench: Bench, formats: Iterable[str]) -> list[str | None]:
    there = bench.boxes.images()
    return [there.get(expected.RUN_FORMATS[name]) for name in formats]


def _judged_once(bench: Bench, job: Job, prepared: Prepared, frame: Frame, watch: _Watch) -> Json:
    content = frame.content_hash
    with bench.locks.hold(verdict_key(bench, job, content)):
        known = _known(bench, job, content)
        if known is not None:
            return known
        formats = prepared.submission["resource"]["weights"]
        images = _images(bench, formats)
        report = _judge(bench, job, prepared, frame, watch)
        bench.evidence.pin(bench.cache, report_file.evidence(report), days=job.evidence_days)
        if report["outcome"] != "errored":
            kept = {"report": report, "formats": formats, "images": images}
            bench.shelf.put("verdicts", verdict_key(bench, job, content), kept)
        return report


def _judge(bench: Bench, job: Job, prepared: Prepared, frame: Frame, watch: _Watch) -> Json:
    kind = prepared.submission["resource"]["type"]
    job = replace(job, limits=job.limits_for(kind))
    found = trial(bench, job, prepared) if kind == "model" else None
    if found:
        warm_up(bench, job, found)
    with watch.step("static"):
        findings, left_out = check_static(bench, job, prepared)
    weights: list[Json] = []
    comparisons: list[Json] = []
    if found:
        with watch.step("dynamic"):
            weights, comparisons = check_weights(bench, job, prepared, findings, found)
    return report_file.assemble(
        frame,
        kind=kind,
        findings=findings,
        left_out=left_out,
        weights=weights,
        comparisons=comparisons,
        seconds=watch.seconds,
    )
