"""Sealed boxes on a Docker Engine (20.10 or newer): `ports.Boxes`.

Whoever holds the engine's socket is root on the host, so this side parses nothing contributed. With this process itself in
a container, `seen_as` is what the engine calls `folder` (`boxes_host.py`).
"""

from __future__ import annotations

import itertools
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.gateways.boxes_container import OWNER_LABEL, Seal
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.boxes_images import Images
from bot.gateways.boxes_leash import Leash
from bot.gateways.boxes_owner import Owner
from bot.gateways.boxes_places import Places, closed
from bot.gateways.boxes_sealed import SealedBox, remove_container
from bot.gateways.boxes_warm import Kind, WarmBoxes, beside_warm, discard, most_warm
from bot.records.box import FIRST, Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from typing import Self

    from docker import APIClient

    from bot.ports import Json
    from bot.records.box import BoxLimits, BoxRun

log = structlog.get_logger(__name__)
SPARE: Mapping[str, str] = {FIRST: "onnx,torchscript", "tensorflow": "keras_hdf5", "tfjs": "tensorflow_js"}
"""By kind of image: weight formats whose frameworks a box loads that is started before any job is in sight.

torch costs it 200 MB and a second that nobody waits for; without, TorchScript weights would wait for that second.
"""
_FIRST_UID, _UIDS = 20_000, 40_000
_LEAVE_SECONDS = 5.0
"""For those who heard the boxes that are removed."""


class DockerBoxes:
    """Starts, fills, hears and removes boxes; safe to be used from several threads."""

    def __init__(
        self,
        client: APIClient,
        images: Mapping[str, str],
        folder: Path,
        *,
        seen_as: Path | None = None,
        keep_warm: bool = False,
    ) -> None:
        """`images`: the engine's names by kind. `keep_warm`: a box of each kind that was run waits for the next job."""
        self.client = client
        self._machine = self._ask_machine()
        self._images = Images(client, images)
        self._owner = Owner(folder)
        self._seen_as = (seen_as or folder) / self._owner.name
        self._count = itertools.count(secrets.randbelow(_UIDS))
        self._removers = ThreadPoolExecutor(2, thread_name_prefix="remove")
        self._removals: set[Future[None]] = set()
        self._closing = threading.Event()
        self.places = Places(beside_warm(self._machine))
        self.warm = WarmBoxes(self._started, spare=self._spare, most=most_warm(self._machine), refill=keep_warm)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def owner(self) -> str:
        """What the containers of this process are labelled with."""
        return self._owner.name

    def images(self) -> Mapping[str, str]:
        """As `ports.Boxes`; believed for some seconds."""
        return self._images.digests()

    def machine(self) -> Machine:
        """The engine's machine, which need not be this one."""
        return self._machine

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """Start boxes in the background until there is one for each of the formats."""
        self.warm.prewarm(self.kind(verb, limits, image), formats or ("",))

    def kind(self, verb: str, limits: BoxLimits, image: str = FIRST) -> Kind:
        """Boxes that may take such a job; raises `GatewayError` where there is no image of that kind."""
        return Kind(self._images.digest(image), verb, limits)

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
        """Run one box when there is a place for it; a waiting one of this kind is taken, else one is started.

        Its time begins after all that, and its removal is not waited for. Of an image that was built for a model none waits
        afterwards: the next job is another model's. Where its leash is cut the box is killed, and what is answered is nobody's.
        """
        leash = leash or Leash()
        kind = self.kind(job["verb"], limits, image)
        with (
            self._unless_closed(),
            self.places.hold(limits, leash.is_cut, whose=whose),
            self.warm.working(kind, again=self._images.is_job_image(kind.image)),
        ):
            waiting = self.warm.take(kind)
            box = waiting or self._started(kind)
            try:
                leash.tie(box.abandon)
                run = box.run(job, inputs, take)
            finally:
                leash.untie()
                self._remove(box)
        said = {"end": run.end.value, "exit_code": run.exit_code, "seconds": round(run.seconds, 3)}
        log.info("box", verb=kind.verb, image=self._images.kind(kind.image), warm=waiting is not None, **said)
        return run

    def settle(self) -> None:
        """Wait until every box that has run is gone."""
        wait(set(self._removals))

    def reap(self) -> int:
        """Remove what dead owners left behind; how many containers that were. To be called at start-up."""
        removed = 0
        for name in self._owner.dead():
            removed += self._remove_all(name)
            self._owner.bury(name)
        return removed

    def close(self) -> None:
        """Remove all boxes of this process, those that run included: whoever hears one of these hears of the end of this."""
        self._closing.set()
        self.places.shut()
        self.warm.close()
        self._removers.shutdown(wait=True)
        self._remove_all(self.owner)
        if not self.places.empty(_LEAVE_SECONDS):
            log.warning("boxes are still heard")
        self._remove_all(self.owner)
        self._owner.close()

    @contextmanager
    def _unless_closed(self) -> Iterator[None]:
        """What a box says while it is being removed is nobody's verdict, whatever it looks like."""
        try:
            yield
        except GatewayError:
            if not self._closing.is_set():
                raise
        if self._closing.is_set():
            raise closed()

    def _remove(self, box: SealedBox) -> None:
        try:
            removal = self._removers.submit(discard, box)
        except RuntimeError:  # closed meanwhile: then it goes right here
            discard(box)
            return
        self._removals.add(removal)
        removal.add_done_callback(self._removals.discard)

    def _remove_all(self, owner: str) -> int:
        with engine_errors("leftover boxes could not be removed"):
            left = self.client.containers(all=True, filters={"label": f"{OWNER_LABEL}={owner}"})
            for container in left:
                remove_container(self.client, container["Id"])
        return len(left)

    def _started(self, kind: Kind, preload: str = "") -> SealedBox:
        """Where its job waits already, a box loads nothing beforehand but what every job needs."""
        number = next(self._count)
        seal = Seal(
            kind.image,
            kind.verb,
            kind.limits,
            _FIRST_UID + number % _UIDS,
            str(self._owner.folder / str(number)),
            self.owner,
            preload,
            str(self._seen_as / str(number)),
        )
        box = SealedBox(self.client, seal)
        box.start()
        box.hear_ready()
        return box

    def _spare(self, kind: Kind) -> str:
        return SPARE.get(self._images.kind(kind.image), "") if kind.verb == "produce" else ""

    def _ask_machine(self) -> Machine:
        with engine_errors("the container engine could not be asked for its machine"):
            info = self.client.info()
        return Machine(int(info["NCPU"]), int(info["MemTotal"]))
