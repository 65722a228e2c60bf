"""Whether the format version is one that the specification knows and the collection takes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from workflows.static.context import Context
from workflows.static.family import GENERIC, NEWEST, OLD, is_newer, judged_version, numbers
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import replace_value, show

_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3})){1,2}\Z")
_NUMBER = re.compile(r"[0-9]+\.[0-9]+\Z")
_UPDATE = "bioimageio.spec's `bioimageio update-format` does most of it"


def look(context: Context) -> Iterator[Finding]:
    """Known to the specification (an error otherwise), and not below the collection's floor (its own policy)."""
    declared = context.data.get("format_version")
    if not context.kind and not isinstance(declared, str):
        return
    if declared is None:
        message, fix = "The field `format_version` is missing.", f"Add it, such as {_newest(context.kind)[0]}."
        yield Finding("error", "format-version", "/format_version", message, fix)
    elif isinstance(declared, str) and _is_known(context.kind, declared):
        yield from _known(context, declared)
    else:
        yield _unknown(context, declared)


def _newest(kind: str) -> tuple[str, ...]:
    return NEWEST.get(kind, NEWEST[GENERIC])


@lru_cache(maxsize=256)
def _is_known(kind: str, declared: str) -> bool:
    """A whole version (0.3 may leave the patch out) that is known, old, or newer than the newest known.

    bioimageio.spec takes any later version for the newest description; for models only those that begin with 0.
    """
    if not _VERSION.match(declared):
        return False
    whole, minor, newest = declared.count(".") == 2, _minor(declared), _newest(kind)  # noqa: PLR2004 - major, minor, patch
    if minor in {_minor(known) for known in newest} | OLD.get(kind, frozenset()):
        return whole or (minor == "0.3" and kind != "model")
    if kind == "model":
        return whole and numbers("0.5") < numbers(declared) < (1,)
    return kind != "collection" and numbers(declared) > numbers(newest[0])


def _known(context: Context, declared: str) -> Iterator[Finding]:
    kind = context.kind
    floor = dict(context.policy.get("minimum_format_version") or {}).get(kind)
    if _minor(declared) in OLD.get(kind, ()):
        message = f"`format_version` {declared} is from before {_minor(_newest(kind)[-1])}, and can no longer be judged as it is."
        yield Finding("error", "format-version", "/format_version", message, f"Update the file; {_UPDATE}.")
    elif floor and numbers(declared) < numbers(floor):
        message = f"`format_version` {declared} is older than this collection takes ({floor})."
        fix = f"Update the file to {floor} or later; {_UPDATE}."
        yield Finding("policy", "format-version", "/format_version", message, fix)
    elif is_newer(kind, declared):
        newest = next((known for known in _newest(kind) if _minor(known) == context.version), _newest(kind)[0])
        message = f"`format_version` {declared} is newer than what is known here; the file is judged as {newest}."
        fix = f"If it follows {newest}, write that."
        yield Finding("warning", "format-version", "/format_version", message, fix)


def _unknown(context: Context, declared: Any) -> Finding:
    """Numbers lose their patch and are no text: `0.4` is written `0.4.10`."""
    known = _newest(context.kind)
    message = f"`format_version` {show(declared)} is not known for a {context.kind or 'resource'}."
    written = str(declared)
    meant = next((one for one in known if _NUMBER.match(written) and written == _minor(one)), None)
    if meant:
        message = f"`format_version` {written} lacks the patch number."
        suggestion = replace_value(context.document, "/format_version", written, meant)
        return Finding("error", "format-version", "/format_version", message, f"Write {meant}.", suggestion)
    fix = f"Write one of {', '.join(sorted(known))}."
    if isinstance(declared, str) and judged_version(context.kind, declared) and numbers(declared) < numbers(known[-1]):
        fix = f"Update the file to {known[0]}; {_UPDATE}."
    return Finding("error", "format-version", "/format_version", message, fix)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


CHECK = Check(
    look,
    (
        Rule(
            "format-version",
            "The format version is one that the specification knows, with its patch number, and not below what this collection takes.",
            "Update the file: `bioimageio update-format` (bioimageio.spec) does most of it.",
            ("error", "policy", "warning"),
        ),
    ),
)
