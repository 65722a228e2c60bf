"""The world that the service is tried in: GitHub, Zenodo and a mailbox over loopback, a curator, and what goes wrong on request."""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.journeys.conftest import POLICY, REPOSITORY, TOKEN
from tests.world.faults import Faults
from tests.world.github import GitHubWorld
from tests.world.mail import Mailbox
from tests.world.server import HOST, serve
from tests.world.zenodo import ZenodoWorld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.trials.submissions import Submission

SECRET = "the-secret-of-the-trials"
STATE_KEY = "a state key of good length"
LOOK = 0.3
"""Seconds between two looks of the curator, and of what is held back."""
READING = 2.0
"""Seconds a curator reads a report: GitHub tells times in whole seconds, and an approval has to be later than the check."""


@dataclass
class TrialWorld:
    """`records` and `concepts` by the number of the submission."""

    github: GitHubWorld
    zenodo: ZenodoWorld
    mail: Mailbox
    github_url: str
    github_faults: Faults
    zenodo_faults: Faults
    records: dict[int, str] = field(default_factory=dict)
    concepts: dict[int, str] = field(default_factory=dict)

    def publish(self, one: Submission) -> str:
        """Put an upload into the archive; its record."""
        record = self.zenodo.publish(one.files(), title=one.title)
        self.records[one.number], self.concepts[one.number] = str(record.id), str(record.concept)
        return str(record.id)

    def calls(self) -> int:
        """Requests that either side has answered."""
        return len(self.github.requests) + len(self.zenodo.requests)


@contextmanager
def trial_world(folder: Path, host: str = HOST) -> Iterator[TrialWorld]:
    """All of it, started and stopped; containers reach it at another `host` than loopback."""
    github, zenodo = GitHubWorld(folder / "github"), ZenodoWorld(folder / "zenodo")
    with ExitStack() as stack:
        github_faults, zenodo_faults = Faults(github), Faults(zenodo)
        github.url = stack.enter_context(serve(github_faults, host=host)).url
        zenodo.url = stack.enter_context(serve(zenodo_faults, host=host)).url
        mail = stack.enter_context(Mailbox())
        _people(github)
        stack.callback(github.close)
        yield TrialWorld(github, zenodo, mail, github.url, github_faults, zenodo_faults)


def _people(github: GitHubWorld) -> None:
    users = {login: github.add_user(login) for login in ("accession", "curator", "ada", "zoo", "mallory")}
    policy = POLICY.replace("ID", str(users["curator"].id)).replace(
        "{per_owner: 5, open: 30}", "{per_owner: 99, open: 99}"
    )
    github.create_repository(REPOSITORY, {"collection/accession.yaml": policy, "README.md": "A zoo.\n"})
    for login in ("accession", "curator"):
        github.add_collaborator(REPOSITORY, login, "write")
    github.add_token("accession", TOKEN)


def storm(world: TrialWorld, seed: int) -> None:
    """30 % of the webhooks dropped, 30 % doubled, all shuffled; a fifth of all requests fail, half of them after executing."""
    world.github.faults.update(
        {"drop_webhooks": 0.3, "double_webhooks": 0.3, "shuffle_webhooks": True, "seed": seed or 1}
    )
    for number, faults in enumerate((world.github_faults, world.zenodo_faults)):
        faults.reseed(seed * 2 + number)
        for kind, share in (
            ("error-before", 0.05),
            ("error-after", 0.053),
            ("cut-before", 0.056),
            ("cut-after", 0.059),
        ):
            faults.add(kind, path=r"^/(?!_world)", times=None, probability=share)


class Curator:
    """Approves what is right and declines what is wrong, once it has a report; and lets go of webhooks that are held back."""

    def __init__(self, world: TrialWorld, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._seen: dict[int, float] = {}
        self._done: set[int] = set()
        self._thread = threading.Thread(target=self._work, name="curator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.wait(LOOK):
            self._world.github.flush_webhooks()
            for pull in self._world.github.pulls(REPOSITORY, "open"):
                if pull.number not in self._done and self._read(pull.number):
                    self._judge(pull.number, pull.labels)

    def _read(self, number: int) -> bool:
        """It has had its report for a while."""
        if any("accession:report" in c.body for c in self._world.github.comments(REPOSITORY, number)):
            since = self._seen.setdefault(number, time.monotonic())
            return time.monotonic() - since > READING
        return False

    def _judge(self, number: int, labels: tuple[str, ...]) -> None:
        github = self._world.github
        with suppress(LookupError):
            if "awaiting review" in labels:
                github.approve(REPOSITORY, number, login="curator")
                self._done.add(number)
            elif "needs changes" in labels:
                github.close_pull(REPOSITORY, number, login="curator")
                self._done.add(number)
