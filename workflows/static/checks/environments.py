"""Whether a file of dependencies reads as what its manager takes: a conda environment, or pip's lines."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.references import split_managed
from workflows.document import load, resolve_pointer
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.given import given
from workflows.static.readers import magic
from workflows.static.readers.opened import Unreadable, head
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_MOST_BYTES = 256 * 1024
_MOST_LINES = 2000
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@(].*)?\Z")
_CONDA = ("conda", "mamba")
_CONDA_FIX = "Write a conda environment: `name`, `channels` and a list `dependencies`."


def look(context: Context) -> Iterator[Finding]:
    """0.4 `manager:file`, 0.5 a conda file; maven and pipenv files are taken as they are."""
    for reference, path in given(context, lambda one: one.role == "other" and "/dependencies" in one.pointer):
        manager = _manager(context, reference)
        try:
            raw = head(path, _MOST_BYTES + 1)
        except Unreadable as error:
            yield _finding(reference, str(error), "Upload the file again.")
            continue
        says, fix = _fault(manager, raw)
        if says:
            yield _finding(reference, says, fix)


def _manager(context: Context, reference: Reference) -> str:
    managed = split_managed(resolve_pointer(context.data, reference.pointer))
    return managed[0] if managed else "conda"


def _fault(manager: str, raw: bytes) -> tuple[str, str]:
    kind = magic.kind(raw[: magic.HEAD])
    if kind not in {magic.TEXT, magic.JSON}:
        return f"is {kind}, not a list of dependencies", _CONDA_FIX
    if len(raw) > _MOST_BYTES:
        return f"has over {_MOST_BYTES:,} bytes", "List what the model needs, not all that is installed."
    if manager in _CONDA:
        return _conda_fault(load(raw).data), _CONDA_FIX
    return (_pip_fault(raw), "Write one requirement a line, such as `numpy>=1.26`.") if manager == "pip" else ("", "")


def _conda_fault(data: Any) -> str:
    if not isinstance(data, dict):
        return "is no conda environment: it is not a mapping"
    listed = data.get("dependencies")
    if not isinstance(listed, list) or not listed:
        return "is no conda environment: it has no list `dependencies`"
    strange = next((one for one in listed if not isinstance(one, str | dict)), None)
    return f"lists the dependency {show(strange)}, which is no name" if strange is not None else ""


def _pip_fault(raw: bytes) -> str:
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines()[:_MOST_LINES], 1):
        text = line.split(" #")[0].strip()
        if text and not text.startswith(("#", "-")) and not _REQUIREMENT.match(text[:1000]):
            return f"has the line {number} {show(text)}, which is no requirement"
    return ""


def _finding(reference: Reference, says: str, fix: str) -> Finding:
    message = f"`{field(reference.pointer)}` {show(reference.source)} {says}."
    return Finding("warning", "dependencies-file", reference.pointer, message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "dependencies-file",
            "A file of dependencies is a conda environment, or has one pip requirement a line.",
            "List names with versions, as the manager that is named takes them.",
            ("warning",),
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
