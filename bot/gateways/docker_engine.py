"""Sealed boxes on a Docker Engine (20.10 or newer): `ports.Boxes`.

Whoever holds the engine's socket is root on the host, so this side parses nothing contributed. `folder` must be a
path that the engine sees under the same name: with the work side itself in a container, mount it at the host's path.
"""

from __future__ import annotations

import itertools
import secrets
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.gateways.boxes_container import OWNER_LABEL, Seal
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.boxes_owner import Owner
from bot.gateways.boxes_sealed import SealedBox, remove_container
from bot.gateways.boxes_warm import WarmBoxes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from docker import APIClient

    from bot.ports import Json
    from bot.records.box import BoxLimits, BoxRun

log = structlog.get_logger(__name__)
PRELOAD = "onnx"
"""Cheap (0.05 s); torch would cost a waiting box a second of cpu that a running one may need."""
_FIRST_UID, _UIDS = 20_000, 40_000


class DockerBoxes:
    """Starts, fills, hears and removes boxes; safe to be used from several threads."""

    def __init__(self, client: APIClient, image: str, folder: Path, *, keep_warm: bool = False) -> None:
        """`keep_warm`: a box of each kind that was run waits for the next job; it starts when nothing else runs."""
        self.client = client
        self._image = image
        self._owner = Owner(folder)
        self._count = itertools.count(secrets.randbelow(_UIDS))
        self.warm = WarmBoxes(partial(self._started, preload=PRELOAD), refill=keep_warm)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def owner(self) -> str:
        """What the containers of this process are labelled with."""
        return self._owner.name

    def digest(self) -> str:
        """The job image's id: the hash of its configuration, layers included."""
        with engine_errors("the job image could not be looked up"):
            return str(self.client.inspect_image(self._image)["Id"])  # type: ignore[no-untyped-call]  # its stubs miss it

    def prewarm(self, verb: str, limits: BoxLimits) -> None:
        """Start a box in the background, unless one of this kind waits already."""
        self.warm.prewarm(verb, limits)

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = "",
    ) -> BoxRun:
        """Run one box; a waiting one of this verb and these limits is taken, else one is started.

        One of an image that was built for a model (`image`, by digest) is always started: nobody waits for it.
        """
        verb = job["verb"]
        with self.warm.working(verb, limits):
            waiting = None if image else self.warm.take(verb, limits)
            box = waiting or self._started(verb, limits, image=image)
            try:
                run = box.run(job, inputs, take)
            finally:
                box.remove()
        said = {"end": run.end.value, "exit_code": run.exit_code, "seconds": round(run.seconds, 3)}
        log.info("box", verb=verb, warm=waiting is not None, **said)
        return run

    def reap(self) -> int:
        """Remove what dead owners left behind; how many containers that were. To be called at start-up."""
        removed = 0
        for name in self._owner.dead():
            removed += self._remove_all(name)
            self._owner.bury(name)
        return removed

    def close(self) -> None:
        """Remove all boxes of this process, those that run included."""
        self.warm.close()
        self._remove_all(self.owner)
        self._owner.close()

    def _remove_all(self, owner: str) -> int:
        with engine_errors("leftover boxes could not be removed"):
            left = self.client.containers(all=True, filters={"label": f"{OWNER_LABEL}={owner}"})
            for container in left:
                remove_container(self.client, container["Id"])
        return len(left)

    def _started(self, verb: str, limits: BoxLimits, preload: str = "", image: str = "") -> SealedBox:
        number = next(self._count)
        folder = self._owner.folder / str(number)
        uid = _FIRST_UID + number % _UIDS
        box = SealedBox(self.client, Seal(image or self.digest(), verb, limits, uid, str(folder), self.owner, preload))
        box.start()
        box.hear_ready()
        return box
