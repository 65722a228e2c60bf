"""Whether the documentation can be read as markdown, and tells how to validate."""

from collections.abc import Iterator

from workflows.describe.answer import Reference
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.given import given
from workflows.static.readers import magic
from workflows.static.readers.markdown import headings
from workflows.static.readers.opened import Unreadable, head
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_MOST_BYTES = 4 * 1024**2
_WORD = "validation"
_FIX_SECTION = "Add a heading `## Validation`, and below it which measure, on which data, with which result."


def look(context: Context) -> Iterator[Finding]:
    """The file under `documentation`."""
    for reference, path in given(context, lambda one: one.role == "documentation"):
        try:
            raw = head(path, _MOST_BYTES + 1)
        except Unreadable as error:
            yield _finding(reference, "error", str(error), "Upload the file again.")
            continue
        yield from _text(context, reference, raw)


def _text(context: Context, reference: Reference, raw: bytes) -> Iterator[Finding]:
    fix = "Write it as markdown, UTF-8 text, for example in a README.md."
    kind = magic.kind(raw[: magic.HEAD])
    if len(raw) > _MOST_BYTES:
        fix = "Keep the text in it, and move pictures and data to files of their own."
        yield _finding(reference, "warning", f"has over {_MOST_BYTES:,} bytes", fix)
    elif kind not in {magic.TEXT, magic.JSON, magic.HTML, magic.SVG}:
        yield _finding(reference, "error", f"is {kind}, not markdown", fix)
    elif kind == magic.HTML:
        yield _finding(reference, "warning", "is a web page, not markdown", fix)
    else:
        yield from _markdown(context, reference, raw)


def _markdown(context: Context, reference: Reference, raw: bytes) -> Iterator[Finding]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield _finding(reference, "error", f"is not UTF-8 text (line {line})", "Save it as UTF-8.")
        return
    if not text.strip():
        yield _finding(
            reference, "warning", "holds nothing but blanks", "Write what the resource is and how to use it."
        )
    elif context.kind == "model" and not any(_WORD in heading.lower() for heading in headings(text)):
        message = f"`{field(reference.pointer)}` {show(reference.source)} has no section Validation."
        yield Finding("warning", "validation-section", reference.pointer, message, _FIX_SECTION)


def _finding(reference: Reference, level: str, says: str, fix: str) -> Finding:
    message = f"`{field(reference.pointer)}` {show(reference.source)} {says}."
    return Finding("error" if level == "error" else "warning", "documentation-file", reference.pointer, message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "documentation-file",
            "The documentation is markdown: UTF-8 text, not a web page, a PDF or another kind of file.",
            "Write it as markdown, for example in a README.md.",
            ("error", "warning"),
        ),
        Rule(
            "validation-section",
            "A model's documentation has a section Validation: how to tell on unseen data that the model works.",
            "Add a heading `## Validation` with the measure, the data and the result.",
            ("warning",),
        ),
    ),
    files=True,
)
