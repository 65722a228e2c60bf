"""`ports.Boxes` and `ports.ImageBuilder` for a process without the engine's socket: it asks the launcher.

A launcher that is gone, or restarts, is ours and passes: `GatewayError` with `transient`. Nothing is asked twice once it was
begun; while nobody listens yet, or all places are taken, this side knocks again for some seconds.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways import launcher_forms as forms
from bot.gateways.launcher_forms import BODY_BYTES
from bot.gateways.launcher_talk import Talk
from bot.gateways.launcher_wire import VERSION, Wire, WireError
from bot.records.box import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.ports import Json
    from bot.records.box import BoxLimits, BoxRun, Machine
    from bot.records.environment import Built, Unsolved

KNOCK_SECONDS = 15.0
"""A restart of the launcher takes less."""
ANSWER_SECONDS = 180.0
"""The launcher's own patience with the engine, and some more."""
TURN_SECONDS = 4 * 3600.0
"""A run waits so long for its turn, behind those of all other clients."""
BUILD_SECONDS = 4 * 3600.0
_CONNECT_SECONDS = 5.0
_PAUSE_SECONDS = 0.2
_OVERHEAD_BYTES = 64 * 1024**2
_READY_SECONDS = 420.0
"""Beyond a box's own time: libraries to load, inputs to be copied, results to be taken."""


class LauncherBoxes:
    """Safe to be used from several threads; each request has a connection of its own."""

    def __init__(self, path: Path, *, knock_seconds: float = KNOCK_SECONDS) -> None:
        self._path = path
        self._knock_seconds = knock_seconds
        self._open: set[Wire] = set()
        self._lock = threading.Lock()

    def ping(self) -> None:
        """Raises `GatewayError` unless launcher, engine and first job image are there."""
        self.ask("ping", {})

    def images(self) -> Mapping[str, str]:
        """As `ports.Boxes`."""
        return dict(self.ask("images", {}, "images"))

    def machine(self) -> Machine:
        """The launcher's."""
        return forms.machine_from(self.ask("machine", {}, "machine"))

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """As `ports.Boxes`; the launcher may leave it."""
        said = {"verb": verb, "limits": forms.limits_json(limits), "image": image, "formats": list(formats)}
        self.ask("prewarm", said)

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = FIRST,
        whose: str = "",
    ) -> BoxRun:
        """As `ports.Boxes`; where `take` raises, the launcher ends the box because this side hangs up."""
        told = forms.job_bytes(job)
        said = {"verb": job["verb"], "limits": forms.limits_json(limits), "image": image, "whose": whose}
        with self._asked("run", said, "go", TURN_SECONDS, limit=limits.output_bytes + _OVERHEAD_BYTES) as (talk, _):
            for local, path in inputs.items():
                talk.wire.patience(ANSWER_SECONDS)
                talk.lend(local, path)
            talk.wire.patience(limits.seconds + _READY_SECONDS)
            talk.say("begin", told)
            return talk.hear_box(take)

    def close(self) -> None:
        """Hang up everywhere, which ends what runs."""
        with self._lock:
            wires = list(self._open)
        for wire in wires:
            wire.shut()

    def ask(self, name: str, body: Json, part: str = "", *, seconds: float = ANSWER_SECONDS) -> Json:
        """One question, one answer, held to that part of the schema where one is named."""
        with self._asked(name, body, "answer", seconds, limit=BODY_BYTES) as (_, payload):
            return forms.read(payload, part, limit=BODY_BYTES) if part else {}

    @contextmanager
    def _asked(self, name: str, body: Json, first: str, seconds: float, *, limit: int) -> Iterator[tuple[Talk, bytes]]:
        """A conversation whose first answer was heard; whatever breaks it becomes a `GatewayError`."""
        until = time.monotonic() + self._knock_seconds
        with ExitStack() as stack:
            stack.enter_context(_went_away())
            while True:
                talk = stack.enter_context(self._connected(until, limit))
                try:
                    talk.say(VERSION)
                    talk.say(name, plain_json.dumps(body).encode())
                    talk.wire.patience(seconds)
                    payload = talk.expect(first)
                    break
                except GatewayError as error:
                    if error.reason != "launcher-busy" or time.monotonic() > until:
                        raise
                time.sleep(_PAUSE_SECONDS)
            yield talk, payload

    @contextmanager
    def _connected(self, until: float, limit: int) -> Iterator[Talk]:
        wire = Wire(self._knock(until), limit=limit, seconds=ANSWER_SECONDS)
        with self._lock:
            self._open.add(wire)
        try:
            yield Talk(wire)
        finally:
            with self._lock:
                self._open.discard(wire)
            wire.close()

    def _knock(self, until: float) -> socket.socket:
        while True:
            connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connected.settimeout(_CONNECT_SECONDS)
                connected.connect(str(self._path))
            except (FileNotFoundError, ConnectionRefusedError, BlockingIOError, TimeoutError):
                connected.close()
            except OSError as error:
                connected.close()
                message = f"The launcher's socket {self._path} cannot be used: {error.strerror or error}."
                raise GatewayError(message, reason="launcher-socket", transient=False) from None
            else:
                return connected
            if time.monotonic() > until:
                message = f"No launcher listens at {self._path}."
                raise GatewayError(message, reason="launcher-down", transient=True)
            time.sleep(_PAUSE_SECONDS)


class LauncherBuilder:
    """`ports.ImageBuilder`: the launcher builds, because only it may make containers."""

    def __init__(self, boxes: LauncherBoxes) -> None:
        self._boxes = boxes

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """As `ports.ImageBuilder`."""
        wanted = sorted(set(requirements))
        return forms.built_from(self._boxes.ask("build", {"requirements": wanted}, "built", seconds=BUILD_SECONDS))


@contextmanager
def _went_away() -> Iterator[None]:
    try:
        yield
    except WireError as error:
        raise GatewayError(f"The launcher went away: {error}.", reason="launcher-gone", transient=True) from None
