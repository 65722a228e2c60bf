"""What the launcher costs: a warm box asked directly and through the socket, and the copy of a large input.

Needs the engine and the job image; one row says so where they are not. Least of some rounds, of this machine.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot import launcher
from bot.gateways.docker_client import open_engine
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.launcher_client import LauncherBoxes
from bot.records.box import BoxLimits
from bot.work_settings import WorkSettings
from tests.conftest import no_boxes

if TYPE_CHECKING:
    from bot.ports import Boxes

ROUNDS = 5
RDF = b"type: dataset\nformat_version: 0.2.4\nname: A\n"
LIMITS = BoxLimits()


def rows() -> list[dict[str, object]]:
    """Seconds from the question to the end of the box."""
    if no_boxes():
        return [{"boxes": no_boxes()}]
    with tempfile.TemporaryDirectory(prefix="launcher-") as folder, ExitStack() as stack:
        root = Path(folder)
        inputs = {"a.yaml": root / "a.yaml"}
        inputs["a.yaml"].write_bytes(RDF)
        large = inputs | {"large": root / "large"}
        with large["large"].open("wb") as file:
            file.writelines(os.urandom(1024**2) for _ in range(256))
        large["large"].chmod(0o444)
        found: list[dict[str, object]] = []
        for name, boxes in (("direct", _direct(root, stack)), ("launcher", _launched(root, stack))):
            small = [_once(boxes, inputs) for _ in range(ROUNDS)]
            big = [_once(boxes, large) for _ in range(3)]
            found.append({"boxes": name, "warm s": min(small), "with 256 MiB s": min(big)})
        return found


def _once(boxes: Boxes, inputs: dict[str, Path]) -> float:
    """One job for a box that waits already."""
    boxes.prewarm("describe", LIMITS)
    time.sleep(3)
    files = [{"local": "a.yaml", "name": "rdf.yaml", "size": len(RDF)}]
    limits = {"rdf_bytes": 10**6, "file_bytes": 10**9, "package_bytes": 10**9, "files": 8}
    listing = [{"name": "rdf.yaml", "size": len(RDF)}]
    job = {"verb": "describe", "files": files, "listing": listing, "override": None, "limits": limits}
    started = time.perf_counter()
    run = boxes.run(job, inputs, LIMITS, lambda *_: None)
    assert run.end.value == "done", run
    return time.perf_counter() - started


def _environ(root: Path) -> dict[str, str]:
    image = os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest")
    paths = {"ACCESSION_CACHE": str(root / "cache"), "ACCESSION_LAUNCHER": str(root / "launcher.sock")}
    return paths | {"ACCESSION_JOB_IMAGE": image, "ACCESSION_KEEP_WARM": "0"}


def _direct(root: Path, stack: ExitStack) -> DockerBoxes:
    client = open_engine()
    stack.callback(client.close)
    settings = WorkSettings.from_env(_environ(root))
    return stack.enter_context(DockerBoxes(client, settings.job_images, root / "direct"))


def _launched(root: Path, stack: ExitStack) -> LauncherBoxes:
    environ = _environ(root)
    server = launcher.open_launcher(WorkSettings.from_env(environ), environ, stack)
    threading.Thread(target=server.serve, daemon=True).start()
    return LauncherBoxes(root / "launcher.sock")
