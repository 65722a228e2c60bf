"""Whether the licence is one that others can recognise."""

from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.family import RENEWED
from workflows.static.finding import Finding, Level
from workflows.static.rule import Check, Rule
from workflows.static.spdx import identifiers, meant
from workflows.static.words import replace_value, show


def look(context: Context) -> Iterator[Finding]:
    """An SPDX identifier, not deprecated; only 0.4 models have to have one, which the schema asks.

    The specification takes any text until 0.2 and 0.4, and knows no others than SPDX's since 0.3 and 0.5.
    """
    licence = context.data.get("license")
    if licence is None:
        if context.family != "model-0.4":
            message, fix = "The field `license` is missing: nobody may reuse the work.", "Add it, such as CC-BY-4.0."
            yield Finding("warning", "license", "/license", message, fix)
        return
    if isinstance(licence, str) and licence not in identifiers()[0]:
        yield _unknown(context, licence)


def _unknown(context: Context, licence: str) -> Finding:
    message = f"`license` {show(licence)} is not an SPDX identifier."
    level: Level = "error" if context.family in RENEWED else "policy"
    if licence in identifiers()[1]:
        message, level = f"`license` {show(licence)} is a deprecated SPDX identifier.", "warning"
    guess = meant(licence)
    fix = f"Did you mean {guess}?" if guess else "Choose an identifier from https://spdx.org/licenses/."
    suggestion = replace_value(context.document, "/license", licence, guess) if guess else None
    return Finding(level, "license", "/license", message, fix, suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "license",
            "The licence is a current SPDX identifier, so that people and programs know what is allowed.",
            "Choose one from https://spdx.org/licenses/.",
            ("error", "policy", "warning"),
        ),
    ),
)
