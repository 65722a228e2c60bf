"""pip's requirement files: names with versions and nothing else.

pip takes far more (options, addresses, paths, other files) and replaces `${NAME}` by a variable of its environment while it
reads such a file. Whatever is more than a requirement of PEP 508 by name is refused with its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from workflows.environment.declaration import LONGEST, Declaration, RefusedError
from workflows.problem import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_VARIABLE = re.compile(r"\$\{?\w+\}?|%\w+%")
_ADDRESS = re.compile(r"\s@\s|://|^\w+\+")
_PATH = re.compile(r"^[./~\\]|^[A-Za-z]:[\\/]|[\\/]|\.(?:whl|zip|tar\.gz|txt)$")
_NAMES_ONLY = "only names with versions are taken, such as `numpy>=1.26`"


def read_text(text: str) -> Declaration:
    """A requirements file; lines that end in a backslash go on in the next one, as in pip."""
    lines: list[tuple[int, str]] = []
    begun = ""
    for number, line in enumerate(text.splitlines(), 1):
        begun += line.removesuffix("\\")
        if not line.endswith("\\"):
            lines.append((number, begun))
            begun = ""
    lines.append((len(lines), begun))
    return read_lines((f"line {number}", line) for number, line in lines)


def read_lines(lines: Iterable[tuple[str, str]]) -> Declaration:
    """Pairs of a place, as a message names it, and a line."""
    declared = Declaration()
    for place, line in lines:
        text = _COMMENT.sub("", line).strip()
        if text:
            take(declared, place, text)
    return declared


def take(declared: Declaration, place: str, text: str) -> None:
    """One requirement, where its marker holds in this box; raises `RefusedError` for anything else."""
    wrong = _more_than_a_name(text)
    if wrong:
        raise RefusedError(f"{place} {shown(text)} {wrong}: {_NAMES_ONLY}.")
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        raise RefusedError(f"{place} {shown(text)} is no requirement: {_NAMES_ONLY}.") from None
    if any(clause.operator == "===" for clause in requirement.specifier):
        raise RefusedError(f"{place} {shown(text)} compares versions as texts (`===`): write `==`.")
    if requirement.marker is not None and not requirement.marker.evaluate():
        declared.notes.append(f"`{text[:100]}` is not for the boxes' platform")
        return
    requirement.marker = None
    declared.requirements.append(requirement)


def _more_than_a_name(text: str) -> str:
    if len(text) > LONGEST:
        return f"has over {LONGEST} characters"
    if text.startswith("-") or re.search(r"\s--\w", text):
        return "has an option of pip"
    if _VARIABLE.search(text):
        return "has an environment variable"
    bare = text.partition(";")[0].strip()
    if _ADDRESS.search(bare):
        return "names an address"
    return "names a file or folder" if _PATH.search(bare) else ""
