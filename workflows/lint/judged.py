"""What was found of one file, and the sum over many."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from workflows.document import Document
from workflows.static.finding import Finding


@dataclass(frozen=True)
class Judged:
    """One file with its findings, by line. `lone`: it names files of its own package, and none of them was looked at."""

    path: Path
    document: Document
    findings: tuple[Finding, ...]
    lone: bool = False

    def without_warnings(self) -> "Judged":
        """Only what keeps the file out."""
        return replace(self, findings=tuple(finding for finding in self.findings if finding.level != "warning"))

    @property
    def file(self) -> str:
        """The file's name as text, whatever bytes it is made of."""
        return os.fsencode(self.path).decode("utf-8", "replace")

    @property
    def valid(self) -> bool:
        """The specification's verdict, as the file declares its version."""
        return all(finding.level != "error" for finding in self.findings)

    @property
    def acceptable(self) -> bool:
        """Valid, and within the collection's own policy."""
        return all(finding.level == "warning" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there was of everything."""

    files: int = 0
    invalid: int = 0
    errors: int = 0
    policies: int = 0
    warnings: int = 0
    lone: int = 0
    unusable: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def tally_of(judged: Judged) -> Tally:
    """What one file adds."""
    levels = [finding.level for finding in judged.findings]
    errors, policies, warnings = (levels.count(level) for level in ("error", "policy", "warning"))
    return Tally(1, int(errors > 0), errors, policies, warnings, int(judged.lone))


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    return sum(tallies, Tally())
