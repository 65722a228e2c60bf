"""Whether versions of the resource can be told apart and ordered."""

import re
from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import replace_value, show

_SEMANTIC = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z")
_SHORTENED = re.compile(r"[vV]?([0-9]+(?:\.[0-9]+)?)\Z")


def look(context: Context) -> Iterator[Finding]:
    """`version` as MAJOR.MINOR.PATCH (https://semver.org); what is no version at all is the schema's."""
    version = context.data.get("version")
    if version is None or isinstance(version, bool | list | dict) or _SEMANTIC.match(str(version)):
        return
    message = f"`version` {show(version)} is not a semantic version."
    written = str(version)
    short = _SHORTENED.match(written)
    if not short:
        yield Finding("warning", "version", "/version", message, "Write MAJOR.MINOR.PATCH, such as 1.2.0.")
        return
    whole = ".".join([*(part.lstrip("0") or "0" for part in short[1].split(".")), "0", "0"][:3])
    suggestion = replace_value(context.document, "/version", written, whole)
    yield Finding("warning", "version", "/version", message, f"Write {whole}.", suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "version",
            "A version is MAJOR.MINOR.PATCH (https://semver.org), so that versions can be ordered.",
            "Write it with three numbers, such as 1.2.0.",
            ("warning",),
        ),
    ),
)
