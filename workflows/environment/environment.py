"""The verb: a declaration of dependencies, read where it can do no harm, and held against the image that this box runs in."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name

from workflows.describe.references import split_managed
from workflows.document import LIMITS, Limits, load, resolve_pointer
from workflows.environment import conda_file, pip_lines
from workflows.environment.declaration import LONGEST, MOST_REQUIREMENTS, Declaration, RefusedError
from workflows.environment.installed import fits_python, installed_versions, unsatisfied

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_MESSAGE, _NOTES = 2000, 20
_CONDA = frozenset({"conda", "mamba"})


def preload() -> None:
    """Look at what is installed: the slowest part of an answer."""
    installed_versions()


def run(job: Mapping[str, Any], inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """One declaration (BOXES.md, `environment`): the frame of that name."""
    try:
        declared = read(_manager(job, inputs), _bounded(inputs / job["file"]))
        answer = judged(declared, platform.python_version(), installed_versions())
    except RefusedError as refused:
        answer = _answer("refused", str(refused))
    emit("environment", json.dumps(answer).encode())


def read(manager: str, raw: bytes) -> Declaration:
    """What a file of that manager declares; raises `RefusedError`."""
    if manager in _CONDA:
        declared = conda_file.read_bytes(raw)
    elif manager == "pip":
        try:
            declared = pip_lines.read_text(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise RefusedError("The file is not UTF-8 text: save it as UTF-8.") from None
    else:
        raise RefusedError(f"The manager `{manager}` is not read: declare a conda environment or pip requirements.")
    if len(declared.requirements) + len(declared.untranslated) > MOST_REQUIREMENTS:
        message = (
            f"The file lists over {MOST_REQUIREMENTS} packages: list what the model needs, not all that is installed."
        )
        raise RefusedError(message)
    return declared


def judged(declared: Declaration, python: str, installed: Mapping[str, str]) -> dict[str, Any]:
    """The answer for a declaration that was read."""
    extras = sorted({one.name for one in declared.requirements if one.extras})
    notes = [*declared.notes, *(f"the extras of `{name}` were not looked for" for name in extras)]
    for one in declared.requirements:
        one.name = canonicalize_name(one.name)
        one.extras = {canonicalize_name(extra) for extra in one.extras}
    return _answer("read") | {
        "python": declared.python,
        "box_python": python,
        "python_fits": fits_python(declared.python, python),
        "requirements": list(dict.fromkeys(map(str, declared.requirements))),
        "channels": declared.channels,
        "untranslated": [one[:LONGEST] for one in declared.untranslated],
        "unsatisfied": list(dict.fromkeys(unsatisfied(declared.requirements, installed))),
        "notes": [note[:LONGEST] for note in notes[:_NOTES]],
    }


def _manager(job: Mapping[str, Any], inputs: Path) -> str:
    """0.4 says `manager:file`; 0.5 names a conda file alone."""
    with (inputs / job["rdf"]).open("rb") as file:
        document = load(file.read(), Limits(size=max(job["rdf_bytes"], LIMITS.size)))
    managed = split_managed(resolve_pointer(document.data, job["pointer"]))
    return managed[0] if managed else "conda"


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(conda_file.MOST_BYTES + 1)
    if len(raw) > conda_file.MOST_BYTES:
        message = f"The file has over {conda_file.MOST_BYTES:,} bytes: list what the model needs, and nothing else."
        raise RefusedError(message)
    return raw


def _answer(outcome: str, message: str = "") -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("requirements", "channels", "untranslated", "unsatisfied", "notes")}
    said = {"schema": "accession/environment/1", "outcome": outcome, "message": message[:_MESSAGE]}
    return said | {"python": None, "box_python": "", "python_fits": True} | lists
