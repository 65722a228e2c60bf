"""What makes an entry easy to find and nice to see: none of it is required."""

from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.describe.local_names import base_name
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.family import RENEWED
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_FEW = 3
_TAGGED = frozenset({"model", "dataset"})
_SAY_NOTHING = frozenset({"model", "dataset", "bioimage", "bioimageio", "bioimage.io", "trained-model", "test"})
_TAGS_FIX = (
    "Add what is shown, the modality, the task and the method, such as nuclei, fluorescence, 2D, segmentation, UNet."
)
_LINKS_FIX = "List ids of its software, notebooks and data, such as ilastik/ilastik or deepimagej/deepimagej."


def look(context: Context) -> Iterator[Finding]:
    """Tags, citation, links, documentation and cover pictures."""
    yield from _tags(context)
    if context.kind == "model" and _empty(context, "cite"):
        message, fix = "There is nothing to `cite`.", "Add the paper or the data as `text` with a `doi` or `url`."
        yield Finding("warning", "cite", "/cite", message, fix)
    yield from _links(context)
    yield from _documentation(context)
    yield from _covers(context)


def _empty(context: Context, name: str) -> bool:
    """Nothing is listed; what is no list at all is the schema's."""
    return bool(context.data.get(name, []) == [])


def _tags(context: Context) -> Iterator[Finding]:
    tags = {tag.lower() for tag in items(context.data.get("tags")) if isinstance(tag, str)}
    if _empty(context, "tags"):
        message, fix = "There are no `tags`: nobody will find it.", "Add what it shows, the task and the method."
        yield Finding("warning", "tags", "/tags", message, fix)
    elif tags and context.kind in _TAGGED and len(tags - _SAY_NOTHING) < _FEW:
        message = f"`tags` has fewer than {_FEW} words that somebody would search for."
        yield Finding("warning", "tags", "/tags", message, _TAGS_FIX)


def _links(context: Context) -> Iterator[Finding]:
    """Ids such as `ilastik/ilastik`; a model's card shows a button for each."""
    links = items(context.data.get("links"))
    if context.kind == "model" and _empty(context, "links"):
        yield Finding("warning", "links", "/links", "There are no `links` to what the model is used with.", _LINKS_FIX)
    for index, link in enumerate(links):
        if isinstance(link, str) and "://" in link:
            pointer = pointer_of("links", index)
            message = f"`{field(pointer)}` {show(link)} is an address; links are ids of other resources."
            yield Finding("warning", "links", pointer, message, _LINKS_FIX)


def _documentation(context: Context) -> Iterator[Finding]:
    """Markdown, by its name; best README.md where it lies beside the description.

    A page elsewhere may be anything; that the name ends in .md, the schemas ask since 0.3 and 0.5, and `model_04` of 0.4 models.
    """
    documentation = context.data.get("documentation")
    source = documentation.get("source") if isinstance(documentation, dict) else documentation
    pointer = "/documentation/source" if isinstance(documentation, dict) else "/documentation"
    if source is None and context.family != "model-0.4":
        message = "There is no `documentation`."
        fix = "Add a README.md and name it here: what it is, how to use it, how it was validated."
        yield Finding("warning", "readme", "/documentation", message, fix)
    elif not isinstance(source, str) or not source.strip() or "://" in source:
        return
    elif not source.endswith(".md"):
        if context.family == "model-0.4" or context.family in RENEWED:
            return
        message = f"`{field(pointer)}` {show(source)} is not named as Markdown."
        yield Finding("warning", "readme", pointer, message, "Write it in Markdown and name it README.md.")
    elif base_name(source) != "README.md":
        message = f"`{field(pointer)}` {show(source)} is not named README.md, where people look first."
        yield Finding("warning", "readme", pointer, message, "Rename the file to README.md.")


def _covers(context: Context) -> Iterator[Finding]:
    if _empty(context, "covers"):
        message = "There is no cover picture."
        yield Finding("warning", "covers", "/covers", message, "Add one under `covers`, twice as wide as high.")


CHECK = Check(
    look,
    (
        Rule(
            "tags",
            "Tags are what an entry is found by: at least three that somebody would search for.",
            _TAGS_FIX,
            ("warning",),
        ),
        Rule(
            "links",
            "Links are ids of other resources; the entry's card shows a button for each.",
            _LINKS_FIX,
            ("warning",),
        ),
        Rule(
            "readme",
            "There is documentation in Markdown, README.md, that says what it is, how to use it and how it was validated.",
            "Write a README.md and name it under `documentation`.",
            ("warning",),
        ),
        Rule(
            "cite",
            "What to cite lets others credit the work.",
            "Add the paper or the data as `text` with a `doi` or `url`.",
            ("warning",),
        ),
        Rule(
            "covers",
            "Cover pictures guide through the collection: jpg, png or gif, at most 500 kB, twice as wide as high.",
            "Add or convert a picture under `covers`.",
            ("warning",),
        ),
    ),
)
