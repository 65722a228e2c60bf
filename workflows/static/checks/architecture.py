"""Whether the source file of an architecture is Python text that defines what the RDF names."""

from collections.abc import Iterator
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.local_names import base_name
from workflows.describe.references import split_callable
from workflows.document import resolve_pointer
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.given import given
from workflows.static.readers import magic
from workflows.static.readers.opened import Unreadable, head
from workflows.static.readers.python_source import MOST_BYTES, defines
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_FIX = "Give the Python file that defines the network, with all that it needs."


def look(context: Context) -> Iterator[Finding]:
    """The file is read as text and never run."""
    for reference, path in given(context, lambda one: one.role.startswith("architecture/")):
        try:
            raw = head(path, MOST_BYTES + 1)
        except Unreadable as error:
            yield _finding(reference, "error", f"{error}", "Upload the file again.")
            continue
        yield from _source(context, reference, raw)


def _source(context: Context, reference: Reference, raw: bytes) -> Iterator[Finding]:
    kind = magic.kind(raw[: magic.HEAD])
    if kind not in {magic.TEXT, magic.JSON}:
        yield _finding(reference, "error", f"is {kind}, not Python source", _FIX)
        return
    if len(raw) > MOST_BYTES:
        yield _finding(reference, "warning", f"has over {MOST_BYTES:,} bytes and is not read", _FIX)
        return
    if not base_name(reference.source).endswith(".py"):
        yield _finding(reference, "warning", "does not end in .py, so Python cannot import it", "Let it end in .py.")
    name = _callable(context, reference)
    if name is not None and defines(raw.decode("utf-8-sig", "replace"), name) is False:
        says = f"does not define {show(name)}"
        yield _finding(reference, "error", says, "Name a class or function of that file, with upper and lower case.")


def _callable(context: Context, reference: Reference) -> str | None:
    """0.4 `file.py:Name`, 0.5 `callable` beside `source`."""
    value: Any = resolve_pointer(context.data, reference.pointer)
    if found := split_callable(value):
        return found[1]
    name = resolve_pointer(context.data, f"{reference.pointer.rpartition('/')[0]}/callable")
    return name if isinstance(name, str) and name.isidentifier() else None


def _finding(reference: Reference, level: Level, says: str, fix: str) -> Finding:
    message = f"`{field(reference.pointer)}` {show(base_name(reference.source))} {says}."
    return Finding(level, "architecture-file", reference.pointer, message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "architecture-file",
            "The file of an architecture is Python text, and defines the class or function that is named.",
            "Name a class or function of that file, or give the file that defines it.",
            ("error", "warning"),
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
