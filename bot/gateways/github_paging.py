"""Where a listing goes on: what a Link header says, and what a 304 leaves open. Pure.

Source: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from bot.gateways.github_cache import Kept


def next_page(link: str) -> str | None:
    """The `rel="next"` address of a Link header (RFC 8288), as path and query."""
    for part in link.split(","):
        address, _, rel = part.partition(";")
        if 'rel="next"' in rel:
            split = urlsplit(address.strip()[1:-1])
            return f"{split.path}?{split.query}"
    return None


def below(prefix: str, address: str | None) -> str | None:
    """An address as it is asked for: GitHub Enterprise links with the path of its interface, which PyGithub puts before."""
    return address.removeprefix(prefix) if address is not None and address.startswith(f"{prefix}/") else address


def confirmed(known: Kept, url: str, link: str) -> Kept:
    """A kept page after a 304, which may go on by now.

    An ETag covers a page's items and not its Link header, so a page that was the last one stays unchanged when another one
    follows it. A full page that knows of none is therefore followed by its number: that page, mostly empty, is a 304 itself
    the next time, while asking the full one anew would be paid for at every look. All listings that we read are numbered.
    """
    if link:
        return replace(known, following=next_page(link))
    if known.following or not _full(known.body, url):
        return known
    return replace(known, following=_after(url))


def _full(body: Any, url: str) -> bool:
    size = dict(parse_qsl(urlsplit(url).query)).get("per_page")
    return size is not None and isinstance(body, list) and len(body) >= int(size)


def _after(url: str) -> str:
    split = urlsplit(url)
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    return f"{split.path}?{urlencode({**query, 'page': int(query.get('page', 1)) + 1})}"
