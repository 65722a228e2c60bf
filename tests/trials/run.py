"""One run: a world, a crew, twenty submissions, and what chance does to them."""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import requests

from tests.journeys.conftest import REPOSITORY, TOKEN
from tests.trials.crew import SERVE, SERVING, WORK, WORKING, Crew, Member
from tests.trials.ending import Ending, ending, finished
from tests.trials.strangers import abandon, haunt, parked, poison
from tests.trials.strike import Striker
from tests.trials.submissions import submissions
from tests.trials.world import SECRET, STATE_KEY, Curator, storm, trial_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.trials.submissions import Submission
    from tests.trials.world import TrialWorld

NOTICE = "the-token-of-the-notices"
LEASE = 3.0
HEALING = "5"
"""Seconds between two polls and two sweeps: what a lost event costs at most."""
QUIET = 1.5
"""Seconds without a write after which a finished world is taken for settled."""
PATIENCE, FOR_A_KILL = 180.0, 8.0
"""Seconds until what is not done is taken for lost."""
EARLY_PART = 0.4
"""The part of the kills within which all uploads come, so that chance always meets something under way."""
WRITES = 13
"""To GitHub, for one accepted submission: kills are spread over all of them."""


@dataclass(frozen=True)
class Run:
    """What one run is like. `databases` are the urls of serve's and work's, or empty for SQLite files.

    `lose` is the share of the kills after which the databases are deleted (SQLite only).
    """

    seed: int
    uploads: int = 20
    serves: int = 1
    works: int = 1
    kills: int = 0
    lose: float = 0.0
    pause: bool = False
    storm: bool = False
    databases: tuple[str, str] = ("", "")

    @property
    def patience(self) -> float:
        return PATIENCE + FOR_A_KILL * self.kills


@dataclass(frozen=True)
class Outcome:
    """`calls` are requests to GitHub and Zenodo, `writes` those that changed GitHub."""

    ending: Ending
    kills: int
    pauses: int
    lost: int
    seconds: float
    calls: int
    writes: int
    done: bool


def run(folder: Path, what: Run) -> Outcome:
    """Play it to its end."""
    uploads = submissions(what.uploads)
    with ExitStack() as stack:
        world = stack.enter_context(trial_world(folder))
        ports = [free_port() for _ in range(what.serves)]
        members = _members(folder, world, what, ports)
        world.github.add_webhook(REPOSITORY, f"http://127.0.0.1:{ports[0]}/webhook", SECRET)
        strangers = (poison(world), abandon(world))
        if what.storm:
            storm(world, what.seed)
        began = time.monotonic()
        with Crew(members) as crew, Curator(world, what.seed), _striker(folder, world, crew, what) as striker:
            _publish(world, uploads, ports, what, striker)
            haunted = haunt(ports[0])
            done = haunted and _wait(world, uploads, began + what.patience, lambda: striker.strikes.kills >= what.kills)
            seconds = time.monotonic() - began
            reason = parked(ports, f"pull {strangers[0]}")
        world.github_faults.clear()
        writes = sum(write.actor == "accession" for write in world.github.writes)
        found = ending(world, uploads, strangers)
        found = replace(found, seen={**found.seen, "parked": reason})
        strikes = striker.strikes
        return Outcome(
            found, strikes.kills, strikes.pauses, strikes.lost, seconds, world.calls(), writes, done and bool(reason)
        )


def _striker(folder: Path, world: TrialWorld, crew: Crew, what: Run) -> Striker:
    """One of the processes of `serve` that no event is told is paused instead of killed."""
    return Striker(
        crew,
        what.seed,
        kills=what.kills,
        writes=lambda: len(world.github.writes),
        most=2 * WRITES * what.uploads // max(what.kills, 1),
        sleeper=crew.members[-1] if what.pause else None,
        nap=LEASE * 2.5,
        lose=None if any(what.databases) else lambda: _lose(folder),
        losing=what.lose,
    )


def _lose(folder: Path) -> None:
    """All three databases, and what SQLite keeps beside them."""
    for path in [*folder.glob("*.sqlite*"), *(folder / "cache").glob("*.sqlite*")]:
        path.unlink()


def _publish(world: TrialWorld, uploads: tuple[Submission, ...], ports: list[int], what: Run, striker: Striker) -> None:
    """A tenth of a second apart; where kills fall, as they fall."""
    end = time.monotonic() + what.patience
    for number, one in enumerate(uploads):
        due = int(what.kills * EARLY_PART * number / len(uploads))
        while striker.strikes.kills < due and time.monotonic() < end:
            time.sleep(0.05)
        notify(ports[0], world.publish(one))
        time.sleep(0.1)


def _wait(world: TrialWorld, uploads: tuple[Submission, ...], end: float, struck: Callable[[], bool]) -> bool:
    """Until all is done, all strikes fell, and nothing was written for a while; False where patience ends first."""
    count, since = -1, time.monotonic()
    while time.monotonic() < end:
        time.sleep(0.25)
        writes = len(world.github.writes)
        if writes != count:
            count, since = writes, time.monotonic()
        if time.monotonic() - since > QUIET and struck() and finished(world, uploads):
            return True
    return False


def notify(port: int, record: str) -> None:
    """What the archive's side would tell; who is away just now hears nothing, and polls."""
    try:
        requests.post(
            f"http://127.0.0.1:{port}/uploads",
            json={"record": record},
            headers={"Authorization": f"Bearer {NOTICE}"},
            timeout=2,
        )
    except requests.RequestException:
        return


def _members(folder: Path, world: TrialWorld, what: Run, ports: list[int]) -> list[Member]:
    keys, none = serving(folder, world, what), shared(folder, world, what)
    serve = [
        Member(f"serve-{n}", (*SERVE, "--port", str(port)), keys, folder / f"serve-{n}.log", SERVING)
        for n, port in enumerate(ports, 1)
    ]
    work = [Member(f"work-{n}", WORK, none, folder / f"work-{n}.log", WORKING) for n in range(1, what.works + 1)]
    return [*work, *serve]


def serving(folder: Path, world: TrialWorld, what: Run) -> dict[str, str]:
    return shared(folder, world, what) | {
        "ACCESSION_REPOSITORY": REPOSITORY,
        "ACCESSION_GITHUB_URL": world.github_url,
        "ACCESSION_GITHUB_TOKEN": TOKEN,
        "ACCESSION_STATE_KEY": STATE_KEY,
        "ACCESSION_NOTIFY": world.mail.apprise_url("curator@zoo.example"),
        "ACCESSION_WEBHOOK_SECRET": SECRET,
        "ACCESSION_NOTICE_TOKEN": NOTICE,
        "ACCESSION_DATABASE": what.databases[0] or f"sqlite:///{folder / 'serve.sqlite'}",
        "ACCESSION_WRITES_PER_MINUTE": "6000",
        "ACCESSION_SWEEP_SECONDS": HEALING,
        "ACCESSION_POLL_SECONDS": HEALING,
    }


def shared(folder: Path, world: TrialWorld, what: Run) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "ACCESSION_CACHE": str(folder / "cache"),
        "ACCESSION_ZENODO_URL": world.zenodo.url,
        "ACCESSION_WORK_DATABASE": what.databases[1] or f"sqlite:///{folder / 'work.sqlite'}",
        "ACCESSION_LEASE_SECONDS": str(LEASE),
    }


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
