"""Fields of a 0.4 model that are more than their form: its time, its documentation, and what became of older fields."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.local_names import base_name
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import show

_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")
_URI_PARENTS = re.compile(r"0\.4\.[0-4]\Z")


def look(context: Context) -> Iterator[Finding]:
    """In the order of the specification."""
    yield from _documentation(context)
    yield from _parent(context.data)
    yield from _old_fields(context.data)


def _documentation(context: Context) -> Iterator[Finding]:
    """0.4 `documentation`: Markdown by its name; `README.md` is recommended."""
    source = context.data.get("documentation")
    if isinstance(source, str) and source.strip() and not base_name(source).lower().endswith(".md"):
        message = f"`documentation` {show(source)} is no .md file."
        yield Finding("policy", "documentation", "/documentation", message, "Write it in Markdown, best as README.md.")


def _parent(data: dict[str, Any]) -> Iterator[Finding]:
    """Until 0.4.4 what reads a parent's `uri` today refuses it; since then it takes any mapping, and reads none."""
    parent = data.get("parent")
    if not isinstance(parent, dict):
        return
    uri, digest = parent.get("uri"), parent.get("sha256")
    if uri is not None and _URI_PARENTS.match(str(data.get("format_version"))):
        message = "`parent.uri` is no longer read in this format version."
        fix = "Write the `id` of the model instead, as its page shows it."
        yield Finding("error", "parent-model", "/parent/uri", message, fix)
    elif uri is not None and not isinstance(uri, str):
        message = f"`parent.uri` is {show(uri)}, but has to be the address of the model's RDF."
        yield Finding("warning", "parent-model", "/parent/uri", message, "Write its address, or better its `id`.")
    elif not isinstance(parent.get("id"), str):
        message = "`parent` does not say the `id` of the model."
        yield Finding("warning", "parent-model", "/parent", message, "Add `id`, as the model's page shows it.")
    if digest is not None and not (isinstance(digest, str) and _SHA256.match(digest)):
        message = f"`parent.sha256` is {show(digest)}, but has to be 64 hexadecimal digits."
        yield Finding(
            "warning", "parent-model", "/parent/sha256", message, "Copy the SHA-256 of the model's RDF again."
        )


def _old_fields(data: dict[str, Any]) -> Iterator[Finding]:
    """Fields that are still read, and should no longer be written."""
    for name, fix in (
        ("download_url", "Remove it: the collection knows where its files are."),
        ("dependencies", "Move it below `weights.pytorch_state_dict`."),
    ):
        if data.get(name) is not None:
            yield Finding("warning", "old-field", f"/{name}", f"`{name}` is no longer written.", fix)


CHECK = Check(
    look,
    (
        Rule(
            "documentation",
            "The documentation is a Markdown file.",
            "Write it in Markdown, best as README.md.",
            ("policy",),
        ),
        Rule(
            "parent-model",
            "The model that this one was made from is named by its id.",
            "Write `parent: {id: …}`, as the model's page shows it.",
            ("error", "warning"),
        ),
        Rule(
            "old-field",
            "Fields of the past are still read, and should no longer be written.",
            "Remove or move the field, as the message says.",
            ("warning",),
        ),
    ),
    families=frozenset({"model-0.4"}),
)
