"""A small GitHub for the contract tests: one collection, its people, and the credentials of each kind."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import requests
from github import Auth, Github

from tests.world.github import GitHubWorld, serve
from tests.world.github.openapi import description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository

ZOO = "zoo/collection"
FILES = {"README.md": "# Zoo\n", "collection/accession.yaml": "approvals: 1\n"}
TOKENS = {"zoo": "zoo-token", "bob": "bob-token", "alice": "alice-token", "accession-bot": "bot-token"}


class Clock:
    """A clock that moves when told; a fraction keeps "younger than" apart from "equal"."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Hub:
    """alice contributes, bob may write, accession-bot is a personal token with write, zoo owns."""

    def __init__(self, world: GitHubWorld, url: str, clock: Clock, clients: ExitStack) -> None:
        self.world = world
        self.url = url
        self.clock = clock
        self._clients = clients

    def github(self, token: str = "bot-token") -> Github:
        auth = Auth.Token(token)
        client = Github(auth=auth, base_url=self.url, retry=None, seconds_between_requests=0, seconds_between_writes=0)
        self._clients.callback(client.close)
        return client

    def repo(self, token: str = "bot-token", name: str = ZOO) -> Repository:
        return self.github(token).get_repo(name)

    def call(self, method: str, path: str, token: str = "bot-token", **options: Any) -> requests.Response:
        headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        url = path if path.startswith("http") else f"{self.url}{path}"
        return requests.request(method, url, headers=headers, timeout=20, **options)

    def post(self, path: str, token: str = "bot-token", /, **body: Any) -> requests.Response:
        return self.call("POST", path, token, json=body)

    def get(self, path: str, token: str = "bot-token", **headers: str) -> requests.Response:
        return self.call("GET", path, token, headers=headers)

    def submission(self, branch: str = "add/seal", *, login: str = "alice", **files: str) -> int:
        """A pull request that adds an entry; its number."""
        new = files or {f"collection/entries/{branch}/rdf.yaml": "name: seal\n"}
        self.world.commit_files(ZOO, branch, new, author=login)
        return self.world.open_pull(ZOO, branch, login=login, title=f"Add {branch}")


def people(world: GitHubWorld) -> None:
    for login, token in TOKENS.items():
        world.add_user(login)
        world.add_token(login, token)
    world.add_token("accession[bot]", "app-token", kind="app")
    world.add_token("github-actions[bot]", "actions-token", kind="actions")
    world.create_repository(ZOO, FILES)
    world.add_collaborator(ZOO, "bob", "write")
    world.add_collaborator(ZOO, "accession-bot", "write")


@contextmanager
def hub_at(path: Path) -> Iterator[Hub]:
    """A served world, closed with everything that was opened to it; no answer may differ from the description."""
    clock = Clock()
    world = GitHubWorld(path / "github", clock=clock, validate=description() is not None)
    people(world)
    with ExitStack() as clients, serve(world) as url:
        yield Hub(world, url, clock, clients)
        clients.close()
    if world.violations:
        raise AssertionError(world.violations)
