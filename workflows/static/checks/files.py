"""Whether every file that the RDF names is there."""

import posixpath
import unicodedata
from collections.abc import Iterator, Mapping

from workflows.describe.answer import Reference
from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import FileFact, Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, near, replace_value, show

_UPLOAD = "Upload the file and name it relative to the RDF, without / at the beginning or .. inside."
_ADDRESSES = ("http://", "https://")
_TOO_LARGE = frozenset({"file-too-large", "package-too-large"})


def look(context: Context) -> Iterator[Finding]:
    """One finding at most for each reference: unsafe, not there, not fetched, or empty."""
    for reference in context.references:
        yield from _reference(context, reference)


def is_there(fact: FileFact | None) -> bool:
    """Whether the bytes came, be they the right ones or not."""
    return fact is not None and (fact.path is not None or fact.sha256 is not None)


def _reference(context: Context, reference: Reference) -> Iterator[Finding]:
    source = reference.source
    fact, remote = context.files.get(source), source.lower().startswith(_ADDRESSES)
    if not remote and _climbs(source):
        message = f"`{field(reference.pointer)}` {show(source)} is not a file of the upload."
        yield Finding("error", "file-path", reference.pointer, message, _UPLOAD)
    elif fact is not None and fact.size == 0:
        message = f"`{field(reference.pointer)}` {show(base_name(source))} is an empty file."
        yield Finding("error", "file-empty", reference.pointer, message, "Upload it again.")
    elif is_there(fact):
        return
    elif fact is not None and fact.problem is not None and (remote or fact.problem.get("rule") != "missing-file"):
        yield _not_fetched(reference, fact.problem)
    elif not remote and posixpath.normpath(source) not in context.listing:
        yield _missing(context, reference)


def _climbs(source: str) -> bool:
    return source.startswith(("/", "\\", "~")) or ".." in source.replace("\\", "/").split("/") or source[1:3] == ":\\"


def _not_fetched(reference: Reference, problem: Mapping[str, str]) -> Finding:
    rule = "file-too-large" if problem.get("rule") in _TOO_LARGE else "file-fetch"
    message = f"`{field(reference.pointer)}` {show(reference.source)}: {problem.get('message', 'could not be fetched')}"
    level = "error" if reference.required else "warning"
    return Finding(
        "error" if level == "error" else "warning", rule, reference.pointer, message, problem.get("fix", _UPLOAD)
    )


def _missing(context: Context, reference: Reference) -> Finding:
    message = f"`{field(reference.pointer)}` names {show(reference.source)}, which is not in the upload."
    guess, why = _guess(context, reference.source)
    if guess:
        suggestion = replace_value(context.document, reference.pointer, reference.source, guess)
        return Finding(
            "error", "file-missing", reference.pointer, message, f"Did you mean {show(guess)}?{why}", suggestion
        )
    fix = "Add the file to the upload, or correct the name (upper and lower case count)."
    return Finding("error", "file-missing", reference.pointer, message, fix)


def _guess(context: Context, source: str) -> tuple[str | None, str]:
    """The file of the upload that was most likely meant, and how its name differs where that is hard to see."""
    name = posixpath.normpath(source.strip().replace("\\", "/"))
    for alike, why in (
        (_composed, " Its letters look the same, but are other characters (Unicode)."),
        (lambda one: _composed(one).casefold(), " Upper and lower case count."),
        (lambda one: _composed(posixpath.basename(one)).casefold(), " It is in another folder."),
    ):
        same = sorted(one for one in context.listing if alike(one) == alike(name))
        if same:
            return (same[0], why) if len(same) == 1 else (None, "")
    return _among_unnamed(context, base_name(source)), ""


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _among_unnamed(context: Context, name: str) -> str | None:
    """A similar name, those first that the RDF does not name yet."""
    named = {posixpath.normpath(reference.source) for reference in context.references}
    ending = posixpath.splitext(name)[1].lower()
    unnamed = sorted(one for one in context.listing - named if ending and one.lower().endswith(ending))
    return near(name, unnamed) or near(name, sorted(context.listing))


CHECK = Check(
    look,
    (
        Rule(
            "file-path",
            "Files are named relative to the RDF, and stay inside the upload.",
            "Upload the file and name it without / at the beginning or .. inside.",
            ("error", "warning"),
        ),
        Rule(
            "file-missing",
            "Every file that the RDF names is there.",
            "Upload the missing file, or correct its name (upper and lower case count).",
            ("error", "warning"),
        ),
        Rule(
            "file-fetch",
            "A file that lies elsewhere can be fetched from its address by everybody.",
            "Correct the address, make the file public, or upload it together with the RDF.",
            ("error", "warning"),
        ),
        Rule(
            "file-too-large",
            "A file, and all files together, stay below the collection's limits.",
            "Make it smaller, or ask the collection's maintainers for more.",
            ("error", "warning"),
        ),
        Rule(
            "file-empty",
            "No file is empty.",
            "Upload it again.",
        ),
    ),
    files=True,
)
