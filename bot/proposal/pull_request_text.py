"""Title and first text of a bot's pull request: ids only in the title, contributed text disarmed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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
_CARRIED = {
    True: "The corrections made to `rdf.yaml` of version {} were carried over to this version.",
    False: "The corrections made to `rdf.yaml` of version {} could not be carried over to this version: make them again here where "
    "they are still needed.",
}
_MARKER = "<!-- accession:proposal -->"


@dataclass(frozen=True)
class Corrected:
    """The earlier version whose `rdf.yaml` was corrected, and whether this one has the corrections."""

    version: str
    carried: bool


def title(place: Place) -> str:
    """Ids only: a title lands in merge commits and mails."""
    return f"{place.id} {place.version}"


def body(place: Place, upload: Upload, name: str, *, corrected: Corrected | None, first: str = "") -> Comment:
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
    if corrected:
        parts.append(_CARRIED[corrected.carried].format(code(corrected.version)))
    return Comment("\n\n".join([*parts, _MARKER]), _MARKER)
