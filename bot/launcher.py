"""The composition root of `accession launcher`: the one process that has the engine's socket.

That socket is root on the host. So this process fetches nothing, opens nothing contributed, listens on no network, and
holds no key. Of a box it reads the heads of frames and one small JSON, its `done`; of the work side, what
`gateways/launcher_session.py` lists.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog

from bot import logs
from bot.errors import ConfigError
from bot.gateways.launcher_client import LauncherBoxes
from bot.work_settings import WorkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.gateways.launcher_server import LauncherServer

log = structlog.get_logger(__name__)


def main(environ: Mapping[str, str]) -> int:
    """Serve until SIGTERM or SIGINT; every box goes with it."""
    logs.configure(())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        open_launcher(WorkSettings.from_env(environ), environ, stack).serve()
    return 0


def ping(environ: Mapping[str, str]) -> int:
    """For health checks, on either side of the socket; raises `GatewayError` where something is missing."""
    LauncherBoxes(_path(WorkSettings.from_env(environ)), knock_seconds=0).ping()
    return 0


def open_launcher(settings: WorkSettings, environ: Mapping[str, str], stack: ExitStack) -> LauncherServer:
    """The server, listening; `GatewayError` for the engine, `ConfigError` for settings."""
    from bot.gateways.boxes_host import engine_path
    from bot.gateways.docker_client import open_engine
    from bot.gateways.docker_engine import DockerBoxes
    from bot.gateways.image_builder import BuildLimits, DockerImageBuilder, pip_settings
    from bot.gateways.launcher_forms import Ceilings
    from bot.gateways.launcher_server import LauncherServer
    from bot.gateways.launcher_session import Bay
    from bot.gateways.launcher_slots import Slots

    path = _path(settings)
    client = open_engine()
    stack.callback(client.close)
    folder = settings.cache / "boxes"
    seen_as = engine_path(client, folder)
    boxes = DockerBoxes(client, settings.job_images, folder, seen_as=seen_as, keep_warm=settings.keep_warm)
    stack.callback(boxes.close)
    boxes.images()
    builder = DockerImageBuilder(
        client,
        settings.builder_image,
        settings.cache / "environments",
        pip_settings(environ),
        BuildLimits(images=settings.built_images),
        owner=_kept_name(settings.cache / "name"),
    )
    slots = Slots(Ceilings().on(boxes.machine()), boxes.machine())
    bay = Bay(boxes, builder, builder.images.made, settings.cache / "inputs", slots)
    server = stack.enter_context(LauncherServer(path, bay))
    log.info("boxes of a former life", removed=boxes.reap(), builders=builder.reap())
    return server


def _path(settings: WorkSettings) -> Path:
    if settings.launcher is None:
        raise ConfigError("ACCESSION_LAUNCHER is not set: the path of the launcher's socket.")
    return settings.launcher


def _kept_name(path: Path) -> str:
    """What built images are labelled with: in containers every launcher's folder has the same path."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(secrets.token_hex(8), encoding="ascii")
        beside.replace(path)
    return path.read_text(encoding="ascii")
