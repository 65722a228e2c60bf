"""The stage of a journey through Actions: the worlds, a repository that holds the bot's own workflows, and its people."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.actions.hub import Hub, Told
from tests.actions.machine import ROOT, Machine
from tests.journeys.conftest import Ahead
from tests.world.publish import publish_folder
from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.actions.run import Run

REPOSITORY = "zoo/collection"
STATE_KEY = "a-state-key-that-no-box-may-ever-see"
UPLOADER = "token-of-the-uploader"
POLICY = """\
name: Sample zoo
keywords: [bioimage.io]
people:
- {{id: {curator}, login: curator}}
approvals: 1
publish_branch: main
"""
WORKING = ("actions prepare", "actions formats", "actions produce", "actions judge", "actions test")
"""What touches contributed content."""


@dataclass
class Stage:
    hub: Hub
    github: Told
    zenodo: ZenodoWorld
    clock: Ahead

    def publish(self, folder: Path, keyword: str = "bioimage.io") -> str:
        """Somebody uploads; the record's number."""
        return str(
            publish_folder(folder, zenodo=self.zenodo.url, keyword=keyword, token=UPLOADER, title="A model")["id"]
        )

    def later(self, seconds: int = 2) -> None:
        """GitHub tells whole seconds: an approval has to come after the report."""
        self.clock.offset += seconds

    def report(self, number: int) -> str:
        """The one report comment."""
        found = [c.body for c in self.github.comments(REPOSITORY, number) if "accession:report" in c.body]
        assert len(found) == 1, found
        return found[0]

    def secrets(self) -> list[str]:
        return [*self.hub.secrets.values(), *self.hub.tokens]


def workflows() -> dict[str, str]:
    """The bot's own, as its repository holds them; `ci.yml` is about its code."""
    found = sorted((ROOT / ".github/workflows").glob("*.yml"))
    return {f".github/workflows/{path.name}": path.read_text() for path in found if path.name != "ci.yml"}


@contextmanager
def a_channel() -> Iterator[int]:
    """The port of somebody who takes every notice."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Channel)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Channel(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@contextmanager
def set_stage(folder: Path, samples: list[Path], files: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """`samples` may be run unsealed here; `files` are the repository's workflows."""
    clock = Ahead()
    github, zenodo = Told(folder / "github", clock=clock), ZenodoWorld(folder / "zenodo", clock=time.time)
    lines = [hashlib.sha256(path.read_bytes()).hexdigest() for one in samples for path in one.iterdir()]
    with serve(github) as at_github, serve(zenodo) as at_zenodo, a_channel() as heard:
        github.url, zenodo.url = at_github.url, at_zenodo.url
        zenodo.add_user("contributor", UPLOADER)
        people = {login: github.add_user(login).id for login in ("zoo", "curator", "ada-sample", "mallory")}
        founding = {"README.md": "A zoo.\n", "collection/accession.yaml": POLICY.format(curator=people["curator"])}
        github.create_repository(REPOSITORY, founding | dict(workflows() if files is None else files))
        github.add_collaborator(REPOSITORY, "curator", "write")
        github.add_token("github-actions[bot]", "ghs_nobody", kind="actions", permissions={})
        secrets = {"ACCESSION_STATE_KEY": STATE_KEY, "ACCESSION_NOTIFY": f"json://127.0.0.1:{heard}/a-secret-address"}
        machine = Machine.make(folder / "machine", "\n".join(lines) + "\n")
        hub = Hub(github, REPOSITORY, machine, secrets, {"ACCESSION_ZENODO_URL": zenodo.url})
        yield Stage(hub, github, zenodo, clock)
        github.close()


def leaks(stage: Stage, runs: list[Run]) -> list[str]:
    """Where a secret is to be seen by a job that touches contributed content: environment, files, git's settings."""
    found = []
    for job in (job for run in runs for job in run.jobs if touches(job.steps)):
        values = stage.secrets()
        forms = {
            form for value in values for form in (value, base64.b64encode(f"x-access-token:{value}".encode()).decode())
        }
        for step in job.steps:
            seen = [name for name, text in step.environment.items() if any(form in text for form in forms)]
            found += [f"{job.name}: {name} of `{step.text[:40]}`" for name in seen]
        for path in (path for path in job.place.folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            found += [f"{job.name}: {path.name}" for form in forms if form.encode() in content]
    return found


def touches(steps: list[object]) -> bool:
    return any(work in step.text for step in steps for work in WORKING)  # type: ignore[attr-defined]
