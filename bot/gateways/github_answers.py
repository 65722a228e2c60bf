"""Reading what GitHub answers beside the JSON itself: dates, pages, limits, refusals. Pure."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import GatewayError

if TYPE_CHECKING:
    from datetime import datetime

_EXPLAINED = timedelta(seconds=60)
_KINDS = {"RATE_LIMITED": "rate-limited", "STALE_DATA": "stale"}
"""Types of GraphQL errors that somebody acts on; STALE_DATA is a branch that has moved."""


def ahead_of(date: str, now: datetime) -> timedelta:
    """How far a `Date` header is ahead of our clock: never negative, nothing where a proxy wrote what is no date."""
    try:
        return max(parsedate_to_datetime(date) - now, timedelta())
    except (TypeError, ValueError):
        return timedelta()


def behind_of(date: str, now: datetime) -> timedelta:
    """How far our clock is ahead of a `Date` header: only what whole seconds and the way here cannot explain."""
    try:
        behind = now - parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return timedelta()
    return behind if behind > _EXPLAINED else timedelta()


def plain(path: str) -> str:
    """A path for messages: no host, no query."""
    return urlsplit(path).path


def next_page(link: str) -> str | None:
    """The `rel="next"` address of a Link header (RFC 8288), as path and query."""
    for part in link.split(","):
        address, _, rel = part.partition(";")
        if 'rel="next"' in rel:
            split = urlsplit(address.strip()[1:-1])
            return f"{split.path}?{split.query}"
    return None


def parsed(text: str, url: str) -> Any:
    """The JSON of an answer to a read, None for an empty one."""
    try:
        return json.loads(text) if text else None
    except ValueError as error:
        message = f"GitHub answered GET {plain(url)} with what is no JSON."
        raise GatewayError(message, reason="github-unreachable", transient=True) from error


def graphql_data(answer: Any) -> Any:
    """GraphQL refuses with status 200 and `errors` (https://docs.github.com/graphql/guides)."""
    if not isinstance(answer, dict) or not ({"data", "errors"} & set(answer)):
        message = "GitHub answered POST /graphql with what is no GraphQL."
        raise GatewayError(message, reason="github-unreachable", transient=True)
    errors = answer.get("errors")
    if not errors:
        return answer["data"]
    kinds = {str(error.get("type")) for error in errors}
    said = " ".join(str(error.get("message", "")) for error in errors)[:500]
    reason = next((_KINDS[kind] for kind in _KINDS if kind in kinds), "graphql")
    limited = reason == "rate-limited"
    raise GatewayError(f"GitHub refused POST /graphql: {said}", reason=reason, transient=limited, status=200)


def message_of(text: str) -> str:
    """What a refusal says, empty where it says nothing that can be read."""
    try:
        body = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    errors = [
        e.get("message") or e.get("code", "") if isinstance(e, dict) else str(e) for e in body.get("errors") or ()
    ]
    return " ".join([str(body.get("message", "")), *errors])[:500]


def pause_of(headers: dict[str, str], now: float) -> float:
    """Seconds until a limit ends; `now` is a timestamp."""
    if "retry-after" in headers:
        return float(headers["retry-after"])
    reset = headers.get("x-ratelimit-reset")
    return max(1.0, float(reset) - now) if reset else 60.0
