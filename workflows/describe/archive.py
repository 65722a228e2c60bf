"""A zip that nobody trusts: its central directory is judged before a byte is unpacked, and nothing is written to disk."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from workflows.describe.answer import Member, Refusal

_RATIO = 200  # unpacked to packed; text and label images reach 100 in earnest
_RATIO_FLOOR = 1_000_000  # bytes below which the ratio says nothing
_ENCRYPTED = 0x1
_NAME_LIMIT = 512
_DIRECTORY_LIMIT = 1_000_000  # bytes of central directory, read whole by `zipfile`
_END_OF_DIRECTORY = b"PK\x05\x06"
_IGNORED = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")
_DEFECTS = (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, UnicodeError, RuntimeError)


def inspect(path: Path, limits: Mapping[str, int]) -> list[Member] | Refusal:
    """The members worth keeping, in the archive's order, or why the archive is not opened."""
    if _directory_size(path) > _DIRECTORY_LIMIT:
        return Refusal("archive-too-large", "The zip's table of contents is too long: upload fewer files.")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _DEFECTS:
        return Refusal(
            "unsafe-archive", "The zip cannot be read: pack it again, without encryption or several volumes."
        )
    return _too_large(infos, limits) or _unsafe(infos) or _members(infos)


def read(path: Path, members: Sequence[Member]) -> Iterator[tuple[Member, bytes] | Refusal]:
    """The bytes of each member; a member that is not what the directory says ends it with a refusal."""
    with zipfile.ZipFile(path) as archive:
        for member in members:
            try:
                with archive.open(member.entry) as stream:
                    content = _exactly(stream, member.size)
            except (*_DEFECTS, zlib.error) as error:
                yield Refusal(
                    "unsafe-archive", f"{member.name!r} in the zip is damaged ({type(error).__name__}): pack it again."
                )
                return
            yield member, content


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """All bytes, never more than declared: `zipfile` checks the CRC at the end, a longer member fails."""
    content = stream.read(size)
    if len(content) != size:
        raise ValueError("another size than declared")
    return content


def _directory_size(path: Path) -> int:
    """Bytes of the central directory as the end record tells; 0 where there is none (then opening fails)."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(-min(file.tell(), 65_557), 2)  # the record and its longest comment
        tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _too_large(infos: Sequence[zipfile.ZipInfo], limits: Mapping[str, int]) -> Refusal | None:
    if len(infos) > limits["files"]:
        message = f"The zip holds {len(infos):,} entries; at most {limits['files']:,} are taken."
        return Refusal("archive-too-large", message)
    for info in infos:
        if info.file_size > limits["file_bytes"]:
            message = f"{_short(info.filename)} in the zip has {info.file_size:,} bytes; at most {limits['file_bytes']:,} are taken."
            return Refusal("archive-too-large", message)
        if info.file_size > max(_RATIO_FLOOR, _RATIO * info.compress_size):
            message = f"{_short(info.filename)} in the zip unpacks to over {_RATIO} times its size: upload it unpacked."
            return Refusal("archive-too-large", message)
    total = sum(info.file_size for info in infos)
    if total > limits["package_bytes"]:
        message = f"The zip unpacks to {total:,} bytes; at most {limits['package_bytes']:,} are taken."
        return Refusal("archive-too-large", message)
    return None


def _unsafe(infos: Sequence[zipfile.ZipInfo]) -> Refusal | None:
    seen: set[str] = set()
    for info in infos:
        fault = _fault(info) or ("stands in it twice" if info.filename in seen else None)
        if fault:
            return Refusal("unsafe-archive", f"{_short(info.filename)} in the zip {fault}: pack it again without it.")
        seen.add(info.filename)
    return None


def _fault(info: zipfile.ZipInfo) -> str | None:
    name, mode = info.orig_filename, info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or a device, not a file"
    if not name or len(name) > _NAME_LIMIT or "\0" in name:
        return "has an impossible name"
    if "\\" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "has a name that is an absolute or a Windows path"
    if ".." in PurePosixPath(name).parts:
        return "has a name that climbs out of the folder"
    return None


def _members(infos: Sequence[zipfile.ZipInfo]) -> list[Member] | Refusal:
    """Files below the single top folder, if there is one that holds everything."""
    files = [info for info in infos if not info.is_dir() and not _IGNORED.search(info.filename)]
    tops = {info.filename.partition("/")[0] for info in files}
    nested = len(tops) == 1 and all("/" in info.filename for info in files)
    cut = len(next(iter(tops))) + 1 if nested else 0
    members = [Member(info.filename[cut:], info.file_size, info.filename) for info in files]
    if len({str(PurePosixPath(member.name)) for member in members}) != len(members):
        return Refusal("unsafe-archive", "Two names in the zip mean the same file: pack it again.")
    return members


def _short(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:80] + "…")  # noqa: PLR2004 - as much as a sentence bears
