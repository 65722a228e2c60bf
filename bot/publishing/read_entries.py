"""What the base branch's files say of the collection: its entries, the ids that are hidden, the versions without an entry.yaml.

Entries are kept in the local store by the blob shas of their two files. What is not kept is read many in one request, so that
an empty store costs a few requests too, and few are held at a time, so that memory does not grow with what is read.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.github_port import GitHub
    from bot.ports import Store
    from bot.records.github import TreeFile

AT_ONCE = 100
"""Files whose bytes are held at a time."""
_ROOM = "entries"
_ENTRIES = "collection/entries/"
_STATUSES = frozenset({b"status: blocked", b"status: withdrawn"})

log = structlog.get_logger()


class _Version(NamedTuple):
    """The two files of an accepted version."""

    entry: TreeFile
    rdf: TreeFile

    @property
    def key(self) -> str:
        return f"{self.entry.sha}:{self.rdf.sha}"


def entries(github: GitHub, store: Store, files: Mapping[str, TreeFile]) -> list[dict[str, Any]]:
    """All entries among the base branch's files, with the sha256 of the rdf.yaml that stands beside them; unreadable ones are left out loudly."""
    versions = _versions(files)
    rows = {version.key: store.get(_ROOM, version.key) for version in versions}
    new = [version for version in versions if rows[version.key] is None]
    for version, row in _read(github, new):
        store.put(_ROOM, version.key, row)
        rows[version.key] = row
    return list(_readable((version.entry.path, rows[version.key] or {}) for version in versions))


def hidden(github: GitHub, files: Iterable[TreeFile]) -> frozenset[str]:
    """Ids whose `concept.yaml` has a line `status: blocked` or `status: withdrawn`; read as lines, not as YAML."""
    concepts = [file for file in files if file.path.endswith("/concept.yaml")]
    found = contents(github, concepts)
    return frozenset(file.path.split("/")[2] for file, text in found if _STATUSES & set(text.splitlines()))


def missing(files: Mapping[str, TreeFile]) -> tuple[TreeFile, ...]:
    """The rdf.yaml of each version that has no entry.yaml yet, by path."""
    paths = (path for path in sorted(files) if path.startswith(_ENTRIES) and path.endswith("/rdf.yaml"))
    return tuple(files[path] for path in paths if f"{path.removesuffix('rdf.yaml')}entry.yaml" not in files)


def contents(github: GitHub, files: Sequence[TreeFile]) -> Iterator[tuple[TreeFile, bytes]]:
    """Each file with its bytes, in their order, as far as somebody wants them."""
    for start in range(0, len(files), AT_ONCE):
        some = files[start : start + AT_ONCE]
        found = github.blobs(some)
        yield from ((file, found[file.sha]) for file in some)


def _versions(files: Mapping[str, TreeFile]) -> list[_Version]:
    found = []
    for path, file in sorted(files.items()):
        folder, _, leaf = path.rpartition("/")
        rdf = files.get(f"{folder}/rdf.yaml")
        if leaf == "entry.yaml" and rdf:
            found.append(_Version(file, rdf))
    return found


def _read(github: GitHub, versions: Sequence[_Version]) -> Iterator[tuple[_Version, dict[str, Any]]]:
    both = contents(github, [file for version in versions for file in version])
    for version in versions:
        (_, entry), (_, rdf) = next(both), next(both)
        yield version, _row(entry, rdf)


def _row(content: bytes, rdf: bytes) -> dict[str, Any]:
    """The bot's own JSON, checked against its schema; the rdf.yaml beside it is only hashed."""
    try:
        entry = json.loads(content)
        json.dumps(entry, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        return {"entry": None, "problem": f"not the bot's JSON: {error}"}
    broken = next(_validator().iter_errors(entry), None)
    if broken is not None:
        return {"entry": None, "problem": broken.message[:300]}
    return {"entry": {**entry, "rdf_sha256": hashlib.sha256(rdf).hexdigest()}, "problem": ""}


def _readable(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    for path, row in rows:
        if row["problem"]:
            log.error("entry_unreadable", path=path, problem=row["problem"])
        else:
            yield row["entry"]


@cache
def _validator() -> Draft202012Validator:
    schema: Mapping[str, Any] = json.loads(resources.files("schemas").joinpath("entry.schema.json").read_text())
    return Draft202012Validator(schema)
