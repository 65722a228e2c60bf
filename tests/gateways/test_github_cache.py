"""What is kept of GitHub's answers: bounded, checked when it is read, and never the reason why something fails."""

from __future__ import annotations

import json

import pytest

from bot.errors import GatewayError
from bot.gateways import github_cache
from bot.gateways.github_cache import MOST_BYTES, ROOM, AnswerCache, Kept, slim
from bot.gateways.store_sqlite import SqliteStore
from tests.fakes.clock import FakeClock
from tests.gateways.github_doors import FOLDER, ZOO, doors

R = f"/repos/{ZOO}"
ANSWER = Kept({"number": 1}, "/next?page=2", 'W/"tag"')


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "db.sqlite")
    yield made
    made.close()


@pytest.fixture
def cache(store, clock):
    return AnswerCache(store, clock)


def test_an_answer_is_kept_with_its_validator_and_next_page(cache):
    cache.keep("/x", ANSWER)
    assert cache.known("/x") == ANSWER
    assert cache.known("/y") is None


def test_what_has_no_validator_is_large_or_is_a_blob_is_not_kept(cache, store):
    cache.keep("/x", Kept({}, None, ""))
    cache.keep("/y", Kept("x" * MOST_BYTES, None, "tag"))
    cache.keep("/repos/a/b/git/blobs/123", Kept({}, None, "tag"))
    assert store.items(ROOM) == {}


@pytest.mark.parametrize(
    "spoil",
    [
        {"etag": None},
        {"etag": 3},
        {"body": {"number": 2}},
        {"next": 7},
        {"sum": "x"},
    ],
    ids=str,
)
def test_a_spoilt_row_is_a_miss(cache, store, spoil):
    cache.keep("/x", ANSWER)
    store.put(ROOM, "/x", {**store.get(ROOM, "/x"), **spoil})
    assert cache.known("/x") is None


@pytest.mark.parametrize("row", [{}, {"etag": "x"}])
def test_a_row_of_another_time_is_a_miss(cache, store, row):
    store.put(ROOM, "/x", row)
    assert cache.known("/x") is None


def test_a_row_that_is_no_json_is_a_miss_and_is_healed(tmp_path):
    with doors(tmp_path) as hub:
        first = hub.transport.get(R)
        hub.store._db.execute("UPDATE kept SET value = '{\"etag\": tru' WHERE room = ?", (ROOM,))
        assert hub.transport.get(R) == first
        assert hub.transport.get(R) == first
        assert [request.status for request in hub.world.requests] == [200, 200, 304]


def test_a_store_that_is_away_costs_full_answers_and_no_more(tmp_path, monkeypatch):
    def away(*_):
        raise GatewayError("The database is away.", reason="database", transient=True)

    with doors(tmp_path) as hub:
        first = hub.transport.get(R)
        monkeypatch.setattr(hub.store, "get", away)
        monkeypatch.setattr(hub.store, "put", away)
        assert hub.transport.get(R) == first
        assert hub.counted("read") == 2


def test_unused_rows_go_and_used_ones_stay(cache, store, clock):
    cache.keep("/old", ANSWER)
    cache.keep("/used", ANSWER)
    for _ in range(3):
        clock.pass_by(6 * 86_400)
        assert cache.known("/used") == ANSWER
    assert cache.prune() == 1
    assert list(store.items(ROOM)) == ["/used"]


def test_the_least_recently_used_go_beyond_the_limit(cache, store, clock, monkeypatch):
    monkeypatch.setattr(github_cache, "MOST_ROWS", 5)
    for number in range(8):
        clock.pass_by(86_400)
        cache.keep(f"/{number}", ANSWER)
    clock.pass_by(86_400)
    cache.known("/0")
    assert cache.prune() == 3
    assert list(store.items(ROOM)) == ["/0", "/4", "/5", "/6", "/7"]


def test_it_is_pruned_once_a_day_over_all_processes_and_every_so_often(store, clock, monkeypatch):
    monkeypatch.setattr(github_cache, "_PRUNE_AFTER", 10)
    monkeypatch.setattr(github_cache, "MOST_ROWS", 5)
    for process in range(3):
        cache = AnswerCache(store, clock)
        for number in range(4):
            cache.keep(f"/{process}/{number}", ANSWER)
    assert len(store.items(ROOM)) == 12, "the first process looked today"
    clock.pass_by(86_400)
    AnswerCache(store, clock).keep("/new", ANSWER)
    assert len(store.items(ROOM)) == 5
    cache = AnswerCache(store, clock)
    for number in range(40):
        cache.keep(f"/more/{number}", ANSWER)
    assert len(store.items(ROOM)) <= 5 + 10


def test_a_clock_that_was_set_back_forgets_nothing_and_stops_nothing(cache, store, clock):
    cache.keep("/x", ANSWER)
    clock.jump(-400 * 86_400)
    assert cache.prune() == 0
    clock.jump(800 * 86_400)
    assert cache.known("/x") == ANSWER


def test_commits_and_trees_are_asked_once_for_ever_by_whatever_token(tmp_path):
    with doors(tmp_path) as hub:
        first = hub.api.folder(hub.main, "collection/entries")
        before = len(hub.world.requests)
        assert hub.api.folder(hub.main, "collection/entries") == first
        assert {file.path for file in first} == {f"{FOLDER}/entry.yaml", f"{FOLDER}/rdf.yaml"}
        assert len(hub.world.requests) == before
        assert hub.counted("cached") > 0


def test_what_nobody_reads_is_not_kept(tmp_path):
    with doors(tmp_path) as hub:
        number = hub.submission()
        pull = hub.api.pull(number)
        row = hub.store.get(ROOM, f"{R}/pulls/{number}")
        assert hub.api.pull(number) == pull
        text = json.dumps(row)
        assert "_links" not in text
        assert "avatar_url" not in text
        assert row["body"]["head"]["repo"] == {
            "id": row["body"]["head"]["repo"]["id"],
            "full_name": ZOO,
            "private": False,
        }


def test_slim_keeps_what_is_read():
    given = {
        "html_url": "h",
        "target_url": "t",
        "url": "u",
        "events_url": "e",
        "full_name": "own",
        "items": [{"full_name": "a/b", "private": True, "x": 1}, 2, None],
    }
    assert slim(given) == {
        "html_url": "h",
        "target_url": "t",
        "full_name": "own",
        "items": [{"full_name": "a/b", "private": True}, 2, None],
    }
