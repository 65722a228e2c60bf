"""What is asked of every model alike: the time that it was made, how it is run, and the hashes of its weights."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.moments import no_such_day
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
_PLAIN_DATE = re.compile(r"['\"]?timestamp['\"]?\s*:\s*([0-9]{4}-[0-9]{2}-[0-9]{2})\s*(?:#.*)?$")
_RUN_MODE = "deepimagej"  # the only one that is known
_SHA256 = re.compile(r"\s*[0-9a-fA-F]{64}\s*\Z")


def look(context: Context) -> Iterator[Finding]:
    """In the order of the specification."""
    yield from _timestamp(context)
    yield from _run_mode(context.data)
    weights = context.data.get("weights")
    if isinstance(weights, dict):
        for name, entry in weights.items():
            if isinstance(entry, dict):
                yield from _hashes(pointer_of("weights", name), entry)


def _timestamp(context: Context) -> Iterator[Finding]:
    """`timestamp`: a day that exists; YAML reads a bare date as a day without a time, which is refused."""
    moment, document = context.data.get("timestamp"), context.document
    if not isinstance(moment, str):
        return
    if wrong := no_such_day(moment):
        message, fix = f"`timestamp` {show(moment)} is {wrong}, which does not exist.", "Correct it."
        yield Finding("error", "timestamp", "/timestamp", message, fix)
        return
    mark = document.place("/timestamp") if _DATE.match(moment) else None
    found = _PLAIN_DATE.match(document.line(mark.line)[mark.column - 1 :]) if mark else None
    if found:
        whole = f"{found[1]}T00:00:00Z"
        message = f"`timestamp` {found[1]} is a day without a time."
        suggestion = replace_value(document, "/timestamp", found[1], whole)
        yield Finding(
            "error", "timestamp", "/timestamp", message, f"Write {whole}, or the time when it was made.", suggestion
        )


def _run_mode(data: dict[str, Any]) -> Iterator[Finding]:
    mode = data.get("run_mode")
    name = mode.get("name") if isinstance(mode, dict) else None
    if isinstance(name, str) and name != _RUN_MODE:
        message = f"`run_mode.name` {show(name)} is known to few programs; they may refuse the model."
        fix = f"Leave `run_mode` out if the model runs without it. The only known one is {_RUN_MODE}."
        yield Finding("warning", "run-mode", "/run_mode/name", message, fix)


def _hashes(at: str, entry: dict[str, Any]) -> Iterator[Finding]:
    """The specification takes any 64 characters."""
    for key in ("sha256", "architecture_sha256"):
        digest = entry.get(key)
        if isinstance(digest, str) and len(digest.strip()) == 64 and not _SHA256.match(digest):  # noqa: PLR2004 - its length
            message = f"`{field(at)}.{key}` {show(digest)} has characters other than 0-9 and a-f."
            yield Finding("policy", "hash", f"{at}/{key}", message, "Copy the SHA-256 of the file again.")


CHECK = Check(
    look,
    (
        Rule(
            "timestamp",
            "A timestamp names a moment that there is, with its time (ISO 8601).",
            "Write it as in 2024-01-02T03:04:05Z.",
        ),
        Rule(
            "run-mode",
            "A run mode is one that programs know.",
            "Leave `run_mode` out if the model runs without it.",
            ("warning",),
        ),
        Rule(
            "hash",
            "A SHA-256 is 64 hexadecimal digits.",
            "Copy the SHA-256 of the file again.",
            ("policy",),
        ),
    ),
    families=frozenset({"model-0.4", "model-0.5"}),
)
