"""One conversation with one box, the same over an engine's socket and a subprocess's pipes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from bot import plain_json
from bot.gateways.boxes_frames import BoxBrokeError, FrameReader, encode
from bot.gateways.boxes_verbs import DONE_BYTES, largest
from bot.gateways.boxes_words import ready_limit, time_limit
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.ports import Json
    from bot.records.box import BoxLimits

    Take = Callable[[str, Iterator[bytes], int], None]

READY_SECONDS = 120.0
"""Loading the libraries; no contributed byte has been read yet, so being late is ours."""
_NAME_SHOWN = 64


class Link(Protocol):
    """Bytes to and from one box. Both verbs raise `TimeoutError` after `seconds`."""

    def recv(self, seconds: float) -> bytes:
        """The next bytes of its stdout, `b""` at the end."""

    def send(self, data: bytes, seconds: float) -> None:
        """Write to its stdin; a box that is gone is noticed by `recv`, not here."""


class Talk:
    """`ready`, the job, the verb's frames, `done`; one deadline from the job to the end."""

    def __init__(self, link: Link, verb: str, limits: BoxLimits) -> None:
        self._link = link
        self._verb = verb
        self._limits = limits
        self._deadline = time.monotonic() + READY_SECONDS
        self._too_late = ready_limit(READY_SECONDS)
        self._reader = FrameReader(self._pull, limit=limits.output_bytes)
        self.started = time.monotonic()

    def hear_ready(self) -> bool:
        """True when the box is ready for its job, False when it ended before."""
        header = self._reader.next()
        if header is not None and (header.name, header.size) != ("ready", 0):
            raise BoxBrokeError(BoxEnd.PROTOCOL, "Its first frame is not an empty `ready`.")
        return header is not None

    def give(self, job: Json) -> None:
        """Hand over the job; the time limit runs from here."""
        self.started = time.monotonic()
        self._deadline = self.started + self._limits.seconds
        self._too_late = time_limit(self._limits.seconds)
        try:
            self._link.send(encode("job", plain_json.dumps(job).encode()), self.left())
        except TimeoutError:
            raise self._late() from None

    def hear(self, take: Take) -> Json | None:
        """Give each frame to `take` until `done`, whose object is returned; None where the stream ends without it."""
        taken: set[str] = set()
        while (header := self._reader.next()) is not None:
            if header.name == "done":
                return self._done(header.size)
            self._allow(header.name, header.size, taken)
            payload = self._reader.payload(header.size)
            take(header.name, payload, header.size)
            for _ in payload:
                pass
            taken.add(header.name)
        return None

    def hear_nothing(self, seconds: float) -> bool:
        """After `done` the stream ends (True) or stays silent for so long; anything else breaks the protocol."""
        try:
            more = self._link.recv(seconds)
        except TimeoutError:
            return False
        if more or self._reader.buffered:
            raise BoxBrokeError(BoxEnd.PROTOCOL, "It sent a frame after `done`.")
        return True

    @property
    def silent(self) -> bool:
        """It handed out nothing at all, `ready` aside."""
        return self._reader.frames <= 1

    def left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self._deadline - time.monotonic())

    def _allow(self, name: str, size: int, taken: set[str]) -> None:
        shown = repr(name[:_NAME_SHOWN])
        try:
            limit = largest(self._verb, name)
        except KeyError:
            raise BoxBrokeError(BoxEnd.PROTOCOL, f"It sent the frame {shown}, which nobody asked for.") from None
        if name in taken:
            raise BoxBrokeError(BoxEnd.PROTOCOL, f"It sent the frame {shown} twice.")
        if limit is not None and size > limit:
            raise BoxBrokeError(BoxEnd.PROTOCOL, f"Its frame {shown} has {size} bytes; {limit} are allowed.")

    def _done(self, size: int) -> Json:
        if size > DONE_BYTES:
            raise BoxBrokeError(BoxEnd.PROTOCOL, "Its `done` is too large.")
        try:
            done = plain_json.loads(b"".join(self._reader.payload(size)), limit=DONE_BYTES)
        except plain_json.NotPlainError:
            raise BoxBrokeError(BoxEnd.PROTOCOL, "Its `done` is no JSON.") from None
        if not isinstance(done, dict):
            raise BoxBrokeError(BoxEnd.PROTOCOL, "Its `done` is no JSON object.")
        return done

    def _pull(self) -> bytes:
        try:
            return self._link.recv(self.left())
        except TimeoutError:
            raise self._late() from None

    def _late(self) -> BoxBrokeError:
        return BoxBrokeError(BoxEnd.TIME, self._too_late)
