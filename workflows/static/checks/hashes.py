"""Whether a file is the one that was meant: its SHA-256 against the one that the RDF says."""

from collections.abc import Iterator

from workflows.describe.answer import Reference
from workflows.describe.local_names import base_name
from workflows.document import resolve_pointer
from workflows.static.context import Context
from workflows.static.finding import FileFact, Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import add_after, field, replace_value, show

_ARCHITECTURE = "/architecture"
_ASKED = ("weights/", "architecture/")


def look(context: Context) -> Iterator[Finding]:
    """One finding at most for each reference: another hash, none, or one in an odd form."""
    for reference in context.references:
        fact = context.files.get(reference.source)
        if fact is not None and fact.sha256 is not None and fact.size != 0:
            yield from _reference(context, reference, fact)


def hash_pointer(reference: Reference) -> str:
    """Where the reference's hash belongs: beside its source; 0.4 has `architecture_sha256`."""
    parent = reference.pointer.rpartition("/")[0]
    return parent + ("/architecture_sha256" if reference.pointer.endswith(_ARCHITECTURE) else "/sha256")


def _reference(context: Context, reference: Reference, fact: FileFact) -> Iterator[Finding]:
    pointer, actual = hash_pointer(reference), fact.sha256 or ""
    written = resolve_pointer(context.data, pointer)
    if reference.sha256 is not None and reference.sha256 != actual:
        yield _other(context, reference, pointer, actual)
    elif reference.sha256 is not None and written != reference.sha256 and isinstance(written, str):
        suggestion = replace_value(context.document, pointer, written, reference.sha256)
        message = f"`{field(pointer)}` is spelled with capitals or blanks."
        fix = f"Write `{reference.sha256}`."
        yield Finding("warning", "sha256-form", pointer, message, fix, suggestion)
    elif written is None and reference.role.startswith(_ASKED):
        yield _missing(context, reference, pointer, actual)


def _other(context: Context, reference: Reference, pointer: str, actual: str) -> Finding:
    name = show(base_name(reference.source))
    message = f"{name} has the SHA-256 {actual}, but `{field(pointer)}` says {reference.sha256}"
    swapped = sorted(source for source, fact in context.files.items() if fact.sha256 == reference.sha256)
    message += f", which is that of {show(base_name(swapped[0]))}." if swapped else "."
    fix = "If the file is the right one, write its hash; else upload the right file."
    suggestion = replace_value(context.document, pointer, str(resolve_pointer(context.data, pointer)), actual)
    return Finding("error", "sha256", pointer, message, fix, suggestion)


def _missing(context: Context, reference: Reference, pointer: str, actual: str) -> Finding:
    line = f"{pointer.rpartition('/')[2]}: {actual}"
    message = f"`{field(reference.pointer)}` has no `{pointer.rpartition('/')[2]}` beside it."
    suggestion = add_after(context.document, reference.pointer, line)
    return Finding("warning", "sha256-missing", pointer, message, f"Add `{line}`.", suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "sha256",
            "A file has the SHA-256 that the RDF says.",
            "If the file is the right one, write its hash; else upload the right file.",
        ),
        Rule(
            "sha256-missing",
            "Weights and architectures have their SHA-256 beside them, so that others know they have the same.",
            "Add the `sha256` that the message tells.",
            ("warning",),
        ),
        Rule(
            "sha256-form",
            "A SHA-256 is written with small letters and without blanks.",
            "Write it as the message tells.",
            ("warning",),
        ),
    ),
    files=True,
)
