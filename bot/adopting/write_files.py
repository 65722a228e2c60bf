"""Files into a checkout: each as a whole or not at all, and never over what somebody changed, unless told to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Outcome = Literal["written", "unchanged", "kept", "replaced"]


@dataclass(frozen=True)
class Written:
    """What became of one file; `kept` is one that differs and was left alone."""

    path: str
    outcome: Outcome


def write_files(folder: Path, files: Mapping[str, str], *, force: bool, dry_run: bool = False) -> list[Written]:
    """Looks at all of them before it writes the first; raises `ConfigError` where a file cannot be."""
    if not folder.is_dir():
        raise ConfigError(f"--output: {folder} is no folder: name the collection's checkout.", reason="usage")
    root = folder.resolve()
    try:
        found = {path: _outcome(root, path, text, force=force) for path, text in files.items()}
        if not dry_run:
            for path, outcome in found.items():
                if outcome in {"written", "replaced"}:
                    _replace(root / path, files[path])
    except OSError as error:
        raise ConfigError(
            f"{error.filename or folder} cannot be written: {error.strerror}.", reason="output"
        ) from error
    return [Written(path, outcome) for path, outcome in found.items()]


def _outcome(root: Path, path: str, text: str, *, force: bool) -> Outcome:
    place = root / path
    if place.parent.resolve() != place.parent or place.is_symlink():
        raise ConfigError(f"{path} would be written through a symbolic link: remove it first.", reason="output")
    if place.exists() and not place.is_file():
        raise ConfigError(f"{path} is there and no file.", reason="output")
    if not place.exists():
        return "written"
    if place.read_bytes() == text.encode():
        return "unchanged"
    return "replaced" if force else "kept"


def _replace(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.new")
    try:
        fresh.write_bytes(text.encode())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
