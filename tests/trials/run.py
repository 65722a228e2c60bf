"""One run: a world, a crew, twenty submissions, and what chance does to them."""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from tests.journeys.conftest import REPOSITORY, TOKEN
from tests.trials.crew import SERVE, WORK, Crew, Member
from tests.trials.ending import Ending, ending, finished
from tests.trials.strike import Striker
from tests.trials.submissions import submissions
from tests.trials.world import SECRET, STATE_KEY, Curator, storm, trial_world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trials.world import TrialWorld

NOTICE = "the-token-of-the-notices"
LEASE = 3.0
QUIET = 2.5
"""Seconds without a write after which a finished world is taken for settled."""
PATIENCE = 120.0
"""Seconds until what is not done is taken for lost."""


@dataclass(frozen=True)
class Run:
    """What one run is like. `databases` are the urls of serve's and work's, or empty for SQLite files."""

    seed: int
    uploads: int = 20
    serves: int = 1
    works: int = 1
    kills: int = 0
    pause: bool = False
    storm: bool = False
    databases: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Outcome:
    """`calls` are requests to GitHub and Zenodo, `writes` those that changed GitHub."""

    ending: Ending
    kills: int
    pauses: int
    seconds: float
    calls: int
    writes: int
    done: bool


def run(folder: Path, what: Run) -> Outcome:
    """Play it to its end."""
    uploads = submissions(what.uploads)
    with ExitStack() as stack:
        world = stack.enter_context(trial_world(folder))
        ports = [_free_port() for _ in range(what.serves)]
        members = _members(folder, world, what, ports)
        world.github.add_webhook(REPOSITORY, f"http://127.0.0.1:{ports[0]}/webhook", SECRET)
        if what.storm:
            storm(world, what.seed)
        began = time.monotonic()
        with Crew(members) as crew, Curator(world, what.seed):
            sleeper = members[what.serves - 1] if what.pause else None
            with Striker(crew, what.seed, kills=what.kills, sleeper=sleeper, nap=LEASE * 2.5) as striker:
                for one in uploads:
                    _notify(ports, world.publish(one))
                    time.sleep(0.1)
                done = _wait(world, uploads, began, lambda: striker.strikes.kills >= what.kills)
        seconds = time.monotonic() - began
        world.github_faults.clear()
        writes = sum(write.actor == "accession" for write in world.github.writes)
        strikes = striker.strikes
        return Outcome(ending(world, uploads), strikes.kills, strikes.pauses, seconds, world.calls(), writes, done)


def _wait(world: TrialWorld, uploads: tuple, began: float, struck) -> bool:
    """Until all is done, all strikes fell, and nothing was written for a while; False where patience ends first."""
    count, since = -1, time.monotonic()
    while time.monotonic() - began < PATIENCE:
        time.sleep(0.25)
        writes = len(world.github.writes)
        if writes != count:
            count, since = writes, time.monotonic()
        if time.monotonic() - since > QUIET and struck() and finished(world, uploads):
            return True
    return False


def _notify(ports: list[int], record: str) -> None:
    """What the archive's side would tell; whoever is away just now hears nothing, and polls."""
    for port in ports[:1]:
        try:
            requests.post(
                f"http://127.0.0.1:{port}/uploads",
                json={"record": record},
                headers={"Authorization": f"Bearer {NOTICE}"},
                timeout=2,
            )
        except requests.RequestException:
            continue


def _members(folder: Path, world: TrialWorld, what: Run, ports: list[int]) -> list[Member]:
    serve = [
        Member(f"serve-{n}", (*SERVE, "--port", str(port)), _serving(folder, world, what), folder / f"serve-{n}.log")
        for n, port in enumerate(ports, 1)
    ]
    work = [
        Member(f"work-{n}", WORK, _working(folder, world, what), folder / f"work-{n}.log")
        for n in range(1, what.works + 1)
    ]
    return [*work, *serve]


def _serving(folder: Path, world: TrialWorld, what: Run) -> dict[str, str]:
    return _both(folder, world, what) | {
        "ACCESSION_REPOSITORY": REPOSITORY,
        "ACCESSION_GITHUB_URL": world.github_url,
        "ACCESSION_GITHUB_TOKEN": TOKEN,
        "ACCESSION_STATE_KEY": STATE_KEY,
        "ACCESSION_NOTIFY": world.mail.apprise_url("curator@zoo.example"),
        "ACCESSION_WEBHOOK_SECRET": SECRET,
        "ACCESSION_NOTICE_TOKEN": NOTICE,
        "ACCESSION_DATABASE": what.databases[0] or f"sqlite:///{folder / 'serve.sqlite'}",
        "ACCESSION_WRITES_PER_MINUTE": "6000",
        "ACCESSION_SWEEP_SECONDS": "5" if what.storm else "900",
        "ACCESSION_POLL_SECONDS": "5" if what.storm else "300",
    }


def _working(folder: Path, world: TrialWorld, what: Run) -> dict[str, str]:
    return _both(folder, world, what)


def _both(folder: Path, world: TrialWorld, what: Run) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "ACCESSION_CACHE": str(folder / "cache"),
        "ACCESSION_ZENODO_URL": world.zenodo.url,
        "ACCESSION_WORK_DATABASE": what.databases[1] or f"sqlite:///{folder / 'work.sqlite'}",
        "ACCESSION_LEASE_SECONDS": str(LEASE),
    }


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
