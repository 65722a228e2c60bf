"""Asks the describe box what an upload is, fetching what it needs to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import box_ends
from bot.checking.candidates import candidates
from bot.checking.fetch_file import fetch_file
from bot.checking.run_box import Heard, frame_json, run_box, unlike
from bot.checking.sources import wanted
from bot.errors import ContributorError
from bot.records.blob import Blob
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.checking.bench import Bench
    from bot.checking.fetch_time import FetchTime
    from bot.ports import Json
    from bot.records.job import Job, SourceFile

OVERRIDE = "override.yaml"
MANIFEST_BYTES = 16 * 1024**2
"""A `model.json` that lists files of its own; `describe` reads no longer one."""
_ROUNDS = 3
_BOX_RDF = "box-rdf-"


@dataclass(frozen=True)
class Described:
    """The description and the blobs that came with it."""

    description: Json
    rdf: str
    judge_spec: str
    plan: str | None
    box_rdfs: Mapping[str, str]
    members: Mapping[str, Blob]


def describe_upload(bench: Bench, job: Job, time: FetchTime) -> Described:
    """Fetches in the time that is left, in which the box's is not counted. Raises `ContributorError` for a refusal and `GatewayError` for what is ours."""
    override = None if job.override is None else bench.cache.add([job.override], limit=len(job.override))
    fetched: dict[str, Blob] = {}
    names = candidates([file.name for file in job.files], overridden=override is not None)
    for _ in range(_ROUNDS):
        for name in names:
            fetched[name] = _fetch(bench, job, name, time)
        with time.stopped():
            heard = _ask(bench, job, fetched, override)
        description = _description(bench, heard)
        if description["outcome"] == "described":
            return _checked(description, heard)
        if description["reason"] != "need-file":
            raise ContributorError(description["message"], reason=description["reason"])
        names = [description["message"]]
    raise unlike("asks for one file after the other")


def _fetch(bench: Bench, job: Job, name: str, time: FetchTime) -> Blob:
    file: SourceFile | None = next((file for file in job.files if file.name == name), None)
    if file is None:
        raise unlike("asks for a file that is not in the upload")
    limits = job.limits
    limit = {"zip": limits.file_bytes, "json": MANIFEST_BYTES}.get(name.lower().rpartition(".")[2], limits.rdf_bytes)
    found = fetch_file(bench, wanted(file), limit=limit, time=time)
    if isinstance(found, Blob):
        return found
    raise ContributorError(f"{found.message} {found.fix}", reason=found.rule)


def _ask(bench: Bench, job: Job, fetched: Mapping[str, Blob], override: Blob | None) -> Heard:
    locals_ = {f"upload-{index}": (name, blob) for index, (name, blob) in enumerate(fetched.items())}
    inputs = {local: blob.sha256 for local, (_, blob) in locals_.items()}
    if override is not None:
        inputs[OVERRIDE] = override.sha256
    asked = {
        "verb": "describe",
        "files": [{"local": local, "name": name, "size": blob.size} for local, (name, blob) in locals_.items()],
        "listing": job.listing(),
        "override": OVERRIDE if override is not None else None,
        "limits": job.limits.for_describe(),
    }
    heard = run_box(bench, asked, inputs, job.limits.box())
    if heard.run.end is BoxEnd.DONE:
        return heard
    if box_ends.is_contributors("describe", heard.run):
        reason = heard.run.end.value.replace(" ", "-")
        raise ContributorError(box_ends.sentence("describe", heard.run), reason=reason)
    raise box_ends.ours("describe", heard.run)


def _description(bench: Bench, heard: Heard) -> Json:
    try:
        return plain_json.validate(frame_json(bench, heard, "description"), "description")
    except plain_json.NotPlainError as error:
        raise unlike(str(error)) from None


def _checked(description: Json, heard: Heard) -> Described:
    """What the box says of its frames must be so: it read hostile files before it said it."""
    frames = heard.frames
    if description["resource"] is None or description["rdf"] is None:
        raise unlike("describes nothing")
    if not {"rdf", "judge-spec"} <= frames.keys() or frames["rdf"].sha256 != description["rdf"]["sha256"]:
        raise unlike("does not bring the RDF that it describes")
    members: dict[str, Blob] = {}
    for member in description["members"]:
        blob = frames.get(member["frame"])
        if blob is None or blob.size != member["size"] or member["name"] in members:
            raise unlike("does not bring the zip's files that it lists")
        members[member["name"]] = blob
    rdfs = {name.removeprefix(_BOX_RDF): blob.sha256 for name, blob in frames.items() if name.startswith(_BOX_RDF)}
    plan = frames["plan"].sha256 if "plan" in frames else None
    return Described(description, frames["rdf"].sha256, frames["judge-spec"].sha256, plan, rdfs, members)
