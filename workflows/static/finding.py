"""What the static check says: a finding with its place and the line that would be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "policy", "warning"]


@dataclass(frozen=True)
class Suggestion:
    """Lines that replace the whole lines from `start_line` to `end_line` (counted from 1, both included)."""

    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing to say about the RDF; the place is looked up from the pointer unless the rule knows better."""

    level: Level
    rule: str
    pointer: str
    message: str
    fix: str
    suggestion: Suggestion | None = None
    line: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as `schemas/report.schema.json` spells it, cut to its lengths."""
        suggestion = self.suggestion and dict(vars(self.suggestion))
        return {
            "level": self.level,
            "rule": self.rule[:64],
            "pointer": self.pointer[:512],
            "line": self.line,
            "column": self.column,
            "message": self.message[:2000],
            "fix": self.fix[:2000],
            "suggestion": suggestion if suggestion and len(suggestion["text"]) <= 8000 else None,  # noqa: PLR2004 - schema
        }


@dataclass(frozen=True)
class FileFact:
    """What the work side knows of one source: the bytes' place, size and hash, or why there are none."""

    path: Path | None = None
    size: int | None = None
    sha256: str | None = None
    problem: Mapping[str, str] | None = None
