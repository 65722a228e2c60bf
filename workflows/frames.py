"""Frames: the only words that cross the wall of a box (`.github/BOXES.md`, Streams).

A frame is the length of its name (4 bytes, big endian, 1 to 128), the length of its payload (8 bytes, big endian), the
name (UTF-8) and the payload.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_NAME = 128
HEAD = struct.Struct(">IQ")


class FrameError(ValueError):
    """The stream does not hold a frame."""


def head(name: str, size: int) -> bytes:
    """What stands before a payload of `size` bytes."""
    encoded = name.encode()
    if not 1 <= len(encoded) <= MAX_NAME:
        raise FrameError(f"a frame's name has 1 to {MAX_NAME} bytes, not {len(encoded)}")
    return HEAD.pack(len(encoded), size) + encoded


def write(stream: BinaryIO, name: str, payload: bytes) -> None:
    """Write one frame and flush, so that the reader can act on it at once."""
    stream.write(head(name, len(payload)))
    stream.write(payload)
    stream.flush()


def read(stream: BinaryIO, limit: int) -> tuple[str, bytes] | None:
    """The next frame's name and payload, None at the end of the stream.

    Raises FrameError where the stream ends inside a frame, or a payload is announced as longer than `limit` bytes.
    """
    start = stream.read(HEAD.size)
    if not start:
        return None
    if len(start) < HEAD.size:
        raise FrameError("the stream ends inside a frame's head")
    name_size, size = HEAD.unpack(start)
    if not 1 <= name_size <= MAX_NAME:
        raise FrameError(f"a frame's name has 1 to {MAX_NAME} bytes, not {name_size}")
    if size > limit:
        raise FrameError(f"a frame of {size:,} bytes is longer than the limit of {limit:,}")
    return _name(_exactly(stream, name_size)), _exactly(stream, size)


def _name(encoded: bytes) -> str:
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise FrameError("a frame's name is not UTF-8") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    got = stream.read(size)
    if len(got) < size:
        raise FrameError(f"the stream ends {size - len(got):,} bytes inside a frame")
    return got
