"""A folder on the contributor's own machine: which RDF is meant, what it describes, which of its files a box gets."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from workflows.describe.choose import candidates, is_rdf_name
from workflows.read_file import is_file, is_folder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

LIMITS = {"rdf_bytes": 1024**2, "file_bytes": 8 * 1024**3, "package_bytes": 16 * 1024**3, "files": 1024}
_ASKED = 4
"""How often a folder is described until nothing is missing: the RDF, what lies beside it, and what lists files of its own."""
_DEFAULT_NAME = "rdf.yaml"
FOLDERS = frozenset({"weights/tensorflow_js", "weights/tensorflow_saved_model_bundle"})
"""Roles of references that have neighbours."""


class UsageError(Exception):
    """What was named is not there; the message says what to name instead."""


@dataclass(frozen=True)
class Target:
    """What is checked: a folder, and the RDF in it where one was named."""

    folder: Path
    rdf: str | None = None

    @classmethod
    def named(cls, path: Path) -> Target:
        """The target that a DIR or an RDF file means; UsageError where there is neither."""
        if is_folder(path):
            return cls(path)
        if is_file(path):
            return cls(path.parent, path.name)
        raise UsageError(f"{path} is neither a folder nor an RDF file")


@dataclass(frozen=True)
class Described:
    """The description and the frames that came with it."""

    description: dict[str, Any]
    frames: Mapping[str, bytes]

    @property
    def seed(self) -> int:
        """Of the noise in further runs: it follows from the RDF, so that a repeated check sees the same."""
        return int(self.description["rdf"]["sha256"][:8], 16)

    def formats(self) -> list[str]:
        """The weight formats of which there is a box's RDF copy, in the RDF's order."""
        return [name.removeprefix("box-rdf-") for name in self.frames if name.startswith("box-rdf-")]


def describe(target: Target) -> Described:
    """Describe a folder without any network; UsageError for a zip."""
    from workflows.describe.describe import run

    listing = listed(target)
    found: dict[str, bytes] = {}
    names = candidates(listing)
    for _ in range(_ASKED):
        with tempfile.TemporaryDirectory(prefix="accession-in-") as inputs:
            files = [_copied(target, name, Path(inputs, f"file-{index}")) for index, name in enumerate(names)]
            job = {"files": files, "listing": listing, "override": None, "limits": LIMITS}
            found = {}
            run(job, Path(inputs), found.__setitem__)
        description = as_object(found["description"])
        more = beside(target, description, {file["name"] for file in listing}) if target.rdf else []
        if description["reason"] == "need-file":
            names = [*names, description["message"]]
        elif not more:
            break
        listing = [*listing, *more]
    return Described(description, found)


def beside(target: Target, description: Mapping[str, Any], known: Container[str]) -> list[dict[str, Any]]:
    """The files around weights that are folders: where an RDF was named, nothing else of its folder is looked at."""
    folders = {
        PurePosixPath(one["source"]).parent
        for one in description["references"]
        if one["role"] in FOLDERS and "://" not in one["source"]
    }
    inside = [folder for folder in folders if not folder.is_absolute() and ".." not in folder.parts]
    paths = {path for folder in inside for path in (target.folder / folder).rglob("*") if path.is_file()}
    files = [_file(target.folder, path) for path in sorted(paths)]
    return [one for one in files if one["name"] not in known and not is_rdf_name(one["name"])]


def _copied(target: Target, name: str, place: Path) -> dict[str, Any]:
    """A file of the folder where `describe` looks for it; the RDF may have another name than it is told."""
    if name.lower().endswith(".zip"):
        raise UsageError(f"unpack {target.folder / name} first, and name the folder")
    source = target.folder / (target.rdf if target.rdf and name == _DEFAULT_NAME else name)
    shutil.copyfile(source, place)
    return {"local": place.name, "name": name, "size": source.stat().st_size}


def listed(target: Target) -> list[dict[str, Any]]:
    """Name and size of every file in the folder; of a named RDF only that one, under the name that always counts."""
    if target.rdf is not None:
        return [{"name": _DEFAULT_NAME, "size": (target.folder / target.rdf).stat().st_size}]
    return [_file(target.folder, path) for path in sorted(target.folder.rglob("*")) if path.is_file()]


def _file(folder: Path, path: Path) -> dict[str, Any]:
    return {"name": path.relative_to(folder).as_posix(), "size": path.stat().st_size}


def needed(references: Iterable[Mapping[str, Any]], weight_format: str) -> list[Mapping[str, Any]]:
    """The files that running one format takes: never a test output, never another format's."""
    return [one for one in references if _takes_part(one["role"], one["pointer"], weight_format)]


def _takes_part(role: str, pointer: str, weight_format: str) -> bool:
    if role == "test_input" or role.endswith(f"/{weight_format}"):
        return True
    if role != "other" or "/dependencies" in pointer:  # environments are not built here
        return False
    return not pointer.startswith("/weights/") or pointer.startswith(f"/weights/{weight_format}/")


def absent_files(folder: Path, references: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for each file that is needed to run and is not in the folder."""
    said = []
    for one in references:
        if "://" in one["source"]:
            said.append(f"{one['source']} is remote: download it, and name the file in the RDF")
        elif one["required"] and not (folder / one["source"]).is_file():
            said.append(f"{one['source']} is not in the folder")
    return said


def place(folder: Path, references: Iterable[Mapping[str, Any]], inputs: Path) -> None:
    """Copy what is there into a box's inputs under its local names."""
    inputs.mkdir(parents=True, exist_ok=True)
    for one in references:
        source = folder / one["source"]
        if "://" not in one["source"] and source.is_file():
            shutil.copyfile(source, inputs / one["local"])


def as_object(payload: bytes) -> dict[str, Any]:
    """A frame that is a JSON object; TypeError for any other value."""
    value = json.loads(payload)
    if not isinstance(value, dict):
        raise TypeError("a JSON object is expected")
    return value
