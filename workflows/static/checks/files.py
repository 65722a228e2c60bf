"""Whether every file that the RDF names is there, and is the file that was meant."""

from collections.abc import Iterator

from workflows.describe.answer import Reference
from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import FileFact, Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import add_after, field, near, replace_value, show

_ARCHITECTURE = "/architecture"


def look(context: Context) -> Iterator[Finding]:
    """One finding at most for each reference: unsafe, not there, not fetched, empty, or another file than its hash says."""
    for reference in context.references:
        yield from _reference(context, reference)


def hash_pointer(reference: Reference) -> str:
    """Where the reference's hash belongs: beside its source; 0.4 has `architecture_sha256`."""
    parent = reference.pointer.rsplit("/", 1)[0]
    return parent + ("/architecture_sha256" if reference.pointer.endswith(_ARCHITECTURE) else "/sha256")


def _reference(context: Context, reference: Reference) -> Iterator[Finding]:
    source = reference.source
    fact = context.files.get(source)
    if "://" not in source and _climbs(source):
        message = f"`{field(reference.pointer)}` {show(source)} is not a file of the upload."
        fix = "Upload the file and name it relative to the RDF, without / at the beginning or .. inside."
        yield Finding("error", "file-path", reference.pointer, message, fix)
    elif fact is not None and fact.problem is not None:
        rule, fix = fact.problem.get("rule", "file"), fact.problem.get("fix", "")
        message = f"`{field(reference.pointer)}` {show(source)}: {fact.problem.get('message', 'could not be fetched')}"
        yield Finding("error" if reference.required else "warning", rule, reference.pointer, message, fix)
    elif fact is None or fact.path is None:
        if "://" not in source and source.removeprefix("./") not in context.listing:
            yield _missing(context, reference)
    else:
        yield from _content(context, reference, fact)


def _climbs(source: str) -> bool:
    return source.startswith(("/", "\\", "~")) or ".." in source.replace("\\", "/").split("/") or source[1:3] == ":\\"


def _missing(context: Context, reference: Reference) -> Finding:
    message = f"`{field(reference.pointer)}` names {show(reference.source)}, which is not in the upload."
    guess = near(base_name(reference.source), sorted(context.listing))
    if guess:
        suggestion = replace_value(context.document, reference.pointer, reference.source, guess)
        return Finding("error", "file-missing", reference.pointer, message, f"Did you mean {guess!r}?", suggestion)
    fix = "Add the file to the upload, or correct the name (upper and lower case count)."
    return Finding("error", "file-missing", reference.pointer, message, fix)


def _content(context: Context, reference: Reference, fact: FileFact) -> Iterator[Finding]:
    pointer, name = hash_pointer(reference), show(base_name(reference.source))
    if fact.size == 0:
        message = f"`{field(reference.pointer)}` {name} is an empty file."
        yield Finding("error", "file-empty", reference.pointer, message, "Upload it again.")
    elif reference.sha256 and fact.sha256 and reference.sha256 != fact.sha256:
        message = f"{name} has the SHA-256 {fact.sha256}, but `{field(pointer)}` says {reference.sha256}."
        fix = "If the file is the right one, write its hash; else upload the right file."
        suggestion = replace_value(context.document, pointer, reference.sha256, fact.sha256)
        yield Finding("error", "sha256", pointer, message, fix, suggestion)
    elif reference.sha256 is None and reference.role.startswith("weights/"):
        message = f"`{field(reference.pointer)}` has no `sha256` beside it."
        fix = f"Add `sha256: {fact.sha256}`." if fact.sha256 else "Add `sha256`."
        suggestion = add_after(context.document, reference.pointer, f"sha256: {fact.sha256}") if fact.sha256 else None
        yield Finding("warning", "sha256-missing", pointer, message, fix, suggestion)


CHECK = Check(
    look,
    (
        Rule(
            "file-path",
            "Files are named relative to the RDF, and stay inside the upload.",
            "Upload the file and name it without / at the beginning or .. inside.",
        ),
        Rule(
            "file-missing",
            "Every file that the RDF names is there.",
            "Upload the missing file, or correct its name (upper and lower case count).",
        ),
        Rule(
            "file-empty",
            "No file is empty.",
            "Upload it again.",
        ),
        Rule(
            "sha256",
            "A file has the SHA-256 that the RDF says.",
            "If the file is the right one, write its hash; else upload the right file.",
        ),
        Rule(
            "sha256-missing",
            "Weights have their SHA-256 beside them, so that others know they have the same.",
            "Add the `sha256` that the message tells.",
        ),
    ),
    files=True,
)
