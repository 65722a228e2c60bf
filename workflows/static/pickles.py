"""Which pickles a file holds, as torch and Python would find them, and what each would import."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from workflows.static.formats.torch import LEGACY
from workflows.static.readers import magic
from workflows.static.readers.byte_stream import ByteStream
from workflows.static.readers.pickle_scan import MOST_OPS, Scan, scan
from workflows.static.readers.zips import Member, NotAZip, chunks, members

_BLOCK = 1 << 16
_LEGACY_PICKLES = 5  # magic number, protocol, system, object, keys of the storages, whose bytes follow
_MOST_PICKLES = 64
_MOST_BYTES = 1024**3  # of one unpacked pickle: without its tensors, a thousandth of it is much
_SUFFIXES = (".pkl", ".pickle", ".debug_pkl")
_STARTS = frozenset(b"\x80(c]}l.")


@dataclass(frozen=True)
class Found:
    """One pickle: its name in the archive (empty in a bare file) and what the walk found."""

    where: str
    scan: Scan


def pickles(file: BinaryIO) -> Iterator[Found]:
    """All pickles of an open file, decided by its first bytes as torch decides, whatever its name and its end look like."""
    start = file.read(magic.HEAD)
    kind = magic.kind(start)
    file.seek(0)
    if kind == magic.ZIP:
        yield from _zipped(file)
    elif start.startswith(LEGACY):
        yield from _bare(file, _LEGACY_PICKLES)
    elif kind in {magic.PICKLE, magic.TEXT, magic.BINARY, magic.TAR}:
        yield from _bare(file, _MOST_PICKLES, doubtful=kind != magic.PICKLE)


def _zipped(file: BinaryIO) -> Iterator[Found]:
    """Every member that ends like a pickle, at any depth and in upper or lower case, as torch's reader finds them."""
    try:
        found = [member for member in members(file) if member.name.lower().endswith(_SUFFIXES)]
    except NotAZip as error:
        yield Found("", Scan((), f"the archive {error}"))
        return
    left = MOST_OPS
    for member in found:
        one = _member(file, member, left)
        left -= one.steps
        yield Found(member.name, one)


def _member(file: BinaryIO, member: Member, most: int) -> Scan:
    try:
        return scan(ByteStream(chunks(file, member, _MOST_BYTES)), most)
    except NotAZip as error:
        return Scan((), f"the archive {error}")


def _bare(file: BinaryIO, most: int, *, doubtful: bool = False) -> Iterator[Found]:
    """One pickle after the other; the first has to be one, unless it is doubtful that there is any."""
    stream, left = ByteStream(iter(lambda: file.read(_BLOCK), b"")), MOST_OPS
    for number in range(most):
        if number and stream.peek() not in _STARTS:
            return
        one = scan(stream, left)
        left -= one.steps
        if one.broken and (doubtful or number) and not one.names:
            return  # what follows, or what this is, is no pickle
        yield Found("", one)
        if one.broken:
            return
