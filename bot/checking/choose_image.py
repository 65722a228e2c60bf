"""Finds the image that a weights entry runs in: has its declaration read, and where it was allowed, an image built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import box_ends, environments, expected
from bot.checking.bench import RULES
from bot.checking.environments import Build, Stock, Untried
from bot.checking.run_box import frame_json, run_box, unlike
from bot.errors import GatewayError
from bot.records.box import BoxEnd
from bot.records.environment import Unsolved

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared, Reference
    from bot.ports import Json
    from bot.records.job import Job

_ROOM = "environments"


def image_for(bench: Bench, job: Job, prepared: Prepared, weights_format: str, stock: str) -> str | Untried:
    """The digest of an image built for these weights, `stock` (that of its kind's) where that serves, or why they are not run.

    Raises `GatewayError` where a box of ours, the engine or the package registry failed.
    """
    reference = environments.declaration(prepared, weights_format)
    if reference is None:
        return stock
    if not reference.usable:
        return environments.unusable(reference)
    answer = _read(bench, job, prepared, reference, stock)
    if isinstance(answer, Untried):
        return answer
    allowed = bool(job.build) and job.build == prepared.submission["content_hash"]
    step = environments.decide(answer, weights_format, allowed=allowed)
    if isinstance(step, Stock):
        return stock
    return _built(bench, step) if isinstance(step, Build) else step


def _built(bench: Bench, step: Build) -> str | Untried:
    if bench.builder is None:
        raise GatewayError(
            "Images are built by a container engine, and there is none.", reason="no-engine", transient=False
        )
    built = bench.builder.build(step.requirements)
    return environments.unsolved(built) if isinstance(built, Unsolved) else built.image


def _read(bench: Bench, job: Job, prepared: Prepared, reference: Reference, stock: str) -> Json | Untried:
    """The box's answer about the image that it runs in; kept by file, place and image, because it depends on nothing else."""
    rdf, pointer = prepared.submission["rdf"]["sha256"], environments.pointer(reference)
    key = plain_json.digest([stock, RULES, rdf, pointer, reference.sha256])
    with bench.locks.hold(f"environment {key}"):
        known = bench.shelf.get(_ROOM, key)
        if known is not None:
            return known
        inputs = {expected.RDF: rdf, environments.FILE: str(reference.sha256)}
        asked = _asked(bench, job, pointer, inputs, stock)
        if not isinstance(asked, Untried):
            bench.shelf.put(_ROOM, key, asked)
        return asked


def _asked(bench: Bench, job: Job, pointer: str, inputs: dict[str, str], stock: str) -> Json | Untried:
    asked = {"verb": "environment", "rdf": expected.RDF, "file": environments.FILE, "pointer": pointer}
    heard = run_box(bench, asked | {"rdf_bytes": job.limits.rdf_bytes}, inputs, job.limits.box(), image=stock)
    if heard.run.end is BoxEnd.DONE:
        try:
            return plain_json.validate(frame_json(bench, heard, "environment"), "environment")
        except plain_json.NotPlainError as error:
            raise unlike(str(error)) from None
    if box_ends.is_contributors("environment", heard.run):
        return Untried("failed", box_ends.sentence("environment", heard.run))
    raise box_ends.ours("environment", heard.run)
