"""A whole little world for a journey: GitHub, Zenodo and a mailbox over loopback, and a bot with a behaving work side."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot import pipeline
from bot.corridor.desk import Desk
from bot.corridor.sweeping import OPEN
from bot.errors import AccessionError
from bot.gateways.clock import SystemClock
from bot.gateways.github_api import GitHubApi
from bot.gateways.github_transport import Transport, token_requester
from bot.gateways.mail import AppriseNotifier
from bot.gateways.pacer import Pacer
from bot.gateways.store_sqlite import SqliteStore
from bot.gateways.zenodo_api import ZenodoApi
from tests.fakes.workshop import FakeWorkshop
from tests.world.faults import Faults
from tests.world.github import GitHubWorld
from tests.world.mail import Mailbox
from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

REPOSITORY = "zoo/collection"
TOKEN = "token-of-the-bot"
STATE_KEY = b"a state key of good length"

POLICY = """\
name: Test zoo
keywords: [bioimage.io]
people:
- {id: ID, login: curator, mail: curator@zoo.example}
approvals: 1
publish_branch: main
quotas: {per_owner: 5, open: 30}
"""

RDF = """\
type: model
format_version: 0.4.9
name: NAME
license: MIT
maintainers:
- {name: Ada, github_user: ada}
authors:
- {name: Ada}
config: {verdict: VERDICT}
"""


def rdf(verdict: str = "passed", name: str = "A model", extra: str = "") -> bytes:
    return (RDF.replace("NAME", name).replace("VERDICT", verdict) + extra).encode()


@dataclass
class Little:
    """The world of one journey; `start()` gives a fresh bot, `lose_database()` forgets everything local."""

    github: GitHubWorld
    zenodo: ZenodoWorld
    mail: Mailbox
    github_faults: Faults
    zenodo_faults: Faults
    folder: Path
    github_url: str
    clock: Ahead
    workshop: FakeWorkshop = field(default_factory=FakeWorkshop)
    stack: ExitStack = field(default_factory=ExitStack)
    databases: int = 0
    clocks: list[QuickClock] = field(default_factory=list)

    def start(self, *, token: str = TOKEN, bot_login: str | None = None) -> Desk:
        clock = QuickClock()
        clock.skip(self.clock.offset)
        self.clocks.append(clock)
        store = SqliteStore(self.folder / f"db{self.databases}.sqlite")
        self.stack.callback(store.close)
        transport = Transport(
            token_requester(self.github_url, token),
            self.github_url,
            store=store,
            pacer=Pacer(clock, burst=10_000, per_hour=100_000),
            clock=clock,
        )
        self.stack.callback(transport.close)
        archive = ZenodoApi(self.zenodo.url, token=None, clock=clock)
        self.stack.callback(archive.close)
        return Desk(
            repository=REPOSITORY,
            state_key=STATE_KEY,
            github=GitHubApi(transport, REPOSITORY, bot_login=bot_login),
            archive=archive,
            workshop=self.workshop,
            notifier=AppriseNotifier((self.mail.apprise_url("curator@zoo.example"),)),
            store=store,
            clock=clock,
        )

    def approve(self, number: int, login: str = "curator", state: str = "APPROVE") -> None:
        """Somebody reads the report and takes a side."""
        self.later()
        self.github.review(REPOSITORY, number, login=login, state=state)

    def later(self, seconds: int = 2) -> None:
        """GitHub tells times in whole seconds: the next one has begun before somebody has read the report and answers."""
        self.clock.offset += seconds
        for clock in self.clocks:
            clock.skip(seconds)

    def lose_database(self) -> None:
        self.databases += 1

    def publish(self, files: Mapping[str, bytes], **more: object) -> str:
        return str(self.zenodo.publish(files, title="An upload", **more).id)  # type: ignore[arg-type]

    def go(self, desk: Desk) -> None:
        """One round of the service; every open pull request is named, as webhooks would, moved or not."""
        with suppress(AccessionError):  # the database may be away, which is the round's own to meet
            for number in desk.store.items(OPEN):
                desk.store.change(OPEN, number, lambda row: {**(row or {}), "due": True})
        pipeline.round_trip(desk)

    def report(self, number: int) -> str:
        """The one report comment."""
        found = [c.body for c in self.github.comments(REPOSITORY, number) if "accession:report" in c.body]
        assert len(found) == 1, found
        return found[0]


class Ahead:
    """GitHub's clock, which a test can move on."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


class QuickClock(SystemClock):
    """The real time, but pauses cost nothing much, and `skip` lets hours pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def skip(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self._ahead

    def steady(self) -> float:
        return super().steady() + self._ahead.total_seconds()

    def sleep(self, seconds: float) -> None:
        super().sleep(min(seconds, 0.01))


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    with little_world(tmp_path) as world:
        yield world


@contextmanager
def little_world(
    tmp_path: Path, *, zenodo_clock: Callable[[], float] = time.time, private: bool = False
) -> Iterator[Little]:
    """All of it, started and stopped."""
    clock = Ahead()
    github = GitHubWorld(tmp_path / "github", clock=clock)
    zenodo = ZenodoWorld(tmp_path / "zenodo", clock=zenodo_clock)
    with ExitStack() as stack:
        github_faults, zenodo_faults = Faults(github), Faults(zenodo)
        at_github = stack.enter_context(serve(github_faults))
        at_zenodo = stack.enter_context(serve(zenodo_faults))
        github.url, zenodo.url = at_github.url, at_zenodo.url
        mail = stack.enter_context(Mailbox())
        people(github, private=private)
        little = Little(github, zenodo, mail, github_faults, zenodo_faults, tmp_path, at_github.url, clock)
        stack.enter_context(little.stack)
        yield little
        stack.callback(github.close)


def people(github: GitHubWorld, *, private: bool = False) -> None:
    users = {login: github.add_user(login) for login in ("accession", "curator", "ada", "mallory", "zoo")}
    github.create_repository(
        REPOSITORY,
        {"collection/accession.yaml": POLICY.replace("ID", str(users["curator"].id)), "README.md": "A zoo.\n"},
        private=private,
    )
    github.add_collaborator(REPOSITORY, "accession", "write")
    github.add_collaborator(REPOSITORY, "curator", "write")
    github.add_token("accession", TOKEN)
