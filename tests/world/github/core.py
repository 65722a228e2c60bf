"""The ground everything stands on: store, clock, repositories on disk, and what happens when something happens."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.errors import not_found
from tests.world.github.faults import GitHubFaults
from tests.world.github.git import GitRepository, Person
from tests.world.github.limits import Limits
from tests.world.github.records import App, Event, Repository, RequestRecord, User, WriteRecord
from tests.world.github.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.world.github.hookshot import Hookshot

ACTIONS_APP = 15368  # the id of GitHub Actions' own app on github.com
FIRST_USER = 1001


class Core:
    """One lock guards the whole world: a request is executed as a whole or not at all."""

    def __init__(self, state: Path, url: str, clock: Callable[[], float]) -> None:
        from tests.world.github.hookshot import Hookshot

        self.state = state
        self.url = url.rstrip("/")
        self.clock = clock
        self.lock = threading.RLock()
        self.faults = GitHubFaults()
        self.requests: list[RequestRecord] = []
        self.violations: list[str] = []
        self.store = Store(state / "world.jsonl")
        self.hookshot: Hookshot = Hookshot(self)
        self.limits = Limits(self)
        self._gits: dict[str, GitRepository] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the world still, and write down what changed when leaving."""
        with self.lock:
            try:
                yield
            finally:
                self.store.flush()

    def now(self) -> float:
        return self.clock()

    def stamp(self) -> str:
        return iso(self.now())

    # people

    def user(self, login: str) -> User | None:
        found = self.store.group(User, login.lower())
        return found[0] if found else None

    def ensure_user(self, login: str, kind: str = "User") -> User:
        found = self.user(login)
        if found:
            return found
        return self.store.put(User(self.store.next_id("user", FIRST_USER), login, kind, self.now()))

    def person(self, login: str) -> Person:
        """Who commits for an account that names nobody: the no-reply address GitHub uses."""
        user = self.ensure_user(login)
        return Person(login, f"{user.id}+{login}@users.noreply.github.com", int(self.now()))

    def app(self, app_id: int) -> App:
        """A registered app, or the stand-in for one that only tokens speak of."""
        known = self.store.get(App, app_id)
        slug = "github-actions" if app_id == ACTIONS_APP else f"app-{app_id}"
        return known or App(app_id, slug, f"{slug}[bot]", "github", "", 0.0)

    # repositories

    def path(self, full_name: str) -> Path:
        return self.state / "repos" / f"{full_name}.git"

    def find_repository(self, full_name: str) -> Repository | None:
        return self.store.get(Repository, full_name.lower())

    def repository(self, full_name: str) -> Repository:
        found = self.find_repository(full_name)
        if found is None:
            raise not_found()
        return found

    def git(self, repo: Repository | str) -> GitRepository:
        name = repo if isinstance(repo, str) else repo.full_name
        if name not in self._gits:
            self._gits[name] = GitRepository(self.path(name))
        return self._gits[name]

    def network(self, repo: Repository) -> list[Repository]:
        """The repository and its forks; they share one object store, as on GitHub."""
        return [other for other in self.store.all(Repository) if repo.full_name in {other.full_name, other.parent}]

    # history

    @property
    def writes(self) -> list[WriteRecord]:
        """The ledger of executed mutating API requests."""
        return self.store.all(WriteRecord)

    @property
    def events(self) -> list[Event]:
        return self.store.all(Event)

    def happened(
        self, repo: str, event: str, action: str | None, actor: tuple[str, str], payload: dict[str, Any], **detail: Any
    ) -> None:
        """Record an event and send it to the hooks. ``actor`` is login and kind of token."""
        login, kind = actor
        starts = kind != "actions" or event in {"workflow_dispatch", "repository_dispatch"}
        number = self.store.next_id("event")
        self.store.put(Event(number, repo, event, action, login, self.now(), starts, detail))
        self.hookshot.fire(self.repository(repo), event, action, login, payload)
