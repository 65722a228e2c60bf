"""Whether the licence is one that others can recognise."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import near, replace_value, show

_NEAR = 0.8


def look(context: Context) -> Iterator[Finding]:
    """An SPDX identifier (https://spdx.org/licenses/), not deprecated; other resources than models may leave it out."""
    licence = context.data.get("license")
    if licence is None:
        if "license" in context.data or context.kind != "model":
            message, fix = "The field `license` is missing: nobody may reuse the work.", "Add it, such as CC-BY-4.0."
            yield Finding("warning", "license", "/license", message, fix)
        return
    if not isinstance(licence, str):
        return
    current, deprecated = identifiers()
    if licence in current:
        return
    known_old = licence in deprecated
    message = f"`license` {show(licence)} is " + (
        "a deprecated SPDX identifier." if known_old else "not an SPDX identifier."
    )
    guess = _current(licence) if known_old else near(licence.strip().replace(" ", "-"), current, _NEAR)
    fix = f"Did you mean {guess}?" if guess else "Choose an identifier from https://spdx.org/licenses/."
    suggestion = replace_value(context.document, "/license", licence, guess) if guess else None
    yield Finding("warning" if known_old else "error", "license", "/license", message, fix, suggestion)


@cache
def identifiers() -> tuple[frozenset[str], frozenset[str]]:
    """Current and deprecated identifiers."""
    spdx = json.loads(files("workflows.static").joinpath("spdx.json").read_text("utf-8"))
    return frozenset(spdx["current"]), frozenset(spdx["deprecated"])


def _current(licence: str) -> str | None:
    """GPL-3.0 became GPL-3.0-only, GPL-3.0+ became GPL-3.0-or-later."""
    wanted = licence.removesuffix("+") + "-or-later" if licence.endswith("+") else licence + "-only"
    return wanted if wanted in identifiers()[0] else None


CHECK = Check(
    look,
    (
        Rule(
            "license",
            "The licence is a current SPDX identifier, so that people and programs know what is allowed.",
            "Choose one from https://spdx.org/licenses/.",
        ),
    ),
)
