"""The engine's attach stream as a `Link`: stdout goes on, stderr is kept as a bounded tail.

Without a terminal the engine puts 8 bytes before each piece: the stream's number, three zeros, the length (4 bytes,
big endian). Source: https://docs.docker.com/engine/api/v1.41/#operation/ContainerAttach.
"""

from __future__ import annotations

import select
import struct
import time
from typing import TYPE_CHECKING

from bot.gateways.boxes_frames import BoxBrokeError
from bot.gateways.boxes_words import Tail, print_limit
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    import socket
    from typing import Any

_PIECE = struct.Struct(">BxxxI")
_STDOUT = 1
_READ = 256 * 1024


class AttachLink:
    """Owns the attached socket; to be opened before the container starts, so that no byte is lost."""

    def __init__(self, attached: Any, *, print_bytes: int) -> None:
        # docker-py hands out a `socket.SocketIO` and hangs the HTTP response on it; both must be closed
        self._attached = attached
        self._socket: socket.socket = attached._sock  # noqa: SLF001 - nothing public hands it out
        self._socket.settimeout(None)
        self._print_bytes = print_bytes
        self._raw = b""
        self._stream = 0
        self._left = 0
        self.tail = Tail()

    def recv(self, seconds: float) -> bytes:
        """The next bytes of stdout; what is printed meanwhile goes into the tail."""
        until = time.monotonic() + seconds
        while True:
            for_stdout = self._next_piece(until)
            if for_stdout is not None:
                return for_stdout

    def send(self, data: bytes, seconds: float) -> None:
        """Write all; a broken pipe is left to `recv` to tell."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            self._socket.settimeout(None)

    def quiet(self) -> bool:
        """True while nothing is waiting to be read: a box that waits for its job is neither dead nor talking."""
        return not self._raw and not select.select([self._socket], [], [], 0)[0]

    def close(self) -> None:
        """Hang up; a box that still waits sees the end of its stdin."""
        response = getattr(self._attached, "_response", None)
        if response is not None:
            response.close()
        self._attached.close()
        self._socket.close()

    def _next_piece(self, until: float) -> bytes | None:
        if not self._left:
            header = self._raw_bytes(_PIECE.size, until)
            if not header:
                return b""
            self._stream, self._left = _PIECE.unpack(header)
            if not self._left:
                return None
        piece = self._raw or self._more(until)
        taken, self._raw = piece[: self._left], piece[self._left :]
        if not taken:
            return b""
        self._left -= len(taken)
        if self._stream == _STDOUT:
            return taken
        self._printed(taken)
        return None

    def _printed(self, piece: bytes) -> None:
        self.tail.add(piece)
        if self.tail.seen > self._print_bytes:
            raise BoxBrokeError(BoxEnd.OUTPUT, print_limit(self._print_bytes))

    def _raw_bytes(self, size: int, until: float) -> bytes:
        while len(self._raw) < size:
            piece = self._more(until)
            if not piece:
                return b""
            self._raw += piece
        taken, self._raw = self._raw[:size], self._raw[size:]
        return taken

    def _more(self, until: float) -> bytes:
        left = until - time.monotonic()
        if left <= 0 or not select.select([self._socket], [], [], left)[0]:
            raise TimeoutError
        try:
            return self._socket.recv(_READ)
        except ConnectionResetError:
            return b""
