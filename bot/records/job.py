"""What the key-holding side asks of the work side, after `schemas/job.schema.json` has looked at it."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bot.records.box import BoxLimits

if TYPE_CHECKING:
    from bot.ports import Json

_MIB, _GIB = 1024**2, 1024**3
EVIDENCE_DAYS = 30


@dataclass(frozen=True)
class JobLimits:
    """The collection's defaults, where policy names none; bytes, seconds, counts as in the schema."""

    rdf_bytes: int = 1_000_000
    file_bytes: int = 4 * _GIB
    package_bytes: int = 8 * _GIB
    files: int = 256
    fetch_seconds: int = 1800
    box_seconds: int = BoxLimits.seconds
    box_extra_seconds: int = 60
    box_memory_bytes: int = BoxLimits.memory_bytes
    box_pids: int = BoxLimits.pids
    box_cpus: int = BoxLimits.cpus
    box_output_bytes: int = BoxLimits.output_bytes

    @classmethod
    def from_json(cls, limits: Json, kind: str = "") -> JobLimits:
        """Policy over defaults, and what policy says of that type of resource over both."""
        said = limits | limits.get("by_type", {}).get(kind, {})
        return cls(**{field.name: said[field.name] for field in fields(cls) if field.name in said})

    def extra_seconds(self) -> float:
        """How long the further runs of one box may take: never more than a quarter of its time."""
        return min(float(self.box_extra_seconds), self.box_seconds / 4)

    def box(self) -> BoxLimits:
        """Limits of one box; its scratch never takes more than half of its memory."""
        return BoxLimits(
            seconds=self.box_seconds,
            memory_bytes=self.box_memory_bytes,
            pids=self.box_pids,
            cpus=self.box_cpus,
            output_bytes=self.box_output_bytes,
            scratch_bytes=min(BoxLimits.scratch_bytes, self.box_memory_bytes // 2),
        )

    def for_describe(self) -> dict[str, int]:
        """What the describe box keeps itself."""
        return {name: getattr(self, name) for name in ("rdf_bytes", "file_bytes", "package_bytes", "files")}


@dataclass(frozen=True)
class SourceFile:
    """One file of the upload, as the archive lists it."""

    name: str
    url: str
    size: int
    md5: str | None


@dataclass(frozen=True)
class Job:
    """One request; `policy` is kept as JSON because boxes and verdict keys take it as such."""

    files: tuple[SourceFile, ...]
    override: bytes | None
    limits: JobLimits
    """For every type of resource: what is read before the type is known is held to these."""
    policy: dict[str, Any]
    known: str | None = None
    """A content hash: where the whole verdict on it is known, it is the answer, and nothing is fetched."""
    evidence_days: int = EVIDENCE_DAYS
    """How long pictures and produced tensors that the verdict names are kept."""
    build: str = ""
    """Content hash for which a maintainer allowed that images are built; empty for none."""

    @classmethod
    def from_json(cls, job: Json) -> Job:
        """From JSON that fits the schema; raises ValueError for a base64 that is none."""
        override = job["rdf_override"]
        return cls(
            files=tuple(SourceFile(**file) for file in job["source"]["files"]),
            override=None if override is None else b64decode(override, validate=True),
            limits=JobLimits.from_json(job["policy"]["limits"]),
            policy=job["policy"],
            known=job.get("known"),
            evidence_days=job.get("evidence_days", EVIDENCE_DAYS),
            build=job.get("build", ""),
        )

    def limits_for(self, kind: str) -> JobLimits:
        """The limits of boxes that work on a resource of that type."""
        return JobLimits.from_json(self.policy["limits"], kind)

    def listing(self) -> list[dict[str, Any]]:
        """Name and size of every file, as boxes take it."""
        return [{"name": file.name, "size": file.size} for file in self.files]
