"""The verb: from the fetched files of an upload to its description and the frames that go with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workflows.describe import archive
from workflows.describe.answer import Choice, Member, Reference, Refusal
from workflows.describe.box_rdf import box_rdfs
from workflows.describe.bundle import bundle
from workflows.describe.choose import choose, choose_rdf
from workflows.describe.facts import TYPES, resource, resource_type
from workflows.describe.judge_spec import judge_spec
from workflows.describe.plan import plan
from workflows.describe.references import Found, references
from workflows.describe.shards import LONGEST_MANIFEST, manifest_name, shards
from workflows.document import LIMITS, Limits, load

Emit = Callable[[str, bytes], None]
_REFERENCES = 256
_DEFAULT_NAME = "rdf.yaml"


class _RefusedError(Exception):
    """Carries a refusal up to `run`, the only one that answers."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(reason, message[:2000])


def run(job: Mapping[str, Any], inputs: Path, emit: Emit) -> None:
    """Describe an upload (BOXES.md, `describe`): the description comes first, then the frames it announces."""
    try:
        _describe(job, inputs, emit)
    except _RefusedError as refused:
        _emit_json(emit, "description", _description(refused=refused.refusal))


def _describe(job: Mapping[str, Any], inputs: Path, emit: Emit) -> None:
    choice = _choice(job)
    members = _members(job, inputs, choice) if choice.zipped else []
    name, raw = _rdf(job, inputs, choice, members)
    data = _data(raw, name, job["limits"]["rdf_bytes"])
    found = references(data)
    names = {member.name for member in members} or {str(file["name"]) for file in job["listing"]}
    known = references(data, [*_shards(job, inputs, choice, members, found), *bundle(found, names)])
    if len(known) > _REFERENCES:
        message = f"{name!r} names {len(known):,} files; at most {_REFERENCES} are taken: put them into one zip."
        raise _RefusedError("too-many-files", message)
    # everything is made before anything is said: a refusal must stand alone
    contents = _contents(inputs / _local(job, choice.name), members) if members else []
    model = resource_type(data) == "model"
    copies = box_rdfs(data, found) if model else {}
    further = plan(data) if model else None
    rdf = {"name": name[:256], "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
    _emit_json(emit, "description", _description(rdf=rdf, data=data, found=known, members=members))
    emit("rdf", raw)
    _emit_json(emit, "judge-spec", judge_spec(data, found))
    if further:
        _emit_json(emit, "plan", further)
    for weights_format, copy in copies.items():
        emit(f"box-rdf-{weights_format}", copy)
    for index, content in enumerate(contents):
        emit(f"member-{index}", content)


def _choice(job: Mapping[str, Any]) -> Choice:
    """The RDF or the zip; where there is neither (or a tie), a replacement RDF still decides."""
    chosen = choose([str(file["name"]) for file in job["listing"]])
    if isinstance(chosen, Choice):
        return chosen
    if job.get("override"):
        return Choice(_DEFAULT_NAME, zipped=False)
    raise _RefusedError(chosen.reason, chosen.message)


def _rdf(job: Mapping[str, Any], inputs: Path, choice: Choice, members: list[Member]) -> tuple[str, bytes]:
    """Name and bytes of the RDF: the replacement's, the file's, or the zip member's."""
    limit = job["limits"]["rdf_bytes"]
    override = job.get("override")
    name, member = choice.name, None
    if choice.zipped:
        inside = choose_rdf([member.name for member in members])
        if isinstance(inside, Refusal) and not override:
            raise _RefusedError(inside.reason, inside.message)
        name = _DEFAULT_NAME if isinstance(inside, Refusal) else inside
        member = next((member for member in members if member.name == name), None)
    if override:
        return name, _bounded(inputs / str(override), limit, name)
    if not choice.zipped:
        return name, _bounded(inputs / _local(job, name), limit, name)
    assert member is not None  # noqa: S101 - chosen among the members' names
    if member.size > limit:
        raise _too_large(name, member.size, limit)
    return name, _contents(inputs / _local(job, choice.name), [member])[0]


def _members(job: Mapping[str, Any], inputs: Path, choice: Choice) -> list[Member]:
    members = archive.inspect(inputs / _local(job, choice.name), job["limits"])
    if isinstance(members, Refusal):
        raise _RefusedError(members.reason, members.message)
    return members


def _shards(
    job: Mapping[str, Any], inputs: Path, choice: Choice, members: list[Member], found: list[Reference]
) -> list[Found]:
    """What the upload's `model.json` of TensorFlow.js names; asks for it where it is not there yet."""
    by_name = {member.name: member for member in members}
    model = manifest_name(found, by_name or {str(file["name"]) for file in job["listing"]})
    if model is None:
        return []
    if not members:
        with (inputs / _local(job, model)).open("rb") as file:
            return shards(model, file.read(LONGEST_MANIFEST + 1))
    if by_name[model].size > LONGEST_MANIFEST:
        return []
    return shards(model, _contents(inputs / _local(job, choice.name), [by_name[model]])[0])


def _contents(path: Path, members: list[Member]) -> list[bytes]:
    contents = []
    for item in archive.read(path, members):
        if isinstance(item, Refusal):
            raise _RefusedError(item.reason, item.message)
        contents.append(item[1])
    return contents


def _local(job: Mapping[str, Any], name: str) -> str:
    """The local name under which the work side fetched a file; asks for it where it did not."""
    for file in job["files"]:
        if file["name"] == name:
            return str(file["local"])
    raise _RefusedError("need-file", name)


def _bounded(path: Path, limit: int, name: str) -> bytes:
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise _too_large(name, path.stat().st_size, limit)
    return raw


def _too_large(name: str, size: int, limit: int) -> _RefusedError:
    message = f"{name!r} has {size:,} bytes; at most {limit:,} are read: move long text and data to files of their own."
    return _RefusedError("rdf-too-large", message)


def _data(raw: bytes, name: str, limit: int) -> dict[str, Any]:
    """The RDF's fields, or the first problem that keeps it from being read at all."""
    document = load(raw, Limits(size=max(limit, LIMITS.size)))
    if not document.readable:
        problem = document.problems[0]
        where = f" at line {problem.line}, column {problem.column}" if problem.line else ""
        raise _RefusedError("not-yaml", f"{name!r} cannot be read{where}: {problem.message} {problem.fix}")
    if not isinstance(document.data, dict):
        message = f"{name!r} is not a mapping of fields to values: begin it with lines such as 'type: model'."
        raise _RefusedError("not-a-mapping", message)
    kind = resource_type(document.data)
    if kind not in TYPES:
        known = ", ".join(sorted(TYPES))
        said = f"says type {kind[:60]!r}" if kind else "says no type"
        raise _RefusedError("unknown-type", f"{name!r} {said}: write 'type: ' with one of {known}.")
    return document.data


def _description(
    *,
    refused: Refusal | None = None,
    rdf: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    found: list[Reference] | None = None,
    members: list[Member] | None = None,
) -> dict[str, Any]:
    return {
        "schema": "accession/description/1",
        "outcome": "refused" if refused else "described",
        "reason": refused.reason if refused else "",
        "message": refused.message if refused else "",
        "rdf": rdf,
        "resource": None if data is None else resource(data),
        "references": [reference.as_json() for reference in found or []],
        "members": [
            {"frame": f"member-{index}", "name": member.name, "size": member.size}
            for index, member in enumerate(members or [])
        ],
    }


def _emit_json(emit: Emit, name: str, value: dict[str, Any]) -> None:
    emit(name, json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
