"""What the work side may know: no GitHub token, no state key, no notification url is among it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

BOX_KINDS = ("auto", "docker", "process")
NAMES = (
    "ACCESSION_BOX",
    "ACCESSION_CACHE",
    "ACCESSION_JOB_IMAGE",
    "ACCESSION_JOB_PYTHON",
    "ACCESSION_KEEP_WARM",
    "ACCESSION_TRUSTED",
    "ACCESSION_ZENODO_TOKEN",
    "ACCESSION_ZENODO_URL",
)
"""All variables of this process; the key-holding side hands on these and no others."""


@dataclass(frozen=True)
class WorkSettings:
    """See the table in README.md."""

    cache: Path
    box: str = "auto"
    job_image: str = "accession-job:latest"
    job_python: str = ""
    trusted: Path | None = None
    zenodo_url: str = "https://zenodo.org"
    zenodo_token: str = field(default="", repr=False)
    keep_warm: bool = True
    builder_image: str = "accession-builder:latest"
    """Builds images for models that declare dependencies of their own (`.ci/build-image builder`)."""
    built_images: int = 8
    """So many of them are kept; the least recently used goes."""
    cache_bytes: int = 50 * 1024**3
    """Least recently used files go when there is more."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> WorkSettings:
        """Read `ACCESSION_*`; raises `ConfigError` for a kind of box there is not."""
        box = environ.get("ACCESSION_BOX") or "auto"
        if box not in BOX_KINDS:
            raise ConfigError(f"ACCESSION_BOX is {box!r}: use one of {', '.join(BOX_KINDS)}.")
        trusted = environ.get("ACCESSION_TRUSTED", "")
        return cls(
            cache=Path(environ.get("ACCESSION_CACHE") or ".accession").absolute(),
            box=box,
            job_image=environ.get("ACCESSION_JOB_IMAGE") or "accession-job:latest",
            job_python=environ.get("ACCESSION_JOB_PYTHON", ""),
            trusted=Path(trusted) if trusted else None,
            zenodo_url=(environ.get("ACCESSION_ZENODO_URL") or "https://zenodo.org").rstrip("/"),
            zenodo_token=environ.get("ACCESSION_ZENODO_TOKEN", ""),
            keep_warm=environ.get("ACCESSION_KEEP_WARM", "1") != "0",
        )
