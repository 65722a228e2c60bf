"""Where listings go on: behind a full page that has not changed, and where GitHub lives below a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import GatewayError
from bot.gateways.github_cache import ROOM, Kept
from bot.gateways.github_paging import confirmed, next_page
from tests.gateways.github_doors import ZOO, Doors, doors
from tests.world.github.fronts import Enterprise, Front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = Kept([1, 2], None, "tag")
LINKED = '<https://api.github.com/repositories/1/x?per_page=2&page=2>; rel="next", <https://x>; rel="last"'


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


def talk(hub: Doors, number: int, size: int) -> None:
    for n in range(len(hub.world.comments(ZOO, number)), size):
        hub.world.comment(ZOO, number, login="ada", body=f"{n}")


def told(hub: Doors, number: int) -> list[str]:
    return [comment.body for comment in hub.api.comments(number)]


def asked(hub: Doors, before: int) -> list[int]:
    return [request.status for request in hub.world.requests[before:]]


@pytest.mark.parametrize("size", [0, 1, 98, 99, 100, 101, 199, 200, 201])
def test_the_next_comment_is_seen_whatever_a_page_holds(hub, size):
    number = hub.submission()
    talk(hub, number, size)
    for more in range(3):
        expected = [f"{n}" for n in range(size + more)]
        assert told(hub, number) == expected
        assert told(hub, number) == expected, "and again, when nothing has changed"
        talk(hub, number, size + more + 1)


@pytest.mark.parametrize(("size", "requests"), [(99, 1), (100, 2), (101, 2), (200, 3)])
def test_a_listing_that_stays_full_costs_one_request_more_and_no_allowance(hub, size, requests):
    number = hub.submission()
    talk(hub, number, size)
    for _ in range(2):
        told(hub, number)
    before = len(hub.world.requests)
    told(hub, number)
    assert asked(hub, before) == [304] * requests


def test_a_listing_that_shrinks_ends_where_it_ends(hub):
    number = hub.submission()
    talk(hub, number, 101)
    assert len(told(hub, number)) == 101
    hub.api.delete_comment(hub.world.comments(ZOO, number)[-1].id)
    assert len(told(hub, number)) == 100
    assert len(told(hub, number)) == 100


def people(hub: Doors, number: int) -> set[str]:
    return {login for commit in hub.api.pull_commits(number) for login in commit.people}


def test_the_author_of_a_commit_behind_a_full_page_is_known(hub):
    number = hub.submission()
    for n in range(99):
        hub.world.commit_files(ZOO, "add/seal", {f"{n}": "x"}, author="ada")
    assert people(hub, number) == {"ada"}
    hub.world.commit_files(ZOO, "add/seal", {"last": "x"}, author="curator")
    assert people(hub, number) == {"ada", "curator"}


def test_a_pull_request_behind_a_full_page_is_seen(hub):
    for n in range(100):
        hub.submission(f"add/{n}")
    assert len(hub.api.pulls(state="all")) == 100
    last = hub.submission("add/last")
    assert [pull.number for pull in hub.api.pulls(state="all")][-1] == last


def test_a_listing_goes_on_where_github_lives_below_a_path(tmp_path):
    with doors(tmp_path, front=Enterprise) as hub:
        number = hub.submission()
        talk(hub, number, 99)
        for size in (99, 100, 101, 250):
            talk(hub, number, size)
            assert len(told(hub, number)) == size
        assert len(hub.api.review_threads(number)) == 0


def test_an_address_that_was_kept_with_its_path_is_followed(tmp_path):
    with doors(tmp_path, front=Enterprise) as hub:
        number = hub.submission()
        talk(hub, number, 101)
        told(hub, number)
        (row,) = [row for row in hub.store.items(ROOM).values() if row["next"]]
        assert row["next"].startswith("/api/v3/repos/")
        assert len(told(hub, number)) == 101


@pytest.mark.parametrize("front", [Front, Enterprise])
def test_a_further_page_that_is_not_there_is_no_end(tmp_path, front):
    with doors(tmp_path, front=front) as hub:
        number = hub.submission()
        talk(hub, number, 101)
        hub.faults.add("error-before", path="[?&]page=2", status=404)
        with pytest.raises(GatewayError) as found:
            told(hub, number)
        assert (found.value.reason, found.value.transient, found.value.status) == ("not-found", True, 404)
        assert "/comments" in found.value.message
        assert len(told(hub, number)) == 101


def test_what_a_304_says_of_the_next_page_counts():
    assert confirmed(FULL, "/x?per_page=2", LINKED).following == "/repositories/1/x?per_page=2&page=2"
    assert confirmed(FULL, "/x?per_page=2", '<https://x/x?page=1>; rel="prev"').following is None


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("/x?per_page=2", "/x?per_page=2&page=2"),
        ("/x?per_page=2&head=zoo%3Aa%2Fb&page=9", "/x?per_page=2&head=zoo%3Aa%2Fb&page=10"),
        ("/x?per_page=3", None),
        ("/x", None),
    ],
)
def test_a_full_page_is_followed_by_its_number(url, following):
    assert confirmed(FULL, url, "") == Kept([1, 2], following, "tag")


def test_a_page_that_knows_its_next_one_and_what_is_no_listing_stay():
    for kept in (Kept([1, 2], "/next", "tag"), Kept({"a": 1, "b": 2}, None, "tag"), Kept([1], None, "tag")):
        assert confirmed(kept, "/x?per_page=2", "") == kept


def test_the_next_page_is_read_from_its_header():
    assert next_page(LINKED) == "/repositories/1/x?per_page=2&page=2"
    assert next_page("") is None
