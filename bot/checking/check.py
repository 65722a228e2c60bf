"""The verb `check`: prepare, rules, then each weight format; the same content is never judged twice."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import expected, report_file, weights_report
from bot.checking.bench import RULES
from bot.checking.check_dynamic import check_dynamic
from bot.checking.check_static import check_static
from bot.checking.prepare import prepare_facts
from bot.checking.report_file import Frame
from bot.errors import ContributorError, GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    watch = _Watch()
    frame = Frame(unread_hash(job), "", RULES)
    try:
        frame = Frame(unread_hash(job), _image(bench), RULES)
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
    parts = [content_hash, bench.environment(), job.policy]
    return plain_json.digest([*parts, "build"] if job.build == content_hash else parts)


def _judged_once(bench: Bench, job: Job, prepared: Prepared, frame: Frame, watch: _Watch) -> Json:
    key = verdict_key(bench, job, frame.content_hash)
    with bench.locks.hold(key):
        known = bench.shelf.get("verdicts", key)
        if known is not None:
            return known
        report = _judge(bench, job, prepared, frame, watch)
        if report["outcome"] != "errored":
            bench.shelf.put("verdicts", key, report)
        return report


def _judge(bench: Bench, job: Job, prepared: Prepared, frame: Frame, watch: _Watch) -> Json:
    kind = prepared.submission["resource"]["type"]
    if kind == "model":
        for verb in ("produce", "judge"):
            bench.boxes.prewarm(verb, job.limits.box())
    with watch.step("static"):
        findings, left_out = check_static(bench, job, prepared)
    with watch.step("dynamic"):
        weights = _dynamic(bench, job, prepared, findings) if kind == "model" else []
    return report_file.assemble(
        frame, kind=kind, findings=findings, left_out=left_out, weights=weights, seconds=watch.seconds
    )


def _dynamic(bench: Bench, job: Job, prepared: Prepared, findings: list[Json]) -> list[Json]:
    """One format after the other; two at a time where there are cpus for both."""

    def one(weights_format: str) -> Json:
        if expected.blocked(findings, weights_format):
            return weights_report.untried(
                weights_format, "Not run: first mend the errors in inputs, outputs and weights."
            )
        return check_dynamic(bench, job, prepared, weights_format)

    at_once = 2 if (os.cpu_count() or 1) >= 2 * job.limits.box_cpus else 1
    with ThreadPoolExecutor(at_once, thread_name_prefix="format") as pool:
        return list(pool.map(one, prepared.submission["resource"]["weights"]))


def _image(bench: Bench) -> str:
    image = bench.image()
    return "process" if image.startswith("process") else image
