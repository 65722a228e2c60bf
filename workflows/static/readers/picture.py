"""Width and height of a picture from its header, without decoding a pixel.

Sources: W3C PNG 11.2.2, GIF89a 17 and 18, ITU T.81 B.2.2 (JPEG frame header), TIFF 6.0, WebP container, SVG 2.
"""

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workflows.static.readers import magic
from workflows.static.readers.opened import opened

_MOST_SEGMENTS = 1000
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers without a length
_FILL, _END_OF_IMAGE, _START_OF_SCAN = 0xFF, 0xD9, 0xDA
_CMYK = 4


@dataclass(frozen=True)
class Picture:
    """`kind` in the words of `magic`; sizes in pixels, `None` where the header does not tell; `remark` for what may surprise."""

    kind: str
    width: int | None = None
    height: int | None = None
    remark: str = ""


def read_picture(path: Path) -> Picture:
    """What the file is; raises `Unreadable`."""
    with opened(path) as file:
        start = file.read(magic.HEAD)
        kind = magic.kind(start)
        if kind == magic.PNG:
            return _png(start)
        if kind == magic.GIF:
            return _sized(magic.GIF, start, 6, "<2H")
        if kind == magic.JPEG:
            return _jpeg(file)
        return _svg(start) if kind == magic.SVG else Picture(kind)


def _sized(kind: str, start: bytes, at: int, layout: str, remark: str = "") -> Picture:
    if len(start) < at + struct.calcsize(layout):
        return Picture(kind)
    width, height = struct.unpack_from(layout, start, at)
    return Picture(kind, width, height, remark) if width and height else Picture(kind)


def _png(start: bytes) -> Picture:
    if start[12:16] != b"IHDR":
        return Picture(magic.PNG)
    deep = len(start) > 24 and start[24] == 16  # noqa: PLR2004 - IHDR's bit depth
    return _sized(magic.PNG, start, 16, ">2L", "it has 16 bits a channel, of which 8 are shown" if deep else "")


def _jpeg(file: BinaryIO) -> Picture:
    """From segment to segment to the first frame header."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(at)
        head = file.read(10)
        if len(head) < 4 or head[0] != _FILL or head[1] in {_END_OF_IMAGE, _START_OF_SCAN}:  # noqa: PLR2004
            break
        if head[1] in _FRAMES and len(head) == 10:  # noqa: PLR2004 - marker, length, precision, height, width, components
            cmyk = "it is made for print (CMYK), and its colours may look wrong" if head[9] == _CMYK else ""
            height, width = struct.unpack_from(">2H", head, 5)
            return Picture(magic.JPEG, width or None, height or None, cmyk)
        at += 1 if head[1] == _FILL else 2 if head[1] in _ALONE else 2 + int.from_bytes(head[2:4], "big")
    return Picture(magic.JPEG)


def _svg(start: bytes) -> Picture:
    box = re.search(rb"viewBox\s*=\s*['\"]\s*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d{1,6})[\d.]*[\s,]+(\d{1,6})", start)
    return Picture(magic.SVG, int(box[1]), int(box[2])) if box else Picture(magic.SVG)
