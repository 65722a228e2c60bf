"""Content by its hash."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Blob:
    """Content that is (or was) in the work side's cache; size in bytes."""

    sha256: str
    size: int
