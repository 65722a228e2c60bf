"""Reading what GitHub answers beside the JSON itself: dates, limits, refusals. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import GatewayError
from bot.gateways.backoff import LONGEST, seconds_asked
from bot.gateways.github_refusals import plain

_EXPLAINED = timedelta(seconds=60)
_KINDS = {"RATE_LIMITED": "rate-limited", "STALE_DATA": "stale"}
"""Types of GraphQL errors that somebody acts on; STALE_DATA is a branch that has moved."""


def time_of(date: str) -> datetime | None:
    """A `Date` header (RFC 9110), None where a proxy wrote what is no date."""
    try:
        found = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def ahead_of(there: datetime, here: datetime) -> timedelta:
    """How far their clock is ahead of ours: never negative."""
    return max(there - here, timedelta())


def behind_of(there: datetime, here: datetime) -> timedelta:
    """How far our clock is ahead of theirs: only what whole seconds and the way here cannot explain."""
    behind = here - there
    return behind if behind > _EXPLAINED else timedelta()


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


def used_up(headers: dict[str, str]) -> bool:
    """Whether nothing is left of the hourly allowance."""
    return headers.get("x-ratelimit-remaining") == "0"


def is_limit(headers: dict[str, str], text: str) -> bool:
    """Whether a refusal means "later": https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
    return "retry-after" in headers or used_up(headers) or "rate limit" in message_of(text).lower()


def pause_of(headers: dict[str, str], now: float) -> float | None:
    """Seconds until a limit ends, at most an hour; `now` is a timestamp. None where nothing is said about this limit."""
    asked = seconds_asked(headers.get("retry-after"))
    if asked is not None or not used_up(headers):
        return asked
    try:
        until = float(headers["x-ratelimit-reset"]) - now
    except (KeyError, ValueError):
        return None
    return min(max(1.0, until), LONGEST)


def now_of(headers: dict[str, str], here: datetime) -> float:
    """The timestamp that an answer's `x-ratelimit-reset` is to be compared with: its own `Date`, else our clock's."""
    return (time_of(headers.get("date", "")) or here).astimezone(UTC).timestamp()
