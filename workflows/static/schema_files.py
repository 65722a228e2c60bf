"""Our own schemas by name, read once, and what a reference in one of them means."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

_HOME = "rdf"
_ENDING = ".schema.json"


@cache
def schema(name: str) -> dict[str, Any]:
    """A schema by name: `model-0.4` is in `schemas/rdf/`, `scivision/model-catalog` in a folder of its own."""
    folder, _, own = name.rpartition("/")
    text = files("schemas").joinpath(folder or _HOME, own + _ENDING).read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def has_schema(name: str) -> bool:
    """Whether there is one of this name."""
    folder, _, own = name.rpartition("/")
    return own + _ENDING in _names(folder or _HOME)


@cache
def _names(folder: str) -> frozenset[str]:
    return frozenset(one.name for one in files("schemas").joinpath(folder).iterdir())


def referred(reference: str, name: str) -> tuple[str, str]:
    """Name and pointer of what a `$ref` in the schema `name` names: `#/$defs/x`, or `generic-0.2.schema.json#/$defs/x`."""
    file, _, pointer = reference.partition("#")
    if not file:
        return name, pointer
    folder = name.rpartition("/")[0]
    parts = [part for part in f"{folder or _HOME}/{file}".split("/") if part != "."]
    while ".." in parts:
        at = parts.index("..")
        del parts[max(0, at - 1) : at + 1]
    home, own = "/".join(parts[:-1]), parts[-1].removesuffix(_ENDING)
    return (own if home == _HOME else f"{home}/{own}"), pointer
