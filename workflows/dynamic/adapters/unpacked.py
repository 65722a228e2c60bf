"""A zip of weights, unpacked into scratch: members below its folder only, never more than scratch can take."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

MOST_MEMBERS = 10_000
BLOCK = 1 << 20
RESERVE = 0.9
"""How much of what is free in scratch may be filled."""


class UnpackingError(ValueError):
    """The zip is none, is too large, or has a member that leads out of its folder."""


def unpacked(archive: Path, limit: int | None = None) -> Path:
    """A new folder in scratch with the members of a zip; at most `limit` bytes, else nine tenths of what is free."""
    if not zipfile.is_zipfile(archive):
        raise UnpackingError("the weights are no zip")
    root = Path(tempfile.mkdtemp(prefix="weights-", dir=Path.cwd()))
    left = limit if limit is not None else int(shutil.disk_usage(root).free * RESERVE)
    with zipfile.ZipFile(archive) as file:
        members = file.infolist()
        faults = [fault for member in members if (fault := fault_of(member))]
        size = sum(member.file_size for member in members)
        if faults or len(members) > MOST_MEMBERS:
            raise UnpackingError(
                faults[0] if faults else f"the zip has {len(members):,} members, over {MOST_MEMBERS:,}"
            )
        if size > left:
            raise UnpackingError(f"the zip unpacks to {size:,} bytes, and the box has room for {left:,}")
        for member in members:
            if not member.is_dir():
                _extract(file, member, root / PurePosixPath(member.filename))
    return root


def fault_of(member: zipfile.ZipInfo) -> str:
    """Why a member is not unpacked, as a sentence; empty where it may be."""
    name = member.filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in name:
        return f"the zip has a member that leads out of its folder: {name[:100]!r}"
    if stat.S_ISLNK(member.external_attr >> 16):
        return f"the zip has a link, which is not followed: {name[:100]!r}"
    if member.flag_bits & 1:
        return f"the zip is encrypted: {name[:100]!r}"
    return ""


def _extract(file: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    """One member, never beyond the size that it declares."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with file.open(member) as source, place.open("xb") as copy:
        shutil.copyfileobj(source, copy, BLOCK)


def folder_with(root: Path, name: str) -> Path:
    """The folder that holds a file of this name: the zip's root, or its only folder at the top."""
    if (root / name).is_file():
        return root
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name != "__MACOSX")
    if len(folders) == 1 and (folders[0] / name).is_file():
        return folders[0]
    raise UnpackingError(f"the zip has no {name} at its top, nor in one folder at its top")
