"""The verb `prepare`: fetch an upload, have it described, fetch what it names. Twice is once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import prepared
from bot.checking.describe_upload import describe_upload
from bot.checking.fetch_package import fetch_package
from bot.checking.fetch_time import FetchTime
from bot.checking.prepared import Prepared
from bot.errors import ContributorError, GatewayError

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.ports import Json
    from bot.records.job import Job

PASSING_SECONDS = 600.0
"""How long a refusal or a file's problem is believed: a remote file may come back by itself."""


def prepare(bench: Bench, job: Job) -> Json:
    """The answer, of `schemas/submission.schema.json`; never raises for the upload or the network."""
    try:
        return prepare_facts(bench.for_one(), job).submission
    except GatewayError as error:
        return prepared.errored(error.reason, error.message)


def prepare_facts(bench: Bench, job: Job) -> Prepared:
    """The answer with what `check` needs beyond it; raises `GatewayError`, and then remembers nothing."""
    key = job_key(bench, job)
    with bench.locks.hold(key):
        known = _known(bench, key)
        if known is not None:
            return known
        facts = _prepare(bench, job)
        bench.shelf.put("prepared", key, facts.as_json())
        return facts


def job_key(bench: Bench, job: Job) -> str:
    """Everything that the facts depend on: the files, the override, the limits, and what reads them."""
    files = [asdict(file) for file in job.files]
    override = None if job.override is None else job.override.hex()
    return plain_json.digest([bench.reading(), files, override, asdict(job.limits)])


def _known(bench: Bench, key: str) -> Prepared | None:
    for max_age in (PASSING_SECONDS, None):
        value = bench.shelf.get("prepared", key, max_age=max_age)
        facts = None if value is None else Prepared.from_json(value)
        if facts is not None and (facts.settled or max_age) and all(bench.cache.path(blob) for blob in facts.blobs()):
            return facts
    return None


def _prepare(bench: Bench, job: Job) -> Prepared:
    time = FetchTime(bench.clock, job.limits.fetch_seconds)
    try:
        described = describe_upload(bench, job, time)
        references = fetch_package(bench, job, described, time)
    except ContributorError as refusal:
        return prepared.refused(refusal.reason, refusal.message)
    submission = prepared.described(described.description, references)
    formats = described.description["resource"]["weights"]
    rdfs = tuple((name, described.box_rdfs[name]) for name in formats if name in described.box_rdfs)
    members = tuple((name, blob.size) for name, blob in described.members.items())
    return Prepared(submission, references, described.judge_spec, rdfs, members, described.plan)
