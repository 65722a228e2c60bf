"""Test a folder on the contributor's own machine: describe it, run each weight format, judge each output.

The same verbs as in the sealed boxes, with the same inputs: the producing box sees weights, RDF and test inputs only.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.local_box import call
from workflows.read_file import is_file, is_folder
from workflows.report import weights_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflows.local_box import BoxAnswer

LIMITS = {"rdf_bytes": 1024**2, "file_bytes": 8 * 1024**3, "package_bytes": 16 * 1024**3, "files": 1024}
_ASKED = 3
"""How often a description may ask for one more file: the RDF, and what lists files of its own."""
TOLERANCE = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}
"""The collection's own ceilings where its policy is not at hand."""


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

    def formats(self) -> list[str]:
        """The weight formats of which there is a box's RDF copy, in the RDF's order."""
        return [name.removeprefix("box-rdf-") for name in self.frames if name.startswith("box-rdf-")]


def describe(target: Target) -> Described:
    """Describe a folder without any network; UsageError for a zip."""
    from workflows.describe.choose import candidates
    from workflows.describe.describe import run

    listing = listed(target)
    names = candidates(listing)
    for _ in range(_ASKED):
        found: dict[str, bytes] = {}
        with tempfile.TemporaryDirectory(prefix="accession-in-") as inputs:
            files = [_copied(target, name, Path(inputs, f"file-{index}")) for index, name in enumerate(names)]
            job = {"files": files, "listing": listing, "override": None, "limits": LIMITS}
            run(job, Path(inputs), found.__setitem__)
        description = _object(found["description"])
        if description["reason"] != "need-file":
            break
        names = [*names, description["message"]]
    return Described(description, found)


def _copied(target: Target, name: str, place: Path) -> dict[str, Any]:
    """A file of the folder where `describe` looks for it; the RDF may have another name than it is told."""
    if name.lower().endswith(".zip"):
        raise UsageError(f"unpack {target.folder / name} first, and name the folder")
    source = target.folder / (target.rdf or name)
    shutil.copyfile(source, place)
    return {"local": place.name, "name": name, "size": source.stat().st_size}


def listed(target: Target) -> list[dict[str, Any]]:
    """Name and size of every file in the folder; of a named RDF only that one, under the name that always counts."""
    if target.rdf is not None:
        return [{"name": "rdf.yaml", "size": (target.folder / target.rdf).stat().st_size}]
    paths = sorted(path for path in target.folder.rglob("*") if path.is_file())
    return [{"name": path.relative_to(target.folder).as_posix(), "size": path.stat().st_size} for path in paths]


def dynamic(
    target: Target,
    described: Described,
    wanted: Sequence[str],
    environ: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The weights entries of the report, one for each format (all of them, or the `wanted`)."""
    formats = described.formats()
    absent = [one for one in wanted if one not in formats]
    if absent:
        raise UsageError(f"the RDF has no {absent[0]} weights; it has: {', '.join(formats) or 'none'}")
    return [_test(target, described, one, environ) for one in wanted or formats]


def _test(target: Target, described: Described, weight_format: str, environ: Mapping[str, str]) -> dict[str, Any]:
    repeat = f"accession-check dynamic {target.folder / (target.rdf or '')} --weights {weight_format}"
    references = described.description["references"]
    faults = absent_files(target.folder, needed(references, weight_format))
    if faults:
        return weights_entry(weight_format, repeat, fault="; ".join(faults))
    with tempfile.TemporaryDirectory(prefix="accession-in-") as folder:
        inputs, judged = Path(folder, "produce"), Path(folder, "judge")
        place(target.folder, needed(references, weight_format), inputs)
        (inputs / "box-rdf.yaml").write_bytes(described.frames[f"box-rdf-{weight_format}"])
        produced = call("produce", {"rdf": "box-rdf.yaml", "format": weight_format}, inputs, environ)
        verdict = _judge(target, described, weight_format, produced, judged, environ)
    return weights_entry(weight_format, repeat, produced=produced, verdict=verdict)


def _judge(
    target: Target,
    described: Described,
    weight_format: str,
    produced: BoxAnswer,
    inputs: Path,
    environ: Mapping[str, str],
) -> BoxAnswer | None:
    """The judge's answer; None where the model did not run, so that there is nothing to judge."""
    tensors = [name for name in produced.frames if name.startswith("tensor-")]
    if not tensors:
        return None
    expected = [one for one in described.description["references"] if one["role"] == "test_output"]
    place(target.folder, expected, inputs)
    for name in tensors:
        (inputs / f"{name}.npy").write_bytes(produced.frames[name])
    (inputs / "judge-spec.json").write_bytes(described.frames["judge-spec"])
    outputs = _object(described.frames["judge-spec"])["outputs"]
    job = {
        "spec": "judge-spec.json",
        "format": weight_format,
        "expected": [one["expected"] for one in outputs],
        "produced": [f"tensor-{i}.npy" if f"tensor-{i}" in tensors else None for i in range(len(outputs))],
        "tolerance": TOLERANCE,
    }
    return call("judge", job, inputs, environ)


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


def _object(payload: bytes) -> dict[str, Any]:
    value = json.loads(payload)
    if not isinstance(value, dict):
        raise TypeError("a JSON object is expected")
    return value
