"""Sealed boxes on a Docker Engine (20.10 or newer): `ports.Boxes`.

Whoever holds the engine's socket is root on the host, so this side parses nothing contributed. `folder` must be a
path that the engine sees under the same name: with the work side itself in a container, mount it at the host's path.
"""

from __future__ import annotations

import itertools
import secrets
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.gateways.boxes_container import LABEL, OWNER_LABEL, Seal
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.boxes_owner import Owner
from bot.gateways.boxes_sealed import SealedBox, remove_container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from docker import APIClient

    from bot.ports import Json
    from bot.records.box import BoxLimits, BoxRun

    Kind = tuple[str, BoxLimits]

log = structlog.get_logger(__name__)
PRELOAD = "onnx,torchscript"
MAX_WARM = 4
"""Boxes that wait at the same time; one with torch loaded holds about 300 MB."""
_FIRST_UID, _UIDS = 20_000, 40_000


class DockerBoxes:
    """Starts, fills, hears and removes boxes; safe to be used from several threads."""

    def __init__(self, client: APIClient, image: str, folder: Path, *, keep_warm: bool = False) -> None:
        """`keep_warm` starts a replacement when a warm box has done its job (earlier, it would take its cpus)."""
        self._client = client
        self._image = image
        self._keep_warm = keep_warm
        self._owner = Owner(folder)
        self._count = itertools.count(secrets.randbelow(_UIDS))
        self._warm: dict[Kind, Future[SealedBox]] = {}
        self._lock = threading.Lock()
        self._starters = ThreadPoolExecutor(2, thread_name_prefix="prewarm")

    def __enter__(self) -> Self:
        """Use as a context manager, so that waiting boxes are removed."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def digest(self) -> str:
        """The job image's id: the hash of its configuration, layers included."""
        with engine_errors("the job image could not be looked up"):
            return str(self._client.inspect_image(self._image)["Id"])  # type: ignore[no-untyped-call]  # its stubs miss it

    def prewarm(self, verb: str, limits: BoxLimits) -> None:
        """Start a box in the background unless one waits; beyond `MAX_WARM` the kind asked for longest ago goes."""
        with self._lock:
            if (verb, limits) in self._warm:
                return
            while len(self._warm) >= MAX_WARM:
                self._starters.submit(_discard, self._warm.pop(next(iter(self._warm))))
            self._warm[verb, limits] = self._starters.submit(self._started, verb, limits, PRELOAD)

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
    ) -> BoxRun:
        """Run one box; a waiting one of this verb and these limits is taken, else one is started."""
        box = self._take_warm(job["verb"], limits)
        warm = box is not None
        box = box or self._started(job["verb"], limits)
        try:
            run = box.run(job, inputs, take)
        finally:
            box.remove()
            if warm and self._keep_warm:
                self.prewarm(job["verb"], limits)
        log.info(
            "box",
            verb=job["verb"],
            end=run.end.value,
            warm=warm,
            seconds=round(run.seconds, 3),
            exit_code=run.exit_code,
        )
        return run

    def reap(self) -> int:
        """Remove what dead owners left behind; how many containers that were. To be called at start-up."""
        removed = 0
        for name in self._owner.dead():
            removed += self._remove_all(name)
            self._owner.bury(name)
        return removed

    def close(self) -> None:
        """Remove all boxes of this process, waiting ones included."""
        with self._lock:
            waiting = list(self._warm.values())
            self._warm.clear()
        self._starters.shutdown(wait=True)
        for future in waiting:
            _discard(future)
        self._remove_all(self._owner.name)
        self._owner.close()

    def _remove_all(self, owner: str) -> int:
        with engine_errors("leftover boxes could not be removed"):
            left = self._client.containers(all=True, filters={"label": f"{OWNER_LABEL}={owner}"})
            for container in left:
                remove_container(self._client, container["Id"])
        return len(left)

    def _take_warm(self, verb: str, limits: BoxLimits) -> SealedBox | None:
        """A box that is ready, or one that is being started right now; None where there is none alive."""
        with self._lock:
            future = self._warm.pop((verb, limits), None)
        if future is None:
            return None
        try:
            box = future.result()
        except GatewayError:
            return None  # the cold start that follows tells why
        if box.alive():
            return box
        _remove(box)
        return None

    def _started(self, verb: str, limits: BoxLimits, preload: str = "") -> SealedBox:
        number = next(self._count)
        folder = self._owner.folder / str(number)
        seal = Seal(self.digest(), verb, limits, _FIRST_UID + number % _UIDS, str(folder), self._owner.name, preload)
        box = SealedBox(self._client, seal)
        box.start()
        box.hear_ready()
        return box


def _remove(box: SealedBox) -> None:
    """The reaper of the next start gets what cannot be removed now."""
    try:
        box.remove()
    except GatewayError as error:
        log.warning("box left behind", reason=error.reason, label=LABEL)


def _discard(future: Future[SealedBox]) -> None:
    if future.exception() is None:
        _remove(future.result())
