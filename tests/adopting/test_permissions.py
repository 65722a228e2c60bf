"""The permissions that an adopter is asked for are those that the bot's calls need: no fewer, and none to spare."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.adopting.permissions import CALLS, EVENTS, GRAPHQL, TITLES, Identity, events, permissions, reasons
from tests.adopting.road import Trip, travel
from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github import grants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.adopting.permissions import Call

ROOT = Path(__file__).parents[2]
GATEWAY = "\n".join(path.read_text() for path in sorted((ROOT / "bot/gateways").glob("github_*.py")))
BY: tuple[Identity, ...] = ("app", "token")
BELOW = {"read": "none", "write": "read"}
LOWER = [
    *(("app", name) for name in permissions("app")),
    ("token", "statuses"),  # the others are those of an App, asked by the same calls
]
NOT_ON_THE_ROAD = {
    ("DELETE", "/issues/comments/{}"),  # tests/journeys/test_doors_that_fail.py: a report made twice
    ("DELETE", "/pulls/comments/{}"),  # tests/journeys/test_suggestions.py: suggestions made twice
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Identity], Trip]:
    """The road with exactly what the table says, gone once for each identity."""

    @cache
    def gone(identity: Identity) -> Trip:
        return travel(tmp_path_factory.mktemp(identity), identity, permissions(identity))

    return gone


def matches(call: Call, method: str, path: str) -> bool:
    """Whether a request is of this row; names of refs and files have slashes."""
    pattern = re.escape(call.path).replace(
        r"\{\}", ".+" if "/contents/" in call.path or "ref" in call.path else "[^/]+"
    )
    return call.verb == method and re.fullmatch(f"/repos/[^/]+/[^/]+{pattern}", path) is not None


def test_what_is_asked_for() -> None:
    everybody = {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write"}
    assert permissions("app") == everybody | {"checks": "write"}
    assert permissions("token") == everybody | {"statuses": "write"}
    assert permissions("actions") == everybody | {"checks": "write", "actions": "write"}
    assert {call.permission for call in CALLS} == set(TITLES)


@pytest.mark.xdist_group("permissions")
@pytest.mark.parametrize("identity", BY)
def test_the_whole_road_is_gone_with_exactly_these(whole: Callable[[Identity], Trip], identity: Identity) -> None:
    trip = whole(identity)
    assert trip.refused == frozenset()
    assert [(state, labels) for _, state, _, labels in trip.end["pulls"]] == [
        ("closed", ("merged",)),
        ("open", ("awaiting review",)),
        ("open", ("needs changes",)),
        ("closed", ("withdrawn",)),
        ("closed", ("superseded",)),
        ("open", ("needs changes",)),
    ]
    assert trip.end["published"]
    assert sum(trip.end["resolved"]) == 1


@pytest.mark.xdist_group("permissions")
@pytest.mark.parametrize("identity", BY)
def test_every_call_of_the_road_is_in_the_table(whole: Callable[[Identity], Trip], identity: Identity) -> None:
    rows = [call for call in CALLS if identity in call.by]
    inside = {(method, path) for method, path in whole(identity).asked if path.startswith("/repos/")}
    assert [pair for pair in sorted(inside) if not any(matches(row, *pair) for row in rows)] == []
    used = {(row.verb, row.path) for row in rows if any(matches(row, *pair) for pair in inside)}
    unused = {(row.verb, row.path) for row in rows if row.verb != GRAPHQL} - used
    assert unused == NOT_ON_THE_ROAD


@pytest.mark.xdist_group("permissions")
@pytest.mark.parametrize(("identity", "name"), LOWER, ids=str)
def test_with_one_permission_less_it_ends_otherwise(
    whole: Callable[[Identity], Trip], tmp_path: Path, identity: Identity, name: str
) -> None:
    given = permissions(identity)
    trip = travel(tmp_path, identity, {**given, name: BELOW[given[name]]})
    assert trip.refused != frozenset()
    assert trip.end != whole(identity).end


def test_actions_token_starts_no_check_without_its_permission(hub: Hub) -> None:
    """The road does not start workflows; the world asks the same of this call as of all others."""
    hub.world.commit_files(
        ZOO, "main", {".github/workflows/accession.yml": "on:\n  workflow_dispatch: {}\n"}, author="zoo"
    )
    below = f"/repos/{ZOO}/actions/workflows/accession.yml/dispatches"
    for level, expected in (("read", 403), ("write", 204)):
        hub.world.add_token("github-actions[bot]", level, kind="actions", permissions={"actions": level})
        answer = hub.post(below, level, ref="main")
        assert answer.status_code == expected, answer.text


def test_the_gateway_names_every_call_that_is_in_the_table_and_no_other() -> None:
    named = {
        (verb, re.sub(r"\{\w*\}", "{}", path))
        for verb, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) /repos/\{\}([^`?]*)`", GATEWAY)
    }
    short = {  # written in the gateway behind another path, or not yet
        ("GET", "/issues/{}"),
        ("PATCH", "/check-runs/{}"),
    }
    listed = {(call.verb, call.path) for call in CALLS if call.verb != GRAPHQL}
    assert named | short == listed
    fields = {call.path for call in CALLS if call.verb == GRAPHQL}
    assert {name for name in fields if not re.search(rf"\b{name}\b", GATEWAY)} == set()
    assert set(re.findall(r"\b(\w+)\(input: ", GATEWAY)) <= fields


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.verb} {call.path}")
def test_the_world_asks_the_same(call: Call) -> None:
    """Two tables by two hands, the adopter's and the world's, each from GitHub's documents."""
    if call.verb == GRAPHQL:
        field = {"reviewThreads": "pullRequest"}.get(call.path, call.path)
        assert grants.FIELDS[field] == (call.permission, call.level)
        return
    names, level = grants.needed(call.verb, call.path.replace("{}", "1"))
    assert call.permission in names
    assert level == call.level


def test_an_app_may_hear_what_the_service_listens_to() -> None:
    assert {event.permission for event in EVENTS} <= set(permissions("app"))
    assert events("app") == EVENTS


def test_every_permission_has_its_reasons() -> None:
    for identity in (*BY, "actions"):
        for name in permissions(identity):
            assert reasons(identity, name)
            assert len(set(reasons(identity, name))) == len(reasons(identity, name))
