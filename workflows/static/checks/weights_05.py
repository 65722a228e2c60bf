"""Whether the weights of a 0.5 model say where they come from, and are files of their own."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_FORMATS = (
    "keras_hdf5",
    "keras_v3",
    "onnx",
    "pytorch_state_dict",
    "tensorflow_js",
    "tensorflow_saved_model_bundle",
    "torchscript",
)
_MAJOR = re.compile(r"\s*[vV]?(?:(?P<epoch>[0-9]+)!)?(?P<major>[0-9]+)(?P<rest>.*)\Z", re.ASCII)
_BEFORE = re.compile(r"(?:\.0+)*[-_.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)", re.ASCII | re.IGNORECASE)
_KERAS = 3


def look(context: Context) -> Iterator[Finding]:
    """All together, then how they were converted from each other, then what single formats ask."""
    weights = context.data.get("weights")
    if not isinstance(weights, dict):
        return
    given = {name: entry for name, entry in weights.items() if name in _FORMATS and isinstance(entry, dict)}
    if weights and all(name in _FORMATS and entry is None for name, entry in weights.items()):
        message = f"`weights` names {', '.join(weights)}, but nothing stands below."
        yield Finding("error", "weights", "/weights", message, "Give at least one format with its `source`.")
    yield from _parents({name for name in weights if weights[name] is not None}, given)
    yield from _onnx(given.get("onnx", {}))
    yield from _keras(given.get("keras_v3", {}))


def _parents(names: set[str], given: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """0.5 `weights.*.parent`: another format that is there; all but the trained weights have one."""
    parents = {name: entry["parent"] for name, entry in given.items() if isinstance(entry.get("parent"), str)}
    for name, parent in parents.items():
        at = f"/weights/{name}/parent"
        if parent in _FORMATS and parent not in names:
            message = f"`{field(at)}` is {show(parent)}, but there are no such weights here."
            others = ", ".join(sorted(names - {name}))
            yield Finding("error", "parent", at, message, f"Write one of {others}." if others else "Remove it.")
        elif parent != name and _comes_from_itself(name, parents):
            message = f"`weights.{name}` comes from {show(parent)}, and so in the end from itself."
            yield Finding("policy", "parent", at, message, "Leave `parent` out of the weights that were trained.")
    first = [name for name in given if name not in parents]
    if len(first) > 1:
        message = f"{', '.join(first)} have no `parent`: which of them was trained, and which converted?"
        fix = "Add `parent` to all but the weights that were trained."
        yield Finding("warning", "parent", f"/weights/{first[1]}", message, fix)


def _comes_from_itself(name: str, parents: Mapping[str, str]) -> bool:
    one, seen = parents.get(name), set[str]()
    while one is not None and one not in seen:
        seen.add(one)
        one = parents.get(one)
    return name in seen


def _onnx(entry: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `external_data`: the loader looks for it by its name beside the model."""
    external = entry.get("external_data")
    source, other = entry.get("source"), external.get("source") if isinstance(external, dict) else None
    if isinstance(source, str) and isinstance(other, str) and base_name(source) == base_name(other):
        message = f"`weights.onnx.external_data.source` has the file name of `weights.onnx.source`, {show(base_name(source))}."
        pointer = "/weights/onnx/external_data/source"
        yield Finding("error", "external-data", pointer, message, "Give the files different names.")


def _keras(entry: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `keras_version`: files of this format are of Keras 3 and later; a release candidate of 3 is before 3."""
    version = entry.get("keras_version")
    version = int(version) if isinstance(version, bool) else version
    found = _MAJOR.match(str(version)) if not isinstance(version, dict | list | None) else None
    number = True if found is None else int(found["epoch"] or 0) > 0 or int(found["major"]) > _KERAS
    if found and not number and (int(found["major"]) < _KERAS or _BEFORE.match(found["rest"])):
        message = f"`weights.keras_v3.keras_version` {show(version)} is before 3."
        fix = "Write the version of Keras that saved the file; older files are keras_hdf5."
        yield Finding("error", "keras-version", "/weights/keras_v3/keras_version", message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "weights",
            "There is at least one format of weights, with its file.",
            "Give at least one format with its `source`.",
        ),
        Rule(
            "parent",
            "All weights but those that were trained name the format that they were converted from.",
            "Write one of the other formats as `parent`.",
            ("error", "policy", "warning"),
        ),
        Rule(
            "external-data",
            "The external data of ONNX weights are a file of another name.",
            "Give the files different names.",
        ),
        Rule(
            "keras-version",
            "Weights of the format keras_v3 are of Keras 3 or later.",
            "Write the version of Keras that saved the file.",
        ),
    ),
    families=frozenset({"model-0.5"}),
)
