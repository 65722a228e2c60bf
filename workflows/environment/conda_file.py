"""conda environment files, translated by an explicit table: equal names never make two packages one.

`conda_names.json` lists what may be taken: `same` on both sides, `names` conda calls otherwise, and words that are `dropped`
because Python, the wheels or the boxes bring what they stand for.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement

from workflows.document import Limits, load
from workflows.environment import conda_spec, pip_lines
from workflows.environment.declaration import LONGEST, Declaration, RefusedError
from workflows.problem import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 1_000_000
_FORM = "Write a conda environment: `name`, `channels` and a list `dependencies`."


def read_bytes(raw: bytes) -> Declaration:
    """The declaration in a conda environment; raises `RefusedError` with the place and what to do."""
    document = load(raw, Limits(size=MOST_BYTES))
    if not document.readable or document.problems:
        problem = document.problems[0]
        where = f"line {problem.line}: " if problem.line else ""
        raise RefusedError(f"{where}{problem.message} {problem.fix}")
    data = document.data
    listed = data.get("dependencies") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise RefusedError(f"The file is no conda environment: it has no list `dependencies`. {_FORM}")
    declared = Declaration(channels=_channels(data.get("channels")))
    if data.get("variables"):
        declared.notes.append("`variables` are not set in the boxes")
    for index, one in enumerate(listed):
        _take(declared, f"dependencies/{index}", one)
    return declared


def _take(declared: Declaration, place: str, one: Any) -> None:
    if isinstance(one, dict) and set(one) == {"pip"}:
        _pip(declared, f"{place}/pip", one["pip"])
    elif isinstance(one, str):
        _conda(declared, place, one)
    else:
        raise RefusedError(f"{place} {shown(one)} is no name with a version. {_FORM}")


def _pip(declared: Declaration, place: str, listed: Any) -> None:
    lines = listed if isinstance(listed, list) else [listed]
    for index, line in enumerate(lines):
        if not isinstance(line, str):
            raise RefusedError(f"{place}/{index} {shown(line)} is no requirement: write a list of names with versions.")
    inner = pip_lines.read_lines((f"{place}/{index}", line) for index, line in enumerate(lines))
    declared.requirements += inner.requirements
    declared.notes += inner.notes


def _conda(declared: Declaration, place: str, line: str) -> None:
    if len(line) > LONGEST:
        raise RefusedError(f"{place} has over {LONGEST} characters: write a name with a version.")
    try:
        spec = conda_spec.parse(line)
    except conda_spec.UntranslatableError:
        declared.untranslated.append(line.strip())
        return
    if spec is None:
        raise RefusedError(f"{place} {shown(line)} is no name with a version, such as `numpy>=1.26`.")
    if spec.name == "python":
        declared.python = ",".join(filter(None, (declared.python, spec.versions))) or None
    elif spec.name not in dropped():
        name = names().get(spec.name)
        if name is None:
            declared.untranslated.append(line.strip())
        else:
            declared.requirements.append(Requirement(f"{name}{spec.versions}"))


def _channels(value: Any) -> list[str]:
    """For the eye: everything is taken from PyPI, whatever the channels are."""
    listed = value if isinstance(value, list) else []
    return [one[:LONGEST] for one in listed[:16] if isinstance(one, str)]


@cache
def names() -> Mapping[str, str]:
    """Conda's name to PyPI's, for everything that may be taken."""
    table = _table()
    renamed: dict[str, str] = table["names"]
    return {name: name for name in table["same"]} | renamed


@cache
def dropped() -> frozenset[str]:
    """Words that ask for nothing that a box could lack."""
    return frozenset(_table()["dropped"])


@cache
def _table() -> dict[str, Any]:
    text = files("workflows.environment").joinpath("conda_names.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
