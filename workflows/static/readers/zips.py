"""A zip's table of contents, and members' bytes, without `zipfile`: hostile archives make that one raise where others go on.

Scanners were fooled by archives whose CRC, flags or local names are wrong, which loaders do not look at. So the bytes are taken
as the loaders take them, and what is odd is told. Format: PKWARE APPNOTE 6.3.10, 4.3. Nothing is unpacked to disk.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO

from workflows.static.readers.opened import size_of

MOST_MEMBERS = 50_000
_DIRECTORY_LIMIT = 16 * 1024**2
_TAIL = 22 + 65_535  # the end record with the longest comment
_RATIO, _RATIO_FLOOR = 200, 1_000_000  # as `describe.archive`
_END, _ENTRY, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_LOCATOR, _END64 = struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")
_BLOCK = 1 << 16
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF


class NotAZip(ValueError):  # noqa: N818 - named for what the contributor hears
    """The archive, or a member, cannot be read; the text goes on after "it"."""


@dataclass(frozen=True)
class Member:
    """One entry of the table of contents; sizes and offset in bytes as it tells them."""

    name: str
    size: int
    packed: int
    offset: int
    method: int
    flags: int
    mode: int
    crc: int

    @property
    def is_folder(self) -> bool:
        """Folders are entries too, with a name that ends so."""
        return self.name.endswith("/")


def members(file: BinaryIO) -> list[Member]:
    """Every entry; raises `NotAZip` where the table is not where its end says, or is too long."""
    start, size, count = _directory(file, size_of(file))
    if count > MOST_MEMBERS or size > _DIRECTORY_LIMIT:
        raise NotAZip(f"lists {count:,} files; at most {MOST_MEMBERS:,} are read")
    file.seek(start)
    table = file.read(size)
    if len(table) != size:
        raise NotAZip("ends within its table of contents")
    found = list(_entries(table))
    if len(found) != count:
        raise NotAZip("lists another number of files than it announces")
    return found


def chunks(file: BinaryIO, member: Member, limit: int) -> Iterator[bytes]:
    """The member's bytes, at most `limit` of them, as a loader gets them: CRC, flags and local name are not asked."""
    file.seek(min(member.offset, size_of(file)))
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise NotAZip(f"has no file where it announces {short(member.name)}")
    name, extra = _LOCAL.unpack(head)[-2:]
    file.seek(member.offset + _LOCAL.size + name + extra)
    if member.method == _STORED:
        yield from _stored(file, min(member.packed, limit))
    elif member.method == _DEFLATED:
        yield from _inflated(file, member, limit)
    else:
        raise NotAZip(f"packs {short(member.name)} in a way that loaders do not know")


def read(file: BinaryIO, member: Member, limit: int) -> bytes:
    """All bytes of a small member, or the first `limit` of a larger one."""
    return b"".join(chunks(file, member, limit))


def odd(found: list[Member]) -> Iterator[str]:
    """What is wrong with the entries, each once, in words that go on after "it"."""
    seen: set[str] = set()
    for member in found:
        fault = _fault(member) or ("twice" if member.name in seen else None)
        seen.add(member.name)
        if fault:
            yield f"holds {short(member.name)} {fault}"
            return


def short(name: str) -> str:
    """A member's name inside a sentence."""
    return repr(name if len(name) <= 80 else name[:80] + "…")  # noqa: PLR2004 - as much as a sentence bears


def _directory(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """Start, size and entries of the table of contents, which has to end where its end record begins."""
    begin = max(0, length - _TAIL)
    file.seek(begin)
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise NotAZip("has no table of contents at its end: it is cut off, or no zip")
    _, disk, _, _, count, size, start, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise NotAZip("goes on after its end")
    if disk not in {0, _MAX16}:
        raise NotAZip("is one of several volumes")
    end = begin + at
    start, size, count, end = _zip64(file, end) or (start, size, count, end)
    if start + size != end:
        raise NotAZip("has something between or before its parts")
    return start, size, count


def _zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
    """The same from the longer end record before the short one, with its place, where there is one."""
    file.seek(max(0, end - _LOCATOR.size))
    locator = file.read(_LOCATOR.size)
    if len(locator) < _LOCATOR.size or locator[:4] != b"PK\x06\x07":
        return None
    at = _LOCATOR.unpack(locator)[2]
    file.seek(min(at, end))
    record = file.read(_END64.size)
    if len(record) < _END64.size or record[:4] != b"PK\x06\x06":
        raise NotAZip("has a damaged table of contents")
    count, size, start = _END64.unpack(record)[-3:]
    return start, size, count, at


def _entries(table: bytes) -> Iterator[Member]:
    at = 0
    while at < len(table):
        if len(table) < at + _ENTRY.size or table[at : at + 4] != b"PK\x01\x02":
            raise NotAZip("has a damaged table of contents")
        entry = _ENTRY.unpack_from(table, at)
        _, made, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, mode, offset = entry
        names = table[at + _ENTRY.size : at + _ENTRY.size + name]
        more = table[at + _ENTRY.size + name : at + _ENTRY.size + name + extra]
        size, packed, offset = _long(more, size, packed, offset)
        text = names.decode("utf-8", "replace")
        yield Member(text, size, packed, offset, method, flags, mode >> 16 if made >> 8 in {3, 19} else 0, crc)
        at += _ENTRY.size + name + extra + comment


def _long(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset that did not fit into 4 bytes stand in the extra field 1, in this order (4.5.3)."""
    numbers = _extra_numbers(extra)
    values = [next(numbers, _MAX32) if value == _MAX32 else value for value in (size, packed, offset)]
    return values[0], values[1], values[2]


def _extra_numbers(extra: bytes) -> Iterator[int]:
    while len(extra) >= 4:  # noqa: PLR2004 - kind and length
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1:
            body = extra[4 : 4 + length]
            yield from (int.from_bytes(body[at : at + 8], "little") for at in range(0, len(body) - 7, 8))
        extra = extra[4 + length :]


def _stored(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        block = file.read(min(size, _BLOCK))
        if not block:
            raise NotAZip("ends before what it announces")
        size -= len(block)
        yield block


def _inflated(file: BinaryIO, member: Member, limit: int) -> Iterator[bytes]:
    stream, left = zlib.decompressobj(-15), limit
    try:
        for block in chain(_stored(file, member.packed), (b"",)):
            while left > 0 and not stream.eof:
                found = stream.decompress(block, min(left, _BLOCK))
                block, left = stream.unconsumed_tail, left - len(found)  # noqa: PLW2901 - what is left of the block
                yield found
                if not block and len(found) < _BLOCK:
                    break
    except zlib.error as error:
        raise NotAZip(f"holds {short(member.name)} in a damaged state") from error


def _fault(member: Member) -> str | None:
    if member.flags & _ENCRYPTED:
        return "encrypted"
    if stat.S_IFMT(member.mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "as a link or a device, not as a file"
    if "\\" in member.name or member.name.startswith("/") or member.name[1:2] == ":":
        return "under an absolute or a Windows path"
    if ".." in PurePosixPath(member.name).parts or not member.name or "\0" in member.name:
        return "under a name that leads out of its folder"
    if member.size > max(_RATIO_FLOOR, _RATIO * member.packed):
        return f"packed to less than one {_RATIO}th"
    return None
