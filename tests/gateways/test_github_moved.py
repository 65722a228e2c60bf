"""A repository that was renamed or transferred: nothing is read or written under the former name, and what to do is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.wrappers import Response

from bot.errors import GatewayError
from bot.gateways.github_transport import Transport, app_requester
from bot.gateways.pacer import Pacer
from tests.gateways.github_doors import ZOO, Doors, doors
from tests.world.github.fronts import Front, Renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from bot.gateways.github_api import GitHubApi

SHA = "a" * 40
WRITES: dict[str, Callable[[GitHubApi], object]] = {
    "edit a comment": lambda api: api.edit_comment(7, "Report"),
    "delete a comment": lambda api: api.delete_comment(7),
    "labels": lambda api: api.set_labels(1, ["merged"]),
    "update a ref": lambda api: api.update_ref("heads/main", SHA),
    "create a ref": lambda api: api.create_ref("heads/new", SHA),
    "comment": lambda api: api.create_comment(1, "Report"),
    "close": lambda api: api.close_pull(1),
    "merge": lambda api: api.merge(1, sha=SHA, title="Merge"),
}
READS: dict[str, Callable[[GitHubApi], object]] = {
    "pulls": lambda api: api.pulls(state="all", head="zoo:nothing"),
    "comments": lambda api: api.comments(1),
    "default branch": lambda api: api.default_branch(),
    "role": lambda api: api.permission("ada"),
    "ref": lambda api: api.ref("heads/main"),
}


@pytest.fixture
def renamed(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path, front=Renamed, name=Renamed.former) as opened:
        opened.submission()
        yield opened


def test_by_its_present_name_all_is_well(tmp_path):
    with doors(tmp_path, front=Renamed) as hub:
        hub.api.set_labels(hub.submission(), ["merged"])
        assert hub.world.labels(ZOO, 1) == ("merged",)


@pytest.mark.parametrize("do", [pytest.param(do, id=name) for name, do in (READS | WRITES).items()])
def test_what_is_asked_by_the_former_name_says_what_to_do(renamed, do):
    with pytest.raises(GatewayError) as found:
        do(renamed.api)
    assert (found.value.reason, found.value.transient) == ("moved", False)
    assert found.value.status in {301, 307}
    assert "set ACCESSION_REPOSITORY to the repository's present name" in found.value.message
    assert renamed.world.requests == [], "nothing was followed"
    (row,) = renamed.transport.ledger.snapshot()
    assert (row.outcome, row.count) == ("refused", 1)


class Elsewhere(Front):
    """Sends the renewal of tokens on to another host."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/access_tokens"):
            return Response("", 301, {"Location": "https://elsewhere.example/"})(environ, start_response)
        return super().__call__(environ, start_response)


def test_a_token_that_is_renewed_elsewhere_is_a_move_too(tmp_path, key):
    private, public = key
    with doors(tmp_path, front=Elsewhere) as hub:
        hub.world.add_app(77, public, login="accession[bot]")
        requester, _ = app_requester(hub.url, "77", private, ZOO)
        transport = Transport(requester, hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock)
        with pytest.raises(GatewayError) as found:
            transport.get(f"/repos/{ZOO}")
        assert (found.value.reason, found.value.transient) == ("moved", False)
        transport.close()
