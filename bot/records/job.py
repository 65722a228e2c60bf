"""What the key-holding side asks of the work side, after `schemas/job.schema.json` has looked at it."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bot.records.box import BoxLimits

if TYPE_CHECKING:
    from bot.ports import Json

_MIB, _GIB = 1024**2, 1024**3


@dataclass(frozen=True)
class JobLimits:
    """The collection's defaults, where policy names none; bytes, seconds, counts as in the schema."""

    rdf_bytes: int = 1_000_000
    file_bytes: int = 4 * _GIB
    package_bytes: int = 8 * _GIB
    files: int = 256
    fetch_seconds: int = 1800
    box_seconds: int = BoxLimits.seconds
    box_memory_bytes: int = BoxLimits.memory_bytes
    box_pids: int = BoxLimits.pids
    box_cpus: int = BoxLimits.cpus
    box_output_bytes: int = BoxLimits.output_bytes

    @classmethod
    def from_json(cls, limits: Json) -> JobLimits:
        """Policy over defaults."""
        return cls(**{field.name: limits[field.name] for field in fields(cls) if field.name in limits})

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
    policy: dict[str, Any]
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
            build=job.get("build", ""),
        )

    def listing(self) -> list[dict[str, Any]]:
        """Name and size of every file, as boxes take it."""
        return [{"name": file.name, "size": file.size} for file in self.files]
