"""Title and first text of a bot's pull request: ids only in the title, contributed text disarmed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.text import Comment, code, escape

if TYPE_CHECKING:
    from bot.records.facts import Place
    from bot.records.submission import Upload

_NEXT = (
    "Its files are checked and its weights are run on its own test inputs; the report appears below as a comment.{} When "
    "everything passes, a maintainer of the collection reviews it, and it is merged by itself after the approval."
)
_CHANGE = (
    "To change something, publish a new version of the record, or correct `rdf.yaml` here. Closing the pull request "
    "withdraws the upload."
)
_MARKER = "<!-- accession:proposal -->"


def title(place: Place) -> str:
    """Ids only: a title lands in merge commits and mails."""
    return f"{place.id} {place.version}"


def body(place: Place, upload: Upload, name: str, *, carried: str | None, first: str = "") -> Comment:
    """What is proposed, where it comes from, and what happens next; `first` says when the report comes, with a leading space."""
    at = (
        f"[{upload.archive} record {upload.record}]({upload.url})"
        if upload.url
        else f"{upload.archive} record {upload.record}"
    )
    parts = [
        f"**{escape(name, 120) or escape(place.id)}**",
        f"This proposes {at} for the collection, as {code(place.id)}, version {code(place.version)}.",
        _NEXT.format(first),
        _CHANGE,
    ]
    if carried:
        parts.append(
            f"The corrections made to `rdf.yaml` of version {code(carried)} were carried over to this version."
        )
    return Comment("\n\n".join([*parts, _MARKER]), _MARKER)
