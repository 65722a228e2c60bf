"""Small true PNGs (RFC 2083: signature, header, one data chunk, end), so that what is shown can be looked at."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

Rows = Sequence[Sequence[tuple[int, int, int]]]


def png(rows: Rows) -> bytes:
    """Rows of red, green and blue, 8 bits each."""
    size = struct.pack(">II5B", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    data = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size) + _chunk(b"IDAT", zlib.compress(data, 9)) + _chunk(b"IEND", b"")


def plain(colour: tuple[int, int, int], width: int = 8, height: int = 4) -> bytes:
    """One colour: different colours are different pictures."""
    return png([[colour] * width] * height)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
