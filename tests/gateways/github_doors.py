"""The bot's own door to a GitHub of one's own, with each kind of credential."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.gateways.github_api import GitHubApi
from bot.gateways.github_transport import Transport, token_requester
from bot.gateways.pacer import Pacer
from bot.gateways.store_sqlite import SqliteStore
from tests.fakes.clock import FakeClock
from tests.world.faults import Faults
from tests.world.github import GitHubWorld
from tests.world.github.fronts import Front
from tests.world.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZOO = "zoo/collection"
TOKENS = {"personal": "personal-token-of-the-bot", "app": "ghs_apptokenofthebot", "actions": "ghs_actionstoken"}
LOGINS = {"personal": "accession", "app": "accession[bot]", "actions": "github-actions[bot]"}
FOLDER = "collection/entries/brave-otter/1001"
FILES: dict[str, bytes | str] = {
    "README.md": "A zoo.\n",
    "collection/accession.yaml": "approvals: 1\n",
    f"{FOLDER}/rdf.yaml": "name: otter\n",
    f"{FOLDER}/entry.yaml": "{}\n",
}


@dataclass
class Doors:
    """World, faults, and an api for the credential kind; `clock` stands still and remembers pauses."""

    world: GitHubWorld
    faults: Faults
    url: str
    store: SqliteStore
    clock: FakeClock
    transport: Transport
    api: GitHubApi

    @property
    def main(self) -> str:
        return self.world.refs(ZOO)["refs/heads/main"]

    def submission(self, branch: str = "add/seal", *, login: str = "ada", **files: str) -> int:
        """A pull request that adds an entry; its number."""
        new = {path.replace("|", "/"): content for path, content in files.items()}
        self.world.commit_files(
            ZOO, branch, new or {f"collection/entries/{branch}/rdf.yaml": "name: seal\n"}, author=login
        )
        return self.world.open_pull(ZOO, branch, login=login, title=f"Add {branch}")

    def counted(self, kind: str) -> int:
        return self.transport.calls[kind]


def build(world: GitHubWorld) -> None:
    for login in ("accession", "curator", "ada", "zoo"):
        world.add_user(login)
    world.create_repository(ZOO, FILES)
    world.add_collaborator(ZOO, "accession", "write")
    world.add_collaborator(ZOO, "curator", "maintain")
    for kind, token in TOKENS.items():
        world.add_token(LOGINS[kind], token, kind=kind)


@contextmanager
def doors(
    path: Path, kind: str = "personal", token: str | None = None, *, front: type[Front] = Front, name: str = ZOO
) -> Iterator[Doors]:
    world = GitHubWorld(path / "github", clock=time.time)
    build(world)
    faults = Faults(world)
    with serve(front(faults)) as served:
        world.url = served.url + front.below
        clock, store = FakeClock(), SqliteStore(path / "db.sqlite")
        transport = Transport(
            token_requester(world.url, token or TOKENS[kind]),
            world.url,
            store=store,
            pacer=Pacer(clock, burst=10_000, per_hour=100_000),
            clock=clock,
        )
        login = None if kind == "personal" else LOGINS[kind]
        yield Doors(world, faults, world.url, store, clock, transport, GitHubApi(transport, name, bot_login=login))
        transport.close()
        store.close()
    world.close()


def said(error: BaseException) -> str:
    """Everything that a traceback of this error could show."""
    chain: list[Any] = []
    current: BaseException | None = error
    while current is not None:
        chain += [str(current), repr(current), repr(vars(current))]
        current = current.__cause__ or current.__context__
    return "\n".join(chain)
