"""One canonical line per event: JSON off a terminal, readable on one; to stderr, urls without their query, secrets masked."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

_QUERY = re.compile(r"(https?://)(?:[^/\s@]*@)?([^\s?#]*)[?#]?\S*")


def configure(secrets: Iterable[str], *, verbose: bool = False) -> None:
    """Set up structlog; every value of every line passes the mask."""
    hidden = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
    terminal = sys.stderr.isatty()
    last: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            lambda _logger, _name, event: mask(event, hidden),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def mask(event: MutableMapping[str, Any], secrets: tuple[str, ...]) -> MutableMapping[str, Any]:
    """The event with urls cut before their query, and secrets replaced, in every text."""
    return {key: _masked(value, secrets) for key, value in event.items()}


def _masked(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return redact(value, secrets)
    if isinstance(value, list | tuple):
        return [_masked(item, secrets) for item in value]
    if isinstance(value, dict):
        return {key: _masked(item, secrets) for key, item in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else redact(str(value), secrets)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """A text without secrets, user information and queries of urls."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return _QUERY.sub(r"\1\2", text)
