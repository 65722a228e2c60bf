"""One run of the work process: its pipes, and who waits for which answer."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways.work_answers import reply_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

    from bot.ports import Json

LINE_BYTES = 2 * 1024**2
"""The longest line that is read: a blob of 1 MB in base64 fits, everything else is held to 256 KB afterwards."""
LEAVE_SECONDS = 30.0
"""Removing its boxes takes the child a moment."""


class ChildGoneError(Exception):
    """The child died, said something that is no answer, or was too slow (`late`)."""

    def __init__(self, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.late = late


class Child:
    """A running child; a thread hands its answers to those who wait."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=dict(environ),
                process_group=0,  # Ctrl-C is for us: what is under way there is finished first
            )
        except OSError as error:
            message = f"The work side cannot be started: {error.strerror}."
            raise GatewayError(message, reason="work-start", transient=False) from None
        self._waiting: dict[object, Future[Json]] = {}
        self._lock = threading.Lock()
        self._open = True
        self._reader = threading.Thread(target=self._read, name="work-answers", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """It can be asked."""
        return self._open and self._process.poll() is None

    def ask(self, request: Json, seconds: float) -> Json:
        """The answer; raises `ChildGoneError`, or `GatewayError` as the child puts it."""
        future: Future[Json] = Future()
        with self._lock:
            if not self._open:
                raise ChildGoneError("has ended")
            self._waiting[request["id"]] = future
        self._write(plain_json.dumps(request).encode() + b"\n")
        try:
            reply = future.result(seconds)
        except TimeoutError:
            raise ChildGoneError(f"did not answer within {seconds:g} s", late=True) from None
        finally:
            with self._lock:
                self._waiting.pop(request["id"], None)
        return reply_of(reply)

    def close(self) -> None:
        """End its stdin, wait, then kill."""
        with contextlib.suppress(OSError, ValueError):
            self._stdin.close()
        try:
            self._process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=5)
        if self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def _stdin(self) -> IO[bytes]:
        if self._process.stdin is None:
            raise ChildGoneError("has no pipes")
        return self._process.stdin

    def _write(self, line: bytes) -> None:
        try:
            with self._lock:
                self._stdin.write(line)
                self._stdin.flush()
        except (OSError, ValueError):
            raise ChildGoneError("has ended") from None

    def _read(self) -> None:
        stdout = self._process.stdout
        while stdout is not None and (line := stdout.readline(LINE_BYTES)):
            try:
                self._hand_over(plain_json.loads(line, limit=LINE_BYTES))
            except plain_json.NotPlainError:
                self._process.kill()
                break
        with self._lock:
            self._open = False
            waiting = list(self._waiting.values())
        for future in waiting:
            if not future.done():
                future.set_exception(ChildGoneError("ended before it answered"))

    def _hand_over(self, reply: object) -> None:
        if not isinstance(reply, dict) or not isinstance(reply.get("id"), int):
            raise plain_json.NotPlainError("is no answer")
        with self._lock:
            future = self._waiting.pop(reply["id"], None)
        if future is not None:
            future.set_result(reply)
