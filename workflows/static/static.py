"""The verb: look at the RDF with every rule and tell what was found, in the order of its lines."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workflows.describe.answer import Refusal
from workflows.describe.choose import choose_rdf
from workflows.describe.facts import resource_type
from workflows.document import Document, load
from workflows.static.context import Context
from workflows.static.finding import FileFact, Finding
from workflows.static.rulebook import CHECKS, checks_of

Emit = Callable[[str, bytes], None]
_MOST = 500  # findings in one report


def run(job: Mapping[str, Any], inputs: Path, emit: Emit) -> None:
    """Check one RDF (BOXES.md, `static`)."""
    document = load((inputs / str(job["rdf"])).read_bytes())
    facts = {str(file["source"]): _fact(file, inputs) for file in job["files"]}
    found = look(context_of(document, facts, [str(file["name"]) for file in job["listing"]], job["policy"]))
    answer = {"findings": [finding.as_json() for finding in found[:_MOST]], "left_out": max(0, len(found) - _MOST)}
    emit("findings", json.dumps(answer, ensure_ascii=False).encode())


def check_folder(folder: Path, rdf_name: str | None = None) -> list[dict[str, Any]]:
    """All findings about the RDF in a folder of the contributor's own; remote files are not looked at."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    name = rdf_name or choose_rdf(names)
    if isinstance(name, Refusal):
        return [Finding("error", name.reason, "", name.message, "Keep exactly one RDF in the folder.").as_json()]
    document = load((folder / name).read_bytes())
    context = context_of(document, {}, names, {})
    local = {
        reference.source: _local_fact(folder, reference.source)
        for reference in context.references
        if reference.source.removeprefix("./") in context.listing
    }
    return [finding.as_json() for finding in look(replace(context, files=local))]


def context_of(
    document: Document,
    files: Mapping[str, FileFact],
    names: Iterable[str],
    policy: Mapping[str, Any],
    *,
    package: bool = True,
) -> Context:
    """What the rules may look at; nothing but the document where that is no mapping."""
    if not isinstance(document.data, dict):
        return Context(document)
    data = document.data
    return Context(
        document,
        data,
        resource_type(data),
        ".".join(str(data.get("format_version", "")).split(".")[:2]),
        files,
        frozenset(names),
        policy,
        package,
    )


def look(context: Context) -> list[Finding]:
    """Every rule's findings with their places, by line; rules of one line keep the order of `CHECKS`."""
    mapping = isinstance(context.document.data, dict)
    rules = checks_of(context.kind, context.family, files=context.package) if mapping else CHECKS[:1]
    found = [_placed(finding, context.document) for check in rules for finding in check.look(context)]
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))


def _placed(finding: Finding, document: Document) -> Finding:
    place = document.position(finding.pointer) if finding.line is None and finding.pointer else None
    return replace(finding, line=place[0], column=place[1]) if place else finding


def _fact(file: Mapping[str, Any], inputs: Path) -> FileFact:
    local = file.get("local")
    return FileFact(inputs / str(local) if local else None, file.get("size"), file.get("sha256"), file.get("problem"))


def _local_fact(folder: Path, source: str) -> FileFact:
    path = folder / source
    with path.open("rb") as file:
        return FileFact(path, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
