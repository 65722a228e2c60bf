"""The numbered list of suggestions in the report comment, and how to take them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.suggestions import offers
from bot.words import applying
from bot.words.text import fence

if TYPE_CHECKING:
    from bot.records.suggestions import Offer
    from bot.records.verdict import Report

_SHOWN = 2000
"""Characters of a replacement in the list; it is written whole."""


def numbered(report: Report, *, local: bool) -> list[str]:
    """Parts of the comment; how to take them stands first, because a long list may be cut."""
    found = offers(report)
    if not found:
        return []
    how = applying.how_to(len(found)) if local else applying.how_to_in_fork()
    return [f"#### Suggestions ({len(found)})", how, *(_entry(offer) for offer in found)]


def _entry(offer: Offer) -> str:
    """As an item of a list: what belongs to it is indented by as much as its number takes."""
    suggestion, head = offer.suggestion, f"{offer.number}. "
    lines = applying.lines_named(suggestion.start_line, suggestion.end_line)
    if not suggestion.text:
        return f"{head}Take {lines} away."
    block = fence(suggestion.text, _SHOWN, "yaml").replace("\n", "\n" + " " * len(head))
    return f"{head}For {lines}, write:\n\n{' ' * len(head)}{block}"
