"""A subprocess's pipes as a `Link`; what it prints is read by a thread of its own into a bounded tail."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import TYPE_CHECKING

from bot.gateways.boxes_words import Tail

if TYPE_CHECKING:
    import subprocess

_READ = 256 * 1024


class PipeLink:
    """Owns the pipes of a process that was started with all three of them, unbuffered."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process was started without its pipes")
        self._in, self._out, self._printed = process.stdin, process.stdout, process.stderr
        os.set_blocking(self._in.fileno(), False)
        self.tail = Tail()
        self._drain = threading.Thread(target=self._keep_tail, name="box-stderr", daemon=True)
        self._drain.start()

    def recv(self, seconds: float) -> bytes:
        """The next bytes of stdout."""
        if not select.select([self._out], [], [], seconds)[0]:
            raise TimeoutError
        return os.read(self._out.fileno(), _READ)

    def send(self, data: bytes, seconds: float) -> None:
        """Write all; a broken pipe is left to `recv` to tell."""
        until, view = time.monotonic() + seconds, memoryview(data)
        while view:
            if not select.select([], [self._in], [], max(0.0, until - time.monotonic()))[1]:
                raise TimeoutError
            try:
                view = view[os.write(self._in.fileno(), view) :]
            except BrokenPipeError:
                return

    def close(self) -> None:
        """To be called when the process has ended."""
        self._drain.join(timeout=5)
        for pipe in (self._in, self._out, self._printed):
            pipe.close()

    def _keep_tail(self) -> None:
        while piece := os.read(self._printed.fileno(), _READ):
            self.tail.add(piece)
