"""Pagination, conditional requests, rate limits: what HTTP carries beside the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github.openapi import VARIABLE, description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def test_answers_are_held_against_the_description(hub):
    if description() is None:
        pytest.skip(f"npm package @octokit/openapi is not installed ({VARIABLE})")
    assert hub.world.door.checker is not None


def test_a_wrong_answer_is_a_violation(hub, monkeypatch):
    if description() is None:
        pytest.skip(f"npm package @octokit/openapi is not installed ({VARIABLE})")
    monkeypatch.setattr("tests.world.github.shapes.issues.reactions", lambda url: {"url": 1})
    number = hub.submission()
    assert hub.get(f"{R}/issues/{number}").status_code == 500
    assert "reactions" in hub.world.violations.pop()


def test_link_header_walks_all_pages(hub):
    for index in range(7):
        hub.repo().create_label(f"label-{index}", "ff0000")
    first = hub.get(f"{R}/labels?per_page=3")
    assert set(first.links) == {"next", "last"}
    middle = hub.get(first.links["next"]["url"])
    assert set(middle.links) == {"first", "prev", "next", "last"}
    assert [item["name"] for item in hub.get(first.links["last"]["url"]).json()] == ["label-6"]
    assert len(list(hub.repo().get_labels())) == 7


def test_a_page_has_thirty_and_at_most_a_hundred(hub):
    number = hub.submission()
    for index in range(120):
        hub.world.comment(ZOO, number, login="bob", body=str(index))
    path = f"{R}/issues/{number}/comments"
    assert len(hub.get(path).json()) == 30
    assert len(hub.get(path + "?per_page=500").json()) == 100
    assert [comment.body for comment in hub.repo().get_issue(number).get_comments()][-1] == "119"


def test_pull_request_files_are_cut_at_three_thousand(hub):
    files = {f"many/{index:04}": str(index) for index in range(3010)}
    number = hub.submission("many", **files)
    pull = hub.repo().get_pull(number)
    assert pull.changed_files == 3010
    assert len(hub.get(f"{R}/pulls/{number}/files").json()) == 30
    last = hub.get(f"{R}/pulls/{number}/files?per_page=100&page=30")
    assert len(last.json()) == 100
    assert "next" not in last.links
    assert hub.get(f"{R}/pulls/{number}/files?per_page=100&page=31").json() == []


def test_etag_answers_304_which_is_free(hub):
    first = hub.get(R)
    used = int(first.headers["X-RateLimit-Used"])
    again = hub.get(R, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert int(again.headers["X-RateLimit-Used"]) == used
    assert hub.world.requests[-1].conditional
    assert hub.world.requests[-1].not_modified


def test_a_304_does_not_say_whether_a_page_follows(hub):
    number = hub.submission()
    path = f"{R}/issues/{number}/comments?per_page=2"
    for body in "ab":
        hub.world.comment(ZOO, number, login="bob", body=body)
    first = hub.get(path)
    hub.world.comment(ZOO, number, login="bob", body="c")
    again = hub.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (first.links, again.status_code, again.links) == ({}, 304, {})
    assert set(hub.get(path).links) == {"next", "last"}


def test_etag_belongs_to_the_token(hub):
    mine = hub.get(R).headers["ETag"]
    theirs = hub.get(R, token="bob-token", **{"If-None-Match": mine})
    assert theirs.status_code == 200
    assert theirs.headers["ETag"] != mine


def test_a_change_ends_the_304(hub):
    number = hub.submission()
    tag = hub.get(f"{R}/issues/{number}").headers["ETag"]
    hub.world.comment(ZOO, number, login="bob", body="x")
    assert hub.get(f"{R}/issues/{number}", **{"If-None-Match": tag}).status_code == 200


def test_pygithub_update_is_conditional(hub):
    pull = hub.repo().get_pull(hub.submission())
    assert pull.update() is False
    hub.world.comment(ZOO, pull.number, login="bob", body="x")
    assert pull.update() is True


def test_exhausted_allowance_is_403_until_the_hour_is_over(hub):
    hub.world.faults.rate_limit = 3
    statuses = [hub.get(R).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 403]
    last = hub.get(R)
    assert "API rate limit exceeded" in last.json()["message"]
    assert last.headers["X-RateLimit-Remaining"] == "0"
    assert int(last.headers["X-RateLimit-Reset"]) == int(hub.clock.now + 3600)
    assert hub.get("/rate_limit").json()["rate"]["remaining"] == 0
    assert hub.get(R, token="bob-token").status_code == 200
    hub.clock.now += 3601
    assert hub.get(R).status_code == 200


@pytest.mark.parametrize(("token", "limit"), [("", 60), ("bot-token", 5000), ("actions-token", 1000)])
def test_allowances_differ_by_credential(hub, token, limit):
    assert int(hub.get(R, token=token).headers["X-RateLimit-Limit"]) == limit


def test_a_secondary_limit_may_say_nothing_of_its_end(hub):
    hub.world.faults.secondary_points, hub.world.faults.silent_limits = 1, True
    hub.get(R)
    refused = hub.get(R)
    assert refused.status_code == 403
    assert "Retry-After" not in refused.headers
    assert int(refused.headers["X-RateLimit-Remaining"]) > 0


def test_secondary_limit_counts_points(hub):
    hub.world.faults.secondary_points = 7
    assert hub.post(f"{R}/git/blobs", content="x").status_code == 201
    assert [hub.get(R).status_code for _ in range(3)] == [200, 200, 403]
    refused = hub.get(R)
    assert "secondary rate limit" in refused.json()["message"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    hub.clock.now += 61
    assert hub.get(R).status_code == 200


def test_content_limits_by_minute_and_hour(hub):
    faults = hub.world.faults
    faults.content_limits, faults.content_per_minute, faults.content_per_hour = True, 2, 3
    number = hub.submission()

    def say() -> int:
        return hub.post(f"{R}/issues/{number}/comments", body="x").status_code

    assert [say(), say(), say()] == [201, 201, 403]
    hub.clock.now += 61
    assert [say(), say()] == [201, 403]
    refused = hub.post(f"{R}/issues/{number}/comments", body="x")
    assert "content creation" in refused.json()["message"]
    assert 3000 < int(refused.headers["Retry-After"]) < 3600
    assert len(hub.world.comments(ZOO, number)) == 3


def test_every_answer_has_an_id_and_the_ledger_only_what_was_done(hub):
    number = hub.submission()
    before = len(hub.world.writes)
    answer = hub.post(f"{R}/issues/{number}/comments", body="x")
    assert len(answer.headers["X-GitHub-Request-Id"]) == 32
    hub.post(f"{R}/issues/{number}/comments", body="")
    line = hub.world.writes[before]
    assert len(hub.world.writes) == before + 1
    assert (line.method, line.path, line.actor, line.status) == (
        "POST",
        f"{R}/issues/{number}/comments",
        "accession-bot",
        201,
    )


def test_raw_media_type(hub):
    raw = hub.get(f"{R}/contents/README.md", Accept="application/vnd.github.raw+json")
    assert raw.content == b"# Zoo\n"
