"""Frames of the box protocol (`.github/BOXES.md`), read incrementally: a frame is never held in memory.

The attack: a box that announces 2^63 bytes, a name of a gigabyte, or nothing at all. Sizes are judged from the
announcement, before a byte of the payload is read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.gateways.boxes_words import output_limit
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER = struct.Struct(">IQ")
"""Name length (4 bytes, 1 to 128) and payload length (8 bytes), big endian."""
NAME_BYTES = 128


class BoxBrokeError(Exception):
    """The box did something that ends it; inside the gateway only, it leaves as a `BoxRun`."""

    def __init__(self, end: BoxEnd, sentence: str = "", *, cut: bool = False) -> None:
        """`cut`: nothing more can come of it, so that it may have been ended by somebody else."""
        super().__init__(sentence)
        self.end = end
        self.sentence = sentence
        self.cut = cut


@dataclass(frozen=True)
class Header:
    """What a frame announces of itself."""

    name: str
    size: int


def encode(name: str, payload: bytes) -> bytes:
    """One frame, ready to be written."""
    encoded = name.encode()
    return HEADER.pack(len(encoded), len(payload)) + encoded + payload


class FrameReader:
    """Cuts a stream into frames; `pull` gives the next bytes, or `b""` at the end of the stream."""

    def __init__(self, pull: Callable[[], bytes], *, limit: int) -> None:
        self._pull = pull
        self._limit = limit
        self._buffer = b""
        self._announced = 0
        self.frames = 0

    def next(self) -> Header | None:
        """The next frame's header; None where the stream ends between two frames."""
        first = self._exactly(HEADER.size, may_end=True)
        if not first:
            return None
        length, size = HEADER.unpack(first)
        if not 1 <= length <= NAME_BYTES:
            raise BoxBrokeError(BoxEnd.PROTOCOL, f"It sent a frame name of {length} bytes.")
        try:
            name = self._exactly(length).decode()
        except UnicodeDecodeError:
            raise BoxBrokeError(BoxEnd.PROTOCOL, "It sent a frame name that is no UTF-8.") from None
        self._count(size)
        self.frames += 1
        return Header(name, size)

    def payload(self, size: int) -> Iterator[bytes]:
        """The frame's bytes, piece by piece; to be consumed before `next` is asked again."""
        left = size
        while left:
            piece = self._buffer or self._more()
            taken, self._buffer = piece[:left], piece[left:]
            left -= len(taken)
            yield taken

    @property
    def buffered(self) -> bool:
        """Bytes arrived that belong to no frame read so far."""
        return bool(self._buffer)

    def _count(self, size: int) -> None:
        self._announced += size
        if self._announced > self._limit:
            raise BoxBrokeError(BoxEnd.OUTPUT, output_limit(self._announced, self._limit))

    def _exactly(self, size: int, *, may_end: bool = False) -> bytes:
        while len(self._buffer) < size:
            piece = self._pull()
            if not piece and may_end and not self._buffer:
                return b""
            self._buffer += piece or self._cut()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _more(self) -> bytes:
        return self._pull() or self._cut()

    @staticmethod
    def _cut() -> bytes:
        raise BoxBrokeError(BoxEnd.FAILED, "It ended in the middle of a frame.", cut=True)
