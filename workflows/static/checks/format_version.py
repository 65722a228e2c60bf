"""Whether the format version is one that the specification knows and the collection takes."""

import re
from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import show

_KNOWN_VERSIONS = {
    "model": frozenset({"0.1", "0.2", "0.3", "0.4", "0.5"}),
    "dataset": frozenset({"0.2", "0.3"}),
    "application": frozenset({"0.2", "0.3"}),
    "notebook": frozenset({"0.2", "0.3"}),
}
_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,2}\Z")


def look(context: Context) -> Iterator[Finding]:
    """Known to the specification (an error otherwise), and not below the collection's floor (its own policy)."""
    declared = context.data.get("format_version")
    if declared is None:
        message, fix = "The field `format_version` is missing.", f"Add it, such as {_example(context.kind)}."
        yield Finding("error", "format-version", "/format_version", message, fix)
        return
    known = _KNOWN_VERSIONS.get(context.kind, frozenset())
    if not isinstance(declared, str) or not _VERSION.match(declared) or context.version not in known:
        message = f"`format_version` {show(declared)} is not known for a {context.kind}."
        fix = f"Write one of {', '.join(sorted(known))} with its patch number, such as {_example(context.kind)}."
        yield Finding("error", "format-version", "/format_version", message, fix)
        return
    floor = dict(context.policy.get("minimum_format_version") or {}).get(context.kind)
    if floor and _numbers(declared) < _numbers(floor):
        message = f"`format_version` {declared} is older than this collection takes ({floor})."
        fix = f"Update the file to {floor} or later; bioimageio.spec's `bioimageio update-format` does most of it."
        yield Finding("policy", "format-version", "/format_version", message, fix)


def _example(kind: str) -> str:
    return "0.4.10" if kind == "model" else "0.2.4"


def _numbers(version: str) -> tuple[int, ...]:
    """A floor of 0.4 takes 0.4.0: the patch number counts only where both have one."""
    return tuple(int(part) for part in version.split("."))


CHECK = Check(
    look,
    (
        Rule(
            "format-version",
            "The format version is one that the specification knows, and not below what this collection takes.",
            "Update the file: `bioimageio update-format` (bioimageio.spec) does most of it.",
        ),
    ),
)
