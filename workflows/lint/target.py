"""What is to be judged, and what cannot be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Files = Literal["auto", "always", "never"]
"""Whether the files that an RDF names are looked at; `auto`: where at least one of them lies beside it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One file, by the name under which it is told."""

    path: Path
    files: Files = "auto"


@dataclass(frozen=True, slots=True)
class Unusable:
    """What was named and is nothing that can be judged; the sentence says what to name instead."""

    path: Path
    said: str
