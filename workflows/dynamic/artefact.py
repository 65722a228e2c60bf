"""The tensors that a box made, as a zip to download: the same tensors give the same bytes."""

from __future__ import annotations

import re
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_BYTES = 256 * 1024**2
"""Of the zip; what would be larger is not kept."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_LONGEST = 64


class _TooLargeError(OSError):
    """The zip is longer than it may be."""


def artefact(tensors: Sequence[tuple[str, Path]]) -> bytes | None:
    """A zip of `<output>.npy` for each name and file; None for none, and where it would exceed `MOST_BYTES` or the disk."""
    if not tensors:
        return None
    try:
        with tempfile.TemporaryFile() as file:
            with zipfile.ZipFile(file, "w") as archive:
                for name, (_, path) in zip(safe_names([name for name, _ in tensors]), tensors, strict=True):
                    _add(archive, file, f"{name}.npy", path)
            file.seek(0)
            return file.read()
    except OSError:
        return None


def safe_names(names: Sequence[str]) -> list[str]:
    """Names of files for names of outputs: plain, not hidden, none twice, be it in another case."""
    taken: set[str] = set()
    found = []
    for index, name in enumerate(names):
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:_LONGEST] or "output"
        while plain.lower() in taken:
            plain = f"{plain}-{index}"
        taken.add(plain.lower())
        found.append(plain)
    return found


def _add(archive: zipfile.ZipFile, file: IO[bytes], name: str, path: Path) -> None:
    """Raises _TooLargeError as soon as the zip is longer than it may be."""
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
            if file.tell() > MOST_BYTES:
                raise _TooLargeError
