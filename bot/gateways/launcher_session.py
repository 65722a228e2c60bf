"""One connection to the launcher, from its first word to the last: one request of a closed list, then it ends.

What the other side may name: a verb, a kind or digest of images that are the launcher's own, limits (held to ceilings), local
names. What it may bring: the job, which goes into the box unread, and open files.
"""

from __future__ import annotations

import os
import select
import threading
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.errors import GatewayError
from bot.gateways import launcher_forms
from bot.gateways.boxes_leash import Leash
from bot.gateways.launcher_forms import BODY_BYTES, JOB_BYTES
from bot.gateways.launcher_inputs import Inputs
from bot.gateways.launcher_wire import HANGUP, PIECE_BYTES, VERSION, Wire, WireError
from bot.ports import Boxes
from bot.records.box import FIRST, KINDS, BoxLimits, BoxRun

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bot.gateways.launcher_slots import Slots
    from bot.ports import ImageBuilder, Json

log = structlog.get_logger(__name__)
OVERHEAD_BYTES = 1024**2
"""Beside the job: the request, names of inputs, and the words around them."""


class LeashedBoxes(Boxes, Protocol):
    """Boxes that can be ended by whoever asked for them."""

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = FIRST,
        whose: str = "",
        leash: Leash | None = None,
    ) -> BoxRun:
        """As `ports.Boxes`; the box is killed where its leash is cut."""


class Bay:
    """What all connections share."""

    def __init__(
        self, boxes: LeashedBoxes, builder: ImageBuilder, made: Callable[[str], bool], folder: Path, slots: Slots
    ) -> None:
        """`made`: whether the builder made the image of that digest; `folder`: for copies of inputs, emptied at the start."""
        self.boxes = boxes
        self.builder = builder
        self.made = made
        self.folder = folder
        self.slots = slots
        self.ceilings = slots.ceilings

    def image(self, said: str) -> str:
        """A kind, or a digest of the launcher's own; raises `GatewayError` for any other."""
        if said in KINDS or said in self.boxes.images().values() or (said.startswith("sha256:") and self.made(said)):
            return said
        message = "The launcher runs its own job images and those that it built, and no others."
        raise GatewayError(message, reason="no-image", transient=False)


class Session:
    """One connection."""

    def __init__(self, connected: socket.socket, bay: Bay) -> None:
        self._bay = bay
        self._ceilings = bay.ceilings
        limit = JOB_BYTES + OVERHEAD_BYTES
        self.wire = Wire(connected, limit=limit, seconds=self._ceilings.request_seconds)
        self._verbs = {
            "ping": self._images,
            "images": self._images,
            "machine": self._machine,
            "prewarm": self._prewarm,
            "build": self._build,
            "run": self._run,
        }

    def serve(self) -> None:
        """Answer, and hang up; whatever happens, the other side is told as long as it is there."""
        try:
            try:
                self._answer()
            except GatewayError as error:
                self.wire.patience(self._ceilings.request_seconds)
                self.wire.say_json("error", launcher_forms.error_json(error))
        except WireError as error:
            log.info("a client is gone", why=str(error))
        finally:
            self.wire.close()

    def _answer(self) -> None:
        name, _ = self._hear()
        if name != VERSION:
            message = f"The launcher speaks {VERSION}: run both from one release."
            raise GatewayError(message, reason="launcher-version", transient=False)
        name, payload = self._hear()
        if name not in self._verbs:
            raise GatewayError("The launcher has no such verb.", reason="bad-request", transient=False)
        self._verbs[name](payload)

    def _hear(self, limit: int = BODY_BYTES) -> tuple[str, bytes]:
        head = self.wire.head()
        if head is None:
            raise WireError("it ended the talk")
        return head.name, self.wire.body(head.size, limit=limit)

    def _images(self, _payload: bytes) -> None:
        self._reply(dict(self._bay.boxes.images()))

    def _machine(self, _payload: bytes) -> None:
        self._reply(asdict(self._bay.boxes.machine()))

    def _prewarm(self, payload: bytes) -> None:
        said = launcher_forms.read(payload, "prewarm")
        image = self._bay.image(said["image"])
        if self._bay.slots.may_prewarm():
            limits = self._ceilings.limits(said["limits"])
            self._bay.boxes.prewarm(said["verb"], limits, image=image, formats=said["formats"])
        self._reply({})

    def _build(self, payload: bytes) -> None:
        said = launcher_forms.read(payload, "build")
        with self._bay.slots.build():
            built = self._bay.builder.build(said["requirements"])
        self._reply(launcher_forms.built_json(built))

    def _run(self, payload: bytes) -> None:
        """The other side is let in when there is a place; only then its files are copied and its job is read."""
        said = launcher_forms.read(payload, "run")
        limits, image, whose = self._ceilings.limits(said["limits"]), self._bay.image(said["image"]), said["whose"]
        with (
            self._bay.slots.places.hold(limits, self.wire.hung_up, whose=whose),
            Inputs(self._bay.folder, most=self._ceilings.inputs, most_bytes=self._ceilings.input_bytes) as inputs,
        ):
            job = launcher_forms.read_job(self._take(inputs), said["verb"])
            self.wire.patience(limits.seconds + self._ceilings.spare_seconds)
            leash = Leash()
            with watched(self.wire.socket, leash):
                run = self._bay.boxes.run(
                    job, inputs.paths, limits, self._hand_out, image=image, whose=whose, leash=leash
                )
            self.wire.say_json("ran", launcher_forms.run_json(run))

    def _take(self, inputs: Inputs) -> bytes:
        """The inputs, and what the box is told."""
        self.wire.patience(self._ceilings.input_seconds)
        self.wire.say("go")
        while True:
            name, payload = self._hear(JOB_BYTES)
            if name == "begin":
                return payload
            if name != "input":
                raise GatewayError("That is no input.", reason="bad-request", transient=False)
            descriptor = self.wire.file()
            try:
                inputs.add(payload.decode(errors="replace"), descriptor)
            finally:
                os.close(descriptor)
            self.wire.patience(self._ceilings.input_seconds)

    def _hand_out(self, name: str, chunks: Iterator[bytes], size: int) -> None:
        """As fast as it is taken: whoever reads slowly holds up its own box, until its time is over."""
        self.wire.say_json("frame", {"name": name, "size": size})
        for chunk in chunks:
            for start in range(0, len(chunk), PIECE_BYTES):
                self.wire.say("piece", chunk[start : start + PIECE_BYTES])

    def _reply(self, answer: Json) -> None:
        self.wire.patience(self._ceilings.request_seconds)
        self.wire.say_json("answer", answer)


@contextmanager
def watched(connected: socket.socket, leash: Leash) -> Iterator[None]:
    """Cut the leash as soon as the other side hangs up, or says something where nothing was asked."""
    wake = os.eventfd(0, os.EFD_CLOEXEC)

    def watch() -> None:
        poller = select.poll()
        poller.register(connected, HANGUP | select.POLLIN)
        poller.register(wake, select.POLLIN)
        if all(descriptor != wake for descriptor, _ in poller.poll()):
            leash.cut()

    watcher = threading.Thread(target=watch, name="launcher-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        os.eventfd_write(wake, 1)
        watcher.join()
        os.close(wake)
