"""What the readers of declared dependencies make of a file, whatever its form was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

MOST_REQUIREMENTS = 200
LONGEST = 200
"""Characters of one requirement, one channel, one note; `schemas/environment.schema.json`."""


class RefusedError(ValueError):
    """The file cannot be taken; the message is a sentence for the contributor and says what to do."""


@dataclass
class Declaration:
    """Requirements by their names on PyPI; what has no name there is `untranslated`, as the file spells it."""

    requirements: list[Requirement] = field(default_factory=list)
    python: str | None = None
    """A PEP 440 specifier, None for any Python."""
    channels: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was left out of account, and why."""
