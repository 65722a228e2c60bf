"""A message to people named in policy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """`key` names the message for ever: told once, and a repeated delivery carries the same Message-ID."""

    key: str
    title: str
    text: str
    to: tuple[str, ...]
    """Mail addresses from policy; empty where nobody has one (then only the configured channels hear it)."""
