"""The collection's policy, as values; read from `collection/accession.yaml` on the base branch only."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "rdf_bytes": 1_000_000,
        "file_bytes": 4 * 1024**3,
        "package_bytes": 8 * 1024**3,
        "files": 200,
        "fetch_seconds": 1800,
        "box_seconds": 600,
        "box_extra_seconds": 60,
        "box_memory_bytes": 4 * 1024**3,
        "box_pids": 256,
        "box_cpus": 2,
        "box_output_bytes": 1024**3,
    }
)


@dataclass(frozen=True)
class Person:
    """Somebody of the collection; the numeric id decides, the login is for mentions."""

    id: int
    login: str
    mail: str | None = None


@dataclass(frozen=True)
class Policy:
    """See `schemas/config.schema.json`, which describes every field."""

    name: str
    keywords: tuple[str, ...]
    people: tuple[Person, ...]
    types: tuple[str, ...] = ("model", "dataset", "application", "notebook")
    approvals: int = 1
    mentions: int = 5
    publish_branch: str = "main"
    evidence_branch: str = "accession-evidence"
    evidence_days: int = 30
    per_owner: int = 5
    open: int = 30
    contributor_days: int = 7
    """Days without a move after which who has the turn is reminded; 0: never."""
    reviewer_days: int = 3
    most_reminders: int = 3
    """In one turn."""
    stale_days: int = 0
    minimum_format_version: Mapping[str, str] = field(default_factory=lambda: {"model": "0.4.5"})
    limits: Mapping[str, int] = field(default_factory=lambda: DEFAULT_LIMITS)
    limits_by_type: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What stands here for a type of resource goes before `limits`."""
    relative_ceiling: float = 0.01
    mismatch_ppm_ceiling: float = 1000.0
    digest: str = ""
    """Of the parts that a verdict depends on."""

    @property
    def mails(self) -> tuple[str, ...]:
        """Addresses that notices go to."""
        return tuple(person.mail for person in self.people if person.mail)
