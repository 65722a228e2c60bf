"""One conversation with the launcher, as `work` leads it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways import launcher_forms as forms
from bot.gateways.launcher_forms import BODY_BYTES
from bot.gateways.launcher_wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.gateways.boxes_frames import Header
    from bot.gateways.launcher_wire import Wire
    from bot.records.box import BoxRun


class _CutError(Exception):
    """The box ended in the middle of a frame; how, the launcher's next message tells."""


class Talk:
    """Messages in the order of the protocol; raises `WireError`, or `GatewayError` as the launcher puts it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._next: Header | None = None

    def say(self, name: str, payload: bytes = b"", *, file: int | None = None) -> None:
        """Where the launcher does not listen any more, it may have said why."""
        try:
            self.wire.say(name, payload, file=file)
        except WireError:
            self.expect("error")
            raise

    def expect(self, name: str) -> bytes:
        """The payload of the next message, which has that name."""
        head = self._head()
        payload = self.wire.body(head.size)
        if head.name == "error":
            raise forms.error_from(forms.read(payload, "error", limit=BODY_BYTES))
        if head.name != name:
            raise WireError("it says something else than what was asked")
        return payload

    def lend(self, local: str, path: Path) -> None:
        """Pass an open file; the launcher copies it."""
        descriptor = _opened(path)
        try:
            self.say("input", local.encode(errors="replace"), file=descriptor)
        finally:
            os.close(descriptor)

    def hear_box(self, take: Callable[[str, Iterator[bytes], int], None]) -> BoxRun:
        """Give each frame to `take`, until the box has ended; what `take` raises passes."""
        while True:
            head = self._head()
            self._next = head
            if head.name != "frame":
                return forms.run_from(forms.read(self.expect("ran"), "ran", limit=BODY_BYTES))
            said = forms.read(self.expect("frame"), "frame", limit=BODY_BYTES)
            pieces = self._pieces(said["size"])
            try:
                take(said["name"], pieces, said["size"])
                for _ in pieces:
                    pass
            except _CutError:
                continue

    def _pieces(self, size: int) -> Iterator[bytes]:
        left = size
        while left:
            head = self._head()
            if head.name != "piece":
                self._next = head
                raise _CutError
            if not 0 < head.size <= left:
                raise WireError("a piece that does not fit")
            left -= head.size
            yield from self.wire.pieces(head.size)

    def _head(self) -> Header:
        head, self._next = self._next, None
        head = head or self.wire.head()
        if head is None:
            raise WireError("it hung up")
        return head


def _opened(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise _unusable(error.strerror) from None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise _unusable("it is no file")


def _unusable(why: str | None) -> GatewayError:
    return GatewayError(f"an input could not be laid into the box: {why}", reason="box-inputs", transient=True)
