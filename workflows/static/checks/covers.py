"""Whether cover pictures are what their names say, small enough, and twice as wide as high."""

from collections.abc import Iterator
from pathlib import Path

from workflows.describe.answer import Reference
from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.given import given
from workflows.static.readers import magic
from workflows.static.readers.opened import Unreadable
from workflows.static.readers.picture import Picture, read_picture
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

MOST_BYTES = 500_000
"""0.4 specification, `covers`: smaller than 500KB."""
_SHOWN = {magic.PNG: (".png",), magic.JPEG: (".jpg", ".jpeg"), magic.GIF: (".gif",)}
_RATIO, _TOLERANCE = 2.0, 0.1
_CONVERT = "Convert it to jpg, png or gif."


def look(context: Context) -> Iterator[Finding]:
    """At most what is wrong first of each: kind, name, size, form, colours."""
    for reference, path in given(context, lambda one: one.role == "cover"):
        try:
            picture = read_picture(path)
        except Unreadable as error:
            yield _finding(reference, str(error), "Upload the file again.")
            continue
        size = context.files[reference.source].size or 0
        yield from (_finding(reference, says, fix) for says, fix in _faults(reference, picture, size))


def _faults(reference: Reference, picture: Picture, size: int) -> Iterator[tuple[str, str]]:
    """What each sentence says after the file's name, and what to do."""
    name = Path(base_name(reference.source)).suffix.lower()
    endings = _SHOWN.get(picture.kind)
    if endings is None:
        yield f"is {picture.kind}, which is not shown as a cover", _CONVERT
        return
    if picture.width is None or picture.height is None:
        yield f"is {picture.kind} without a readable size: it is damaged", "Save the picture again."
        return
    if name not in endings:
        yield f"is {picture.kind}, though its name ends in {show(name)}", f"Let its name end in {endings[0]}."
    if size > MOST_BYTES:
        yield f"has {size:,} bytes; at most {MOST_BYTES:,} are shown", "Make the picture smaller."
    if abs(picture.width / picture.height - _RATIO) > _RATIO * _TOLERANCE:
        says = f"has {picture.width} x {picture.height} pixels, but covers are shown twice as wide as high"
        yield says, "Crop or pad it to 2:1; a tenth more or less is fine."
    if picture.remark:
        yield f"may look different: {picture.remark}", "Save it with 8 bits a channel, in RGB or grey."


def _finding(reference: Reference, says: str, fix: str) -> Finding:
    message = f"`{field(reference.pointer)}` {show(reference.source)} {says}."
    return Finding("warning", "cover-picture", reference.pointer, message, fix)


CHECK = Check(
    look,
    (
        Rule(
            "cover-picture",
            "A cover is a jpg, png or gif of at most 500 kB, twice as wide as high, a tenth more or less.",
            "Convert, shrink or crop the picture.",
            ("warning",),
        ),
    ),
    files=True,
)
