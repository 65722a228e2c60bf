"""Where a file leaves a schema."""

from dataclasses import dataclass
from typing import Any

At = tuple[str | int, ...]
"""The parts of a pointer."""


@dataclass(frozen=True)
class Fault:
    """Keyword, what stands there, and the schema that asks for something else.

    `name` is the field that is missing or unknown; `branches` are the schemas of which none fits.
    """

    pointer: str
    keyword: str
    found: Any
    schema: dict[str, Any]
    name: str = ""
    branches: tuple[dict[str, Any], ...] = ()
