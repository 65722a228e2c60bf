"""Times as GitHub writes them: UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def maybe_iso(moment: float | None) -> str | None:
    return None if moment is None else iso(moment)


def http_date(moment: float) -> str:
    return formatdate(moment, usegmt=True)


def parse(text: str) -> datetime:
    """An ISO 8601 time; one without a zone is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def timestamp(text: str) -> float:
    return parse(text).timestamp()
