"""What makes an entry easy to find and nice to see: none of it is required."""

from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_COVERS = (".gif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff")
_COVER_BYTES = 500_000  # 0.4 specification, `covers`


def look(context: Context) -> Iterator[Finding]:
    """Tags, citation and cover pictures."""
    if not items(context.data.get("tags")):
        message, fix = "There are no `tags`: nobody will find it.", "Add what it shows, the task and the method."
        yield Finding("warning", "tags", "/tags", message, fix)
    if not items(context.data.get("cite")) and context.kind == "model":
        message, fix = "There is nothing to `cite`.", "Add the paper or the data as `text` with a `doi` or `url`."
        yield Finding("warning", "cite", "/cite", message, fix)
    yield from _covers(context)


def _covers(context: Context) -> Iterator[Finding]:
    covers = [reference for reference in context.references if reference.role == "cover"]
    if not covers:
        message = "There is no cover picture."
        yield Finding("warning", "covers", "/covers", message, "Add one under `covers`, twice as wide as high.")
    for reference in covers:
        fact = context.files.get(reference.source)
        if not base_name(reference.source).lower().endswith(_COVERS):
            message = f"`{field(reference.pointer)}` {show(reference.source)} is no picture that can be shown."
            yield Finding("warning", "covers", reference.pointer, message, f"Use one of {', '.join(_COVERS)}.")
        elif fact is not None and fact.size is not None and fact.size > _COVER_BYTES:
            message = f"`{field(reference.pointer)}` has {fact.size:,} bytes; at most {_COVER_BYTES:,} are shown."
            yield Finding("warning", "covers", reference.pointer, message, "Make the picture smaller.")


CHECK = Check(
    look,
    (
        Rule(
            "tags",
            "Tags are what an entry is found by.",
            "Add what it shows, the task and the method.",
        ),
        Rule(
            "cite",
            "What to cite lets others credit the work.",
            "Add the paper or the data as `text` with a `doi` or `url`.",
        ),
        Rule(
            "covers",
            "Cover pictures guide through the collection: jpg, png or gif, at most 500 kB, twice as wide as high.",
            "Add or convert a picture under `covers`.",
        ),
    ),
)
