"""What the work side may know: no GitHub token, no state key, no notification url is among it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.errors import ConfigError
from bot.records.box import FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping

BOX_KINDS = ("auto", "docker", "process")
IMAGES: Mapping[str, str] = {
    FIRST: "accession-job:latest",
    "tensorflow": "accession-job-tensorflow:latest",
    "tfjs": "accession-job-tfjs:latest",
}
"""Job images by kind, as `make image` names them."""
LEASE = 20.0
"""Taken over well within a minute."""
NAMES = (
    "ACCESSION_BOX",
    "ACCESSION_CACHE",
    "ACCESSION_EVIDENCE_BYTES",
    "ACCESSION_JOB_IMAGE",
    "ACCESSION_JOB_IMAGE_TENSORFLOW",
    "ACCESSION_JOB_IMAGE_TFJS",
    "ACCESSION_JOB_PYTHON",
    "ACCESSION_KEEP_WARM",
    "ACCESSION_LEASE_SECONDS",
    "ACCESSION_LAUNCHER",
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
    job_images: Mapping[str, str] = field(default_factory=lambda: dict(IMAGES))
    """The engine's names by kind; those after the first may be absent."""
    job_python: str = ""
    trusted: Path | None = None
    zenodo_url: str = "https://zenodo.org"
    zenodo_token: str = field(default="", repr=False)
    keep_warm: bool = True
    launcher: Path | None = None
    """The socket of `accession launcher`; with it this process needs no container engine."""
    builder_image: str = "accession-builder:latest"
    """Builds images for models that declare dependencies of their own (`.ci/build-image builder`)."""
    built_images: int = 8
    """So many of them are kept; the least recently used goes."""
    cache_bytes: int = 50 * 1024**3
    """Least recently used files go when there is more."""
    evidence_bytes: int = 5 * 1024**3
    """Pictures and produced tensors that reports name; the oldest go when there is more."""

    work_database: str = field(default="", repr=False)
    """Where questions and answers of a service lie: `sqlite:///path` or `postgresql://…`."""
    lease: float = LEASE
    """Seconds without a sign of life after which others take a process's work over."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in an output."""
        return (self.zenodo_token, *password_of(self.work_database))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> WorkSettings:
        """Read `ACCESSION_*`; raises `ConfigError` for a kind of box there is not."""
        box = environ.get("ACCESSION_BOX") or "auto"
        if box not in BOX_KINDS:
            raise ConfigError(f"ACCESSION_BOX is {box!r}: use one of {', '.join(BOX_KINDS)}.")
        launcher = environ.get("ACCESSION_LAUNCHER", "")
        if launcher and box == "process":
            raise ConfigError(
                "ACCESSION_BOX is process, and ACCESSION_LAUNCHER names a launcher: leave one of them out."
            )
        trusted = environ.get("ACCESSION_TRUSTED", "")
        evidence = environ.get("ACCESSION_EVIDENCE_BYTES") or str(cls.evidence_bytes)
        if not evidence.isdecimal():
            raise ConfigError(f"ACCESSION_EVIDENCE_BYTES is {evidence!r}: give a number of bytes.")
        cache = Path(environ.get("ACCESSION_CACHE") or ".accession").absolute()
        return cls(
            cache=cache,
            work_database=work_database(environ, cache),
            lease=number_of(environ, "ACCESSION_LEASE_SECONDS", LEASE, least=1, most=50),
            box=box,
            job_images={kind: environ.get(_variable(kind)) or name for kind, name in IMAGES.items()},
            job_python=environ.get("ACCESSION_JOB_PYTHON", ""),
            trusted=Path(trusted) if trusted else None,
            zenodo_url=(environ.get("ACCESSION_ZENODO_URL") or "https://zenodo.org").rstrip("/"),
            zenodo_token=environ.get("ACCESSION_ZENODO_TOKEN", ""),
            keep_warm=environ.get("ACCESSION_KEEP_WARM", "1") != "0",
            launcher=Path(launcher).absolute() if launcher else None,
            evidence_bytes=int(evidence),
        )


def number_of(environ: Mapping[str, str], name: str, default: float, *, least: float, most: float) -> float:
    """The setting as a number between two others, ends included; raises `ConfigError` naming them."""
    text = environ.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise ConfigError(f"{name} is {text[:40]!r}: give a number from {least:g} to {most:g}.")
    return number


def work_database(environ: Mapping[str, str], cache: Path) -> str:
    """The setting of that name, which both sides of the work database read."""
    url = environ.get("ACCESSION_WORK_DATABASE") or f"sqlite:///{cache.absolute() / 'work.sqlite'}"
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise ConfigError(
            "ACCESSION_WORK_DATABASE is no database: give it as sqlite:///path or postgresql://user@host/name."
        )
    return url


def password_of(url: str) -> tuple[str, ...]:
    """An address's password as written and as meant; empty where it has none."""
    password = urlsplit(url).password or ""
    return (password, unquote(password)) if password else ()


def _variable(kind: str) -> str:
    """The first kind's image has no suffix."""
    return "ACCESSION_JOB_IMAGE" + ("" if kind == FIRST else f"_{kind.upper()}")
