"""Puts the work side's real parts together: the one place that chooses between a launcher, an engine and a bare process."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.evidence import FOLDER, Evidence
from bot.checking.json_shelf import JsonShelf
from bot.errors import ConfigError, GatewayError
from bot.gateways.boxes_recorded import RecordingBoxes, RecordingBuilder
from bot.gateways.boxes_replayed import ReplayedBoxes, ReplayedBuilder
from bot.gateways.boxes_trust import read_trusted
from bot.gateways.clock import SystemClock
from bot.gateways.http import Web
from bot.gateways.launcher_client import LauncherBoxes, LauncherBuilder
from bot.gateways.process_box import ProcessBoxes
from bot.gateways.work_engine import LEASE, WorkEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from bot.gateways.docker_engine import DockerBoxes
    from bot.ports import ImageBuilder, Json
    from bot.records.backlog import Backlog
    from bot.work_settings import WorkSettings

log = structlog.get_logger(__name__)


@contextmanager
def open_bench(settings: WorkSettings) -> Iterator[Bench]:
    """The bench; boxes that wait are removed at the end."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    with ExitStack() as stack:
        boxes, builder = _boxes(settings, stack)
        stack.callback(boxes.close)
        evidence = Evidence(settings.cache / FOLDER, quota_bytes=settings.evidence_bytes)
        stack.enter_context(evidence.swept())
        yield Bench(
            cache=BlobCache(settings.cache, quota_bytes=settings.cache_bytes),
            shelf=JsonShelf(settings.cache / "facts"),
            web=Web(settings.zenodo_url, settings.zenodo_token, ca_bundle=bundle),
            boxes=boxes,
            clock=SystemClock(),
            evidence=evidence,
            secret=_secret(settings.cache / "secret"),
            builder=builder,
        )


def open_work_engine(
    url: str,
    *,
    reply: Callable[[Json], Json],
    environment: Callable[[], str],
    choose: Callable[[Backlog, int], Collection[str]],
    lanes: int,
    lease: float = LEASE,
) -> WorkEngine:
    """What hands out the questions of the work database; see there."""
    return WorkEngine(url, reply=reply, environment=environment, choose=choose, lanes=lanes, lease=lease)


def recording(bench: Bench, folder: Path, secret: bytes) -> Bench:
    """The bench of a job that runs models for a judge elsewhere; with its `secret` the judge asks the same questions."""
    builder = RecordingBuilder(bench.builder, folder) if bench.builder else None
    return replace(bench, boxes=RecordingBoxes(bench.boxes, folder), builder=builder, secret=secret)


def replaying(bench: Bench, root: Path, secret: bytes, images: Mapping[str, str]) -> Bench:
    """The bench of a judge for whom the models have been run; `images` names the kinds that were there then."""
    boxes = ReplayedBoxes(bench.boxes, root, images)
    return replace(bench, boxes=boxes, builder=ReplayedBuilder(root), secret=secret)


def _secret(path: Path) -> bytes:
    """Kept, so that what was produced before can be compared with what is produced after a restart."""
    if not path.is_file():
        beside = path.with_suffix(f".{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_bytes(secrets.token_bytes(32))
        beside.replace(path)
    return path.read_bytes()


def _boxes(
    settings: WorkSettings, stack: ExitStack
) -> tuple[LauncherBoxes | DockerBoxes | ProcessBoxes, ImageBuilder | None]:
    """And who builds images: beside sealed boxes only, because what is built can be run nowhere else."""
    if settings.launcher is not None:
        launched = LauncherBoxes(settings.launcher)
        return launched, LauncherBuilder(launched)
    if settings.box != "process":
        boxes = _engine(settings, stack)
        if boxes is not None:
            return boxes, _builder(settings, boxes)
        if settings.box == "docker":
            raise ConfigError("ACCESSION_BOX is docker, but no container engine answers or the job image is not there.")
    python = settings.job_python or sys.executable
    beside = Path(__file__).parents[1]
    cwd = beside if (beside / "workflows").is_dir() else None
    return ProcessBoxes(python, read_trusted(settings.trusted), settings.cache / "process", cwd=cwd), None


def _builder(settings: WorkSettings, boxes: DockerBoxes) -> ImageBuilder:
    from bot.gateways.image_builder import BuildLimits, DockerImageBuilder, pip_settings

    limits = BuildLimits(images=settings.built_images)
    folder = settings.cache / "environments"
    return DockerImageBuilder(boxes.client, settings.builder_image, folder, pip_settings(os.environ), limits)


def _engine(settings: WorkSettings, stack: ExitStack) -> DockerBoxes | None:
    """None where no engine answers, or it has no job image; a process with a launcher does without docker's library."""
    try:
        from bot.gateways.docker_client import open_engine
        from bot.gateways.docker_engine import DockerBoxes
    except ModuleNotFoundError:
        return None
    boxes = None
    try:
        client = open_engine()
        stack.callback(client.close)
        boxes = DockerBoxes(client, settings.job_images, settings.cache / "boxes", keep_warm=settings.keep_warm)
        boxes.images()
        boxes.reap()
    except GatewayError as error:
        log.warning("the container engine is of no use", reason=error.reason, message=error.message)
        if boxes is not None:
            boxes.close()
        return None
    return boxes
