"""A suggestion on its lines: a review comment that GitHub offers to commit. Pure.

Each carries a hidden marker with the suggestion's key, signed as the state block is (RFC 2104): anyone can paste a marker.
Source: https://docs.github.com/pull-requests (incorporating feedback: suggested changes).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from bot.records.github import LineComment
from bot.words.text import prose, verbatim

if TYPE_CHECKING:
    from bot.records.suggestions import Offer

BLOCKS_A_REVIEW = 30

_MARKER = re.compile(r"<!-- accession:suggestion ([0-9a-f]{32}) ([0-9a-f]{64}) -->\s*\Z")


def block(offer: Offer, path: str, key: bytes, where: str) -> LineComment:
    """The comment on the lines; `where` is `owner/name#number`."""
    finding, suggestion = offer.finding, offer.suggestion
    fix = f" *{prose(finding.fix)}*" if finding.fix else ""
    parts = [prose(finding.message) + fix, verbatim(suggestion.text, "suggestion"), _marker(offer.key, key, where)]
    return LineComment(path, suggestion.start_line, suggestion.end_line, "\n\n".join(parts))


def block_key(body: str, key: bytes, where: str) -> str | None:
    """Which suggestion a comment carries; None for one that is not ours or was altered in its last line."""
    found = _MARKER.search(body)
    return found[1] if found and hmac.compare_digest(found[2], _sign(found[1], key, where)) else None


def _marker(name: str, key: bytes, where: str) -> str:
    return f"<!-- accession:suggestion {name} {_sign(name, key, where)} -->"


def _sign(name: str, key: bytes, where: str) -> str:
    return hmac.new(key, f"accession/suggestion/1\n{where}\n{name}".encode(), hashlib.sha256).hexdigest()
