"""Rebuild `collection.json` on the publish branch: one commit for any number of merges, none when nothing changed.

Entries are read by blob sha and kept in the local store, so that one changed entry of 10,000 costs one read. An entry whose
pull request came without an entry.yaml (opened by hand) is derived first.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import structlog
from jsonschema import Draft202012Validator

from bot.digests import blob_sha
from bot.errors import GatewayError
from bot.publishing.collection import PATH, collection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github_port import GitHub
    from bot.ports import Store
    from bot.records.github import TreeFile

_ROOM = "entries"
_TRIES = 3
_ENTRIES = "collection/entries/"

log = structlog.get_logger()


def build_collection(github: GitHub, store: Store, name: str, branch: str, hidden: frozenset[str]) -> str | None:
    """The sha of the publishing commit, None when the file stood already as it should. Tries again when somebody was faster."""
    for _ in range(_TRIES):
        base = github.ref(f"heads/{github.default_branch()}") or ""
        files = {file.path: file for file in github.folder(base, "collection")}
        found = entries(github, store, files)
        content = collection(name, found, hidden)
        standing = _standing(github, files, branch)
        if standing == blob_sha(content) or not (standing or found):
            return None
        message = f"Publish the collection\n\nFrom: {base}\n"
        commit = github.put_file(branch=branch, path=PATH, content=content, message=message, old=standing)
        if commit:
            log.info("collection_published", commit=commit, source=base)
            return commit
    raise GatewayError(
        "The collection's branch keeps moving; it is published by the next run.", reason="publish-race", transient=True
    )


def _standing(github: GitHub, files: Mapping[str, TreeFile], branch: str) -> str | None:
    """Git blob sha of the published file; no request of its own where it is published to the base branch."""
    if branch == github.default_branch():
        return files[PATH].sha if PATH in files else None
    found = github.file(PATH, branch)
    return found[0] if found else None


def entries(github: GitHub, store: Store, files: Mapping[str, TreeFile]) -> list[dict[str, Any]]:
    """All entries among the base branch's files, with the sha256 of the rdf.yaml that stands beside them; unreadable ones are left out loudly."""
    found = []
    for path, file in sorted(files.items()):
        folder, _, leaf = path.rpartition("/")
        rdf = files.get(f"{folder}/rdf.yaml")
        if leaf == "entry.yaml" and rdf:
            entry = _cached(github, store, file, rdf)
            if entry["problem"]:
                log.error("entry_unreadable", path=path, problem=entry["problem"])
            else:
                found.append(entry["entry"])
    return found


def missing_entries(github: GitHub, base: str) -> tuple[str, ...]:
    """Folders of versions that have an rdf.yaml but no entry.yaml yet."""
    paths = {file.path for file in github.folder(base, "collection")}
    folders = (
        path.removesuffix("/rdf.yaml")
        for path in sorted(paths)
        if path.startswith(_ENTRIES) and path.endswith("/rdf.yaml")
    )
    return tuple(folder for folder in folders if f"{folder}/entry.yaml" not in paths)


def _cached(github: GitHub, store: Store, file: TreeFile, rdf: TreeFile) -> dict[str, Any]:
    key = f"{file.sha}:{rdf.sha}"
    kept = store.get(_ROOM, key)
    if kept is None:
        kept = _read(github, file, rdf)
        store.put(_ROOM, key, kept)
    return kept


def _read(github: GitHub, file: TreeFile, rdf: TreeFile) -> dict[str, Any]:
    """The bot's own JSON, checked against its schema; the rdf.yaml beside it is only hashed."""
    try:
        entry = json.loads(github.blob(file.sha))
        json.dumps(entry, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        return {"entry": None, "problem": f"not the bot's JSON: {error}"}
    broken = next(_validator().iter_errors(entry), None)
    if broken is not None:
        return {"entry": None, "problem": broken.message[:300]}
    return {"entry": {**entry, "rdf_sha256": hashlib.sha256(github.blob(rdf.sha)).hexdigest()}, "problem": ""}


@cache
def _validator() -> Draft202012Validator:
    schema: Mapping[str, Any] = json.loads(resources.files("schemas").joinpath("entry.schema.json").read_text())
    return Draft202012Validator(schema)
