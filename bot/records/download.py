"""What the checking room asks of the web and hears back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Download:
    """A file on its way in: bytes follow piece by piece, once."""

    chunks: Iterator[bytes]
    size: int | None
    """As the server announces it; it may lie."""
