"""`ports.ImageBuilder` on a Docker Engine: resolve, look whether that lock was built already, else install and keep.

One build at a time on one cache folder, by a lock that dies with its process: a build takes cpu, memory and disk that boxes
need, and whoever waited for the same finds it done. This side parses nothing contributed: requirements come as strings that
are held to a pattern here once more, and each is one argument of pip.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.builder_container import Builder, BuilderContainer, remove_left
from bot.gateways.built_images import BuiltImages
from bot.records.box import BoxLimits
from bot.records.environment import LOCKED_NAME, LOCKED_SHA256, LOCKED_VERSION, REQUIREMENT, Built, Unsolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docker import APIClient

    from bot.ports import Json

log = structlog.get_logger(__name__)
RESOLVE_SECONDS, INSTALL_SECONDS = 600, 1800
_SPARE_SECONDS = 120
"""Longer than pip may take inside: then pip's own words are the evidence, and this limit is only for a builder that hangs."""
_PIP = {
    "index-url": "PIP_INDEX_URL",
    "extra-index-url": "PIP_EXTRA_INDEX_URL",
    "trusted-host": "PIP_TRUSTED_HOST",
    "proxy": "PIP_PROXY",
}
_BUNDLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_MOST = 200


@dataclass(frozen=True)
class BuildLimits:
    """Seconds for pip in each step, images kept; memory, processes and cpus of a builder as for a box."""

    resolve_seconds: float = RESOLVE_SECONDS
    install_seconds: float = INSTALL_SECONDS
    images: int = 8
    memory_bytes: int = BoxLimits.memory_bytes
    pids: int = 512
    cpus: int = BoxLimits.cpus


class DockerImageBuilder:
    """Safe to be used from several threads and processes on one cache folder."""

    def __init__(
        self,
        client: APIClient,
        image: str,
        folder: Path,
        pip: Mapping[str, str],
        limits: BuildLimits | None = None,
        *,
        owner: str = "",
    ) -> None:
        """`pip` as `pip_settings` gives it; `folder` keeps the lock, what was resolved before, and times of use.

        `owner` marks what is built; by default the folder's path, which tells folders apart on one machine.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._client = client
        self._image = image
        self._folder = folder
        self._pip = dict(pip)
        self._limits = limits or BuildLimits()
        self._owner = owner or hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self.images = BuiltImages(client, folder / "used", self._owner, most=self._limits.images)

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """As `ports.ImageBuilder`."""
        wanted = sorted(set(requirements))
        if not 0 < len(wanted) <= _MOST or not all(REQUIREMENT.fullmatch(one) for one in wanted):
            raise GatewayError("Those are no requirements for the builder.", reason="bad-requirements", transient=False)
        builder = self._digest()
        with self._only():
            known = self._known(builder, wanted)
            return known or self._built(builder, wanted)

    def reap(self) -> int:
        """Remove builders that a killed process left; how many that were."""
        with self._only() as removed:
            return removed

    def _built(self, builder: str, wanted: list[str]) -> Built | Unsolved:
        said = self._resolved(builder, wanted)
        if said["outcome"] != "done":
            return _unsolved(said)
        lock = plain_json.digest({"builder": builder, "lock": said["lock"]})
        found = self.images.find(lock)
        if found is None:
            with self._container(builder, "install", self._limits.install_seconds) as container:
                job = {"lock": said["lock"], "seconds": self._limits.install_seconds, "pip": self._pip}
                installed = container.run(job)
                if installed["outcome"] != "done":
                    return _unsolved(installed)
                found = self.images.keep(container.id, lock)
            log.info("model's image built", image=found, lock=lock, packages=len(said["lock"]))
            self.images.make_room()
        self._recipe(builder, wanted).write_text(lock, encoding="ascii")
        return Built(found, lock)

    def _resolved(self, builder: str, wanted: list[str]) -> Json:
        with self._container(builder, "resolve", self._limits.resolve_seconds) as container:
            said = container.run({"requirements": wanted, "seconds": self._limits.resolve_seconds, "pip": self._pip})
        if said["outcome"] == "done" and not (said["lock"] and all(_plain(one) for one in said["lock"])):
            raise GatewayError("The builder gave a lock that is none.", reason="builder", transient=False)
        return said

    def _known(self, builder: str, wanted: list[str]) -> Built | None:
        """What the same requirements were resolved to before, while its image is there: their verdict stays the same."""
        try:
            lock = self._recipe(builder, wanted).read_text(encoding="ascii")
        except OSError:
            return None
        found = self.images.find(lock) if LOCKED_SHA256.fullmatch(lock) else None
        return Built(found, lock) if found else None

    def _recipe(self, builder: str, wanted: list[str]) -> Path:
        folder = self._folder / "recipes"
        folder.mkdir(exist_ok=True)
        return folder / plain_json.digest([builder, wanted])

    def _container(self, builder: str, verb: str, seconds: float) -> BuilderContainer:
        limits = BoxLimits(
            seconds=int(seconds) + _SPARE_SECONDS,
            memory_bytes=self._limits.memory_bytes,
            pids=self._limits.pids,
            cpus=self._limits.cpus,
            output_bytes=4 * 1024**2,
        )
        return BuilderContainer(self._client, Builder(builder, limits, self._owner), verb)

    def _digest(self) -> str:
        with engine_errors("the builder's image could not be looked up"):
            return str(self._client.inspect_image(self._image)["Id"])  # type: ignore[no-untyped-call]  # its stubs miss it

    @contextmanager
    def _only(self) -> Iterator[int]:
        """The right to build, which is also the right to clear up after those who died with it."""
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield remove_left(self._client, self._owner)
        finally:
            os.close(descriptor)


def pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Where pip finds packages, from the work side's own environment: addresses, and the certificates' text."""
    found = {name: environ[variable] for name, variable in _PIP.items() if environ.get(variable)}
    bundle = next((Path(environ[name]) for name in _BUNDLES if environ.get(name)), None)
    return found | ({"cert": bundle.read_text(encoding="utf-8")} if bundle is not None and bundle.is_file() else {})


def _plain(one: Mapping[str, str]) -> bool:
    return bool(
        LOCKED_NAME.fullmatch(one["name"])
        and LOCKED_VERSION.fullmatch(one["version"])
        and LOCKED_SHA256.fullmatch(one["sha256"])
    )


def _unsolved(said: Json) -> Unsolved:
    """The contributor's; raises `GatewayError` for what is ours."""
    if said["outcome"] == "unreachable":
        raise GatewayError(said["message"], reason="registry", transient=True)
    return Unsolved(said["message"], said["words"])
