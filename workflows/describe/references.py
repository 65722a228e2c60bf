"""Every file that an RDF names, with where it says so, for the formats 0.2 (generic), 0.3, 0.4 and 0.5."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.local_names import LocalNames
from workflows.document import pointer_of

LONGEST_SOURCE = 4096
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_CALLABLE = re.compile(r"\s*(?P<file>.+):(?P<name>[^\W\d]\w*)\s*\Z")
_MANAGED = re.compile(r"\s*(?P<manager>conda|pip|maven|mamba|pipenv):(?P<file>.+)\Z")
_OPTIONAL = frozenset({"sample_input", "sample_output", "cover", "attachment", "icon"})

Part = str | int


@dataclass(frozen=True)
class Found:
    """A reference before it has a local name."""

    parts: tuple[Part, ...]
    source: str
    role: str
    sha256: str | None = None


def references(data: dict[str, Any], more: Iterable[Found] = ()) -> list[Reference]:
    """All references in the order of the file's fields, then `more` that other files name, each with its local name."""
    names = LocalNames()
    return [_reference(found, names) for found in chain(_all(data), more)]


def sources(data: dict[str, Any]) -> Iterator[str]:
    """What the references name, before anything is made of it."""
    return (found.source for found in _all(data))


def split_callable(value: Any) -> tuple[str, str] | None:
    """`file.py:Class` (0.3, 0.4) as file and name; `None` for `package.module.Class` and everything else."""
    found = _CALLABLE.match(value) if isinstance(value, str) else None
    return (found["file"], found["name"]) if found and _is_source(found["file"]) else None


def split_managed(value: Any) -> tuple[str, str] | None:
    """`conda:environment.yaml` (0.4 `dependencies`) as manager and file."""
    found = _MANAGED.match(value) if isinstance(value, str) else None
    return (found["manager"], found["file"].strip()) if found else None


def _reference(found: Found, names: LocalNames) -> Reference:
    required = found.role not in _OPTIONAL
    return Reference(
        pointer_of(*found.parts)[:512], found.source, found.sha256, found.role[:64], required, names.of(found.source)
    )


def _all(data: dict[str, Any]) -> Iterator[Found]:
    model = "weights" in data or data.get("type") == "model"
    yield from _file(data.get("documentation"), ("documentation",), "documentation")
    yield from _files(data.get("covers"), ("covers",), "cover")
    yield from _attachments(data.get("attachments"), ("attachments",))
    icon = data.get("icon")
    if isinstance(icon, str) and "." in icon:
        yield from _file(icon, ("icon",), "icon")
    if not model:
        yield from _resource_source(data)
        return
    for field in ("test_inputs", "test_outputs", "sample_inputs", "sample_outputs"):
        yield from _files(data.get(field), (field,), field.removesuffix("s"))
    yield from _tensors(data.get("inputs"), "inputs", "input")
    yield from _tensors(data.get("outputs"), "outputs", "output")
    if callable_ := split_callable(data.get("source")):
        yield Found(("source",), callable_[0], "architecture/pytorch_state_dict", _sha256(data.get("sha256")))
    yield from _dependencies(data.get("dependencies"), ("dependencies",))
    weights = data.get("weights")
    for name, entry in weights.items() if isinstance(weights, dict) else ():
        if isinstance(entry, dict):
            yield from _weights(entry, name)


def _resource_source(data: dict[str, Any]) -> Iterator[Found]:
    """A notebook is its source; other resources' sources are homepages unless they are files of the upload."""
    source = data.get("source")
    if data.get("type") == "notebook" or (isinstance(source, str) and "://" not in source):
        yield from _file(source, ("source",), "other", data.get("sha256"))


def _weights(entry: dict[str, Any], name: str) -> Iterator[Found]:
    at: tuple[Part, ...] = ("weights", name)
    yield from _file(entry.get("source"), (*at, "source"), f"weights/{name}", entry.get("sha256"))
    yield from _file(entry.get("external_data"), (*at, "external_data"), "other")
    architecture = entry.get("architecture")
    if isinstance(architecture, dict):
        yield from _file(architecture, (*at, "architecture"), f"architecture/{name}")
    elif callable_ := split_callable(architecture):
        sha256 = _sha256(entry.get("architecture_sha256"))
        yield Found((*at, "architecture"), callable_[0], f"architecture/{name}", sha256)
    yield from _dependencies(entry.get("dependencies"), (*at, "dependencies"))
    yield from _attachments(entry.get("attachments"), (*at, "attachments"))


def _tensors(tensors: Any, field: str, kind: str) -> Iterator[Found]:
    """0.5: each tensor brings its test and sample file, and processing steps may bring code."""
    for index, tensor in enumerate(tensors if isinstance(tensors, list) else ()):
        if not isinstance(tensor, dict):
            continue
        for what in ("test", "sample"):
            yield from _file(tensor.get(f"{what}_tensor"), (field, index, f"{what}_tensor"), f"{what}_{kind}")
        for steps in ("preprocessing", "postprocessing"):
            listed = tensor.get(steps)
            for number, step in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(step, dict) and step.get("id") == "custom":
                    yield from _file(step, (field, index, steps, number), "other")


def _dependencies(value: Any, at: tuple[Part, ...]) -> Iterator[Found]:
    if isinstance(value, dict):
        yield from _file(value, at, "other")
    elif managed := split_managed(value):
        yield Found(at, managed[1], "other")


def _attachments(value: Any, at: tuple[Part, ...]) -> Iterator[Found]:
    if isinstance(value, dict):
        yield from _files(value.get("files"), (*at, "files"), "attachment")
    else:
        yield from _files(value, at, "attachment")


def _files(values: Any, at: tuple[Part, ...], role: str) -> Iterator[Found]:
    for index, value in enumerate(values if isinstance(values, list) else ()):
        yield from _file(value, (*at, index), role)


def _file(value: Any, at: tuple[Part, ...], role: str, sha256: Any = None) -> Iterator[Found]:
    """A file as a plain source, or as 0.5's `{source, sha256}`."""
    if isinstance(value, dict):
        value, sha256, at = value.get("source"), value.get("sha256"), (*at, "source")
    if _is_source(value):
        yield Found(at, value, role, _sha256(sha256))


def _is_source(value: Any) -> bool:
    """Whether a value can name a file: some old RDFs have whole texts where a file name belongs."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_SOURCE and "\n" not in value


def _sha256(value: Any) -> str | None:
    """bioimageio.spec strips and lowers hashes before comparing them."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _SHA256.match(text) else None
