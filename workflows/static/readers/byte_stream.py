"""Bytes that come in blocks, taken in small pieces; long pieces are passed over without being kept."""

from collections.abc import Iterator


class EndOfBytes(ValueError):  # noqa: N818 - named for what it is
    """Less is left than is asked for."""


class ByteStream:
    """Reads from an iterator of blocks; what is kept is never more than one block and one piece of at most `limit` bytes."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._block, self._at = b"", 0
        self._before = 0

    @property
    def place(self) -> int:
        """Bytes taken so far."""
        return self._before + self._at

    def byte(self) -> int | None:
        """The next byte, or `None` at the end."""
        while self._at >= len(self._block):
            if not self._next():
                return None
        self._at += 1
        return self._block[self._at - 1]

    def peek(self) -> int | None:
        """The next byte without taking it."""
        found = self.byte()
        self._at -= found is not None
        return found

    def take(self, size: int) -> bytes:
        """Exactly so many bytes; raises `EndOfBytes`."""
        if self._at + size <= len(self._block):
            self._at += size
            return self._block[self._at - size : self._at]
        return b"".join(self._pieces(size))

    def skip(self, size: int) -> None:
        """Pass over so many bytes; raises `EndOfBytes`."""
        for _ in self._pieces(size):
            pass

    def line(self, limit: int) -> bytes:
        """Up to and without the next line feed; of a longer line only the first `limit` bytes, all of it is passed over."""
        kept = bytearray()
        while True:
            if self._at >= len(self._block) and not self._next():
                raise EndOfBytes
            end = self._block.find(b"\n", self._at)
            stop = end if end >= 0 else len(self._block)
            kept += self._block[self._at : min(stop, self._at + limit - len(kept))]
            self._at = stop + (end >= 0)
            if end >= 0:
                return bytes(kept)

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size > 0:
            if self._at >= len(self._block) and not self._next():
                raise EndOfBytes
            piece = self._block[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def _next(self) -> bool:
        self._before += len(self._block)
        self._block, self._at = next(self._blocks, b""), 0
        return bool(self._block)
