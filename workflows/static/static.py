"""The verb: look at the RDF with every rule and tell what was found, in the order of its lines."""

import hashlib
import json
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workflows.describe.answer import Refusal
from workflows.describe.choose import choose_rdf
from workflows.document import Document, load
from workflows.read_file import is_file
from workflows.static.context import Context
from workflows.static.family import family_of
from workflows.static.finding import FileFact, Finding
from workflows.static.rulebook import UNREAD, checks_of
from workflows.static.told_once import told_once

Emit = Callable[[str, bytes], None]
_MOST = 500  # findings in one report
_MOST_FILES = 10_000  # that are listed of one folder: it may be somebody's whole disk


def run(job: Mapping[str, Any], inputs: Path, emit: Emit) -> None:
    """Check one RDF (BOXES.md, `static`)."""
    document = load((inputs / str(job["rdf"])).read_bytes())
    facts = {str(file["source"]): _fact(file, inputs) for file in job["files"]}
    found = look(context_of(document, facts, [str(file["name"]) for file in job["listing"]], job["policy"]))
    answer = {"findings": [finding.as_json() for finding in found[:_MOST]], "left_out": max(0, len(found) - _MOST)}
    emit("findings", json.dumps(answer, ensure_ascii=False).encode())


def check_folder(folder: Path, rdf_name: str | None = None) -> list[dict[str, Any]]:
    """All findings about the RDF in a folder of the contributor's own; remote files are not looked at."""
    name = rdf_name or choose_rdf(listed(folder))
    if isinstance(name, Refusal):
        return [Finding("error", name.reason, "", name.message, "Keep exactly one RDF in the folder.").as_json()]
    document = load((folder / name).read_bytes())
    return [finding.as_json() for finding in look(in_folder(context_of(document, {}, (), {}), folder))]


def in_folder(context: Context, folder: Path) -> Context:
    """The same with the files of the folder around it."""
    names = frozenset(listed(folder))
    named = {reference.source for reference in context.references}
    local = {source: _local_fact(folder, source) for source in sorted(named) if posixpath.normpath(source) in names}
    return replace(context, files=local, listing=names, package=True)


def listed(folder: Path) -> list[str]:
    """The files in a folder and below it, relative to it; of a folder with very many only the first."""
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        paths = (Path(place, name) for name in names)
        found += [path.relative_to(folder).as_posix() for path in paths if is_file(path)]
        if len(found) > _MOST_FILES:
            break
    return sorted(found)


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
    family = family_of(data)
    return Context(
        document,
        data,
        family.kind,
        family.version,
        family.name,
        files,
        frozenset(names),
        policy,
        package,
    )


def look(context: Context) -> list[Finding]:
    """Every rule's findings with their places, by line; rules of one line keep the order of `CHECKS`."""
    readable = isinstance(context.document.data, dict)
    checks = checks_of(context.kind, context.family, files=context.package) if readable else UNREAD
    told = told_once([finding for check in checks for finding in check.look(context)])
    found = [_placed(finding, context.document) for finding in told]
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))


def _placed(finding: Finding, document: Document) -> Finding:
    place = document.position(finding.pointer) if finding.line is None and finding.pointer else None
    return replace(finding, line=place[0], column=place[1]) if place else finding


def _fact(file: Mapping[str, Any], inputs: Path) -> FileFact:
    local = file.get("local")
    return FileFact(inputs / str(local) if local else None, file.get("size"), file.get("sha256"), file.get("problem"))


def _local_fact(folder: Path, source: str) -> FileFact:
    path = folder / source
    try:
        with path.open("rb") as file:
            return FileFact(path, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        problem = {
            "rule": "unreadable",
            "message": f"It cannot be read ({error.strerror}).",
            "fix": "Make it readable.",
        }
        return FileFact(problem=problem)
