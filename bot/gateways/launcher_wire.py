"""One connection between `work` and the launcher: frames of the box protocol over a unix socket, files as descriptors.

A message is a frame (`boxes_frames`): its name is what is meant, its payload strict JSON or raw bytes. The launcher takes
the other side for hostile: sizes are judged from the announcement, every wait has an end, and one message brings one
descriptor at most. A descriptor cannot be aimed elsewhere after it was looked at, which a path can.
"""

from __future__ import annotations

import array
import contextlib
import os
import select
import socket
import time
from typing import TYPE_CHECKING

from bot import plain_json
from bot.gateways.boxes_frames import HEADER, BoxBrokeError, FrameReader
from bot.gateways.launcher_forms import BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from bot.gateways.boxes_frames import Header

VERSION = "accession-launcher/1"
"""The first message's name; another one is refused with a sentence."""
PIECE_BYTES = 256 * 1024
_DESCRIPTOR = array.array("i").itemsize
HANGUP = select.POLLRDHUP | select.POLLHUP | select.POLLERR


class WireError(Exception):
    """The other side is gone, too slow, or says what is no message."""


class Wire:
    """Owns its socket; used by one thread at a time, `close` aside."""

    def __init__(self, connected: socket.socket, *, limit: int, seconds: float) -> None:
        """`limit`: all payloads that the other side may announce, together; `seconds`: for whatever comes next."""
        self.socket = connected
        self._reader = FrameReader(self._pull, limit=limit)
        self._files: list[int] = []
        self.patience(seconds)

    def patience(self, seconds: float) -> None:
        """From now on, everything together has this long."""
        self._until = time.monotonic() + seconds

    def say(self, name: str, payload: bytes = b"", *, file: int | None = None) -> None:
        """Send one message, with an open file's descriptor or without."""
        encoded = name.encode()
        head = HEADER.pack(len(encoded), len(payload)) + encoded
        try:
            self.socket.settimeout(self._left())
            if file is not None:  # in one piece, so that the next message's file does not arrive with its end
                head, payload = head + payload, b""
                head = head[socket.send_fds(self.socket, [head], [file]) :]
            self.socket.sendall(head)
            if payload:
                self.socket.settimeout(self._left())
                self.socket.sendall(payload)
        except OSError as error:
            raise WireError(f"the other side does not take it ({type(error).__name__})") from None

    def say_json(self, name: str, body: Any) -> None:
        """Send one message whose payload is JSON."""
        self.say(name, plain_json.dumps(body).encode())

    def head(self) -> Header | None:
        """The next message's name and size; None where the other side ended the talk."""
        with _broken():
            return self._reader.next()

    def pieces(self, size: int) -> Iterator[bytes]:
        """That message's payload, as it comes."""
        with _broken():
            yield from self._reader.payload(size)

    def body(self, size: int, *, limit: int = BODY_BYTES) -> bytes:
        """That message's payload, whole."""
        if size > limit:
            raise WireError(f"a message of {size} bytes, where {limit} are allowed")
        return b"".join(self.pieces(size))

    def file(self) -> int:
        """The descriptor that came with the last message; the caller closes it."""
        if not self._files:
            raise WireError("a message without its file")
        return self._files.pop()

    def hung_up(self) -> bool:
        """Whether the other side is gone; asks without waiting."""
        poller = select.poll()
        poller.register(self.socket, HANGUP)
        return bool(poller.poll(0))

    def shut(self) -> None:
        """End the talk from another thread: whoever waits on this socket wakes up."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up, and drop descriptors that nobody took."""
        while self._files:
            os.close(self._files.pop())
        self.socket.close()

    def _pull(self) -> bytes:
        try:
            self.socket.settimeout(self._left())
            data, found, flags, _ = self.socket.recvmsg(
                PIECE_BYTES, socket.CMSG_LEN(_DESCRIPTOR), socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            raise WireError(f"nothing more is heard ({type(error).__name__})") from None
        for level, kind, content in found:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._files += array.array("i", content[: len(content) // _DESCRIPTOR * _DESCRIPTOR])
        if flags & socket.MSG_CTRUNC or len(self._files) > 1:
            raise WireError("more files than messages")
        return data

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@contextlib.contextmanager
def _broken() -> Iterator[None]:
    """What the reader says of a box holds for a connection too, in other words."""
    try:
        yield
    except BoxBrokeError as broke:
        raise WireError(f"no message ({broke.end.value})") from None
