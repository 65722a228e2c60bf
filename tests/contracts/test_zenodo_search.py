"""Searching the simulated Zenodo: paging, limits, sorts, versions, ranges and the lag of its index."""

import contextlib
from datetime import UTC, datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld
from tests.world.zenodo.answers import ZenodoError
from tests.world.zenodo.queries import compiled

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
DAY = 86_400


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tmp_path, clock):
    world = ZenodoWorld(tmp_path, clock=clock)
    world.add_user("ada", "ada-token")
    return world


@pytest.fixture
def ask(world):
    with serve(world) as served, requests.Session() as session:
        session.trust_env = False

        def ask(path="/api/records", **params):
            url = path if path.startswith("http") else served.url + path
            return session.get(url, params=params, timeout=5)

        yield ask


@pytest.fixture
def many(world, clock):
    """60 records, one a day."""
    with world.saving_once():
        made = []
        for number in range(60):
            made.append(world.publish({"rdf.yaml": b"x"}, title=f"Model {number}").id)
            clock.now += DAY
    return made


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [hit["id"] for hit in answer.json()["hits"]["hits"]]


def test_pages_are_of_ten_and_linked_to_the_end(many, ask):
    answer, seen = ask(q="keywords:bioimage.io", sort="newest"), []
    assert answer.json()["hits"]["total"] == 60
    assert "prev" not in answer.json()["links"]
    while True:
        page = ids(answer)
        assert len(page) <= 10
        seen += page
        following = answer.json()["links"].get("next")
        if not following:
            break
        answer = ask(following)
        assert "prev" in answer.json()["links"]
    assert seen == many[::-1]


@pytest.mark.parametrize(
    ("size", "token", "status"), [(25, "", 200), (26, "", 400), (100, "ada-token", 200), (101, "ada-token", 400)]
)
def test_a_page_has_at_most_25_hits_for_guests_and_100_with_a_token(many, ask, size, token, status):
    answer = ask(size=size, **({"access_token": token} if token else {}))
    assert answer.status_code == status
    if status == 200:
        assert len(ids(answer)) == min(size, 60)
        assert token not in answer.json()["links"]["self"] or not token
    else:
        (error,) = answer.json()["errors"]
        assert (answer.json()["message"], error["field"]) == ("A validation error occurred.", "size")
        assert f"cannot be greater than {size - 1}" in error["messages"][0]


@pytest.mark.parametrize("params", [{"size": 0}, {"size": "ten"}, {"page": 0}, {"page": "-1"}, {"sort": "no-such"}])
def test_a_senseless_page_or_sort_is_a_400(ask, params):
    assert ask(**params).status_code == 400


def test_nothing_lies_beyond_the_first_ten_thousand(ask):
    assert ask(size=25, page=400).status_code == 200
    answer = ask(size=25, page=401)
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid querystring parameters.")


def test_sorts(world, clock, ask):
    first = world.publish({"a": b"1"}, title="first").id
    clock.now += DAY
    second = world.publish({"a": b"2"}, title="second").id
    clock.now += DAY
    world.edit(first, title="first, edited")
    expected = {
        "newest": [second, first],
        "mostrecent": [second, first],
        "oldest": [first, second],
        "-mostrecent": [first, second],
        "updated-desc": [first, second],
        "updated-asc": [second, first],
    }
    assert {sort: ids(ask(sort=sort)) for sort in expected} == expected


def test_only_the_latest_version_shows_unless_all_are_wanted(world, ask):
    first = world.publish({"a": b"1"}, title="v1")
    second = world.publish({"a": b"2"}, title="v2", concept=first.concept)
    assert ids(ask(q="keywords:bioimage.io")) == [second.id]
    for name in ("all_versions", "allversions"):
        assert ids(ask(sort="version", **{name: "true"})) == [second.id, first.id]
    shown = ask(f"/api/records/{first.id}/versions").json()["hits"]["hits"]
    relations = [hit["metadata"]["relations"]["version"][0] for hit in shown]
    assert [(r["index"], r["is_last"]) for r in relations] == [(1, True), (0, False)]


def test_an_edit_moves_updated_and_nothing_else(world, clock, ask):
    made = world.publish({"a": b"1"}, title="before")
    old = ask(f"/api/records/{made.id}").json()
    clock.now += DAY
    world.edit(made.id, title="after", keywords=["bioimage.io", "nuclei"])
    new = ask(f"/api/records/{made.id}").json()
    assert (new["title"], new["metadata"]["keywords"]) == ("after", ["bioimage.io", "nuclei"])
    assert new["updated"] == new["modified"] == "2026-01-02T00:00:00.000000+00:00"
    assert old["updated"] == old["created"] == new["created"]
    assert old["files"] == new["files"]
    assert new["revision"] > old["revision"]


def test_search_lags_behind_while_the_record_is_there(world, clock, ask):
    world.index_lag = 60
    made = world.publish({"a": b"1"}, title="new")
    assert ids(ask(q="keywords:bioimage.io")) == []
    assert ask(f"/api/records/{made.id}").status_code == 200
    clock.now += 60
    assert ids(ask(q="keywords:bioimage.io")) == [made.id]
    world.edit(made.id, title="edited")
    again = world.publish({"a": b"2"}, title="newer", concept=made.concept)
    assert ask(f"/api/records/{made.id}/versions/latest").json()["id"] == again.id
    (hit,) = ask().json()["hits"]["hits"]
    assert (hit["title"], hit["metadata"]["relations"]["version"][0]["is_last"]) == ("new", True)
    clock.now += 60
    assert ids(ask()) == [again.id]


def test_a_smaller_lag_brings_waiting_changes_forward(world, ask):
    world.index_lag = 3600
    made = world.publish({"a": b"1"}, title="new")
    assert ids(ask()) == []
    world.index_lag = 0
    assert ids(ask()) == [made.id]


def test_ranges_over_updated_and_created(world, clock, many, ask):
    world.edit(many[0], title="Model 0, edited")
    assert ids(ask(q="updated:[2026-03-01 TO *]")) == [many[0], many[59]]
    assert ids(ask(q='keywords:"bioimage.io" AND updated:["2026-03-02T00:00:00+00:00" TO "2026-12-31"]')) == [many[0]]
    assert ids(ask(q="created:[* TO 2026-01-02]")) == many[:2]
    assert ids(ask(q="created:{2026-01-01 TO 2026-01-03}")) == [many[1]]
    assert ids(ask(q="created:[2026-01-01 TO 2026-01-01] OR created:[2026-01-03 TO 2026-01-03]")) == [many[0], many[2]]


def test_a_zenodo_that_does_not_offer_updated_says_so(world, many, ask):
    world.honour_updated_sort = world.honour_updated_range = False
    assert ask(sort="updated-desc").status_code == 400
    assert ask(q="updated:[2026-01-01 TO *]").status_code == 400
    assert len(ids(ask(sort="newest"))) == 10


def test_or_answers_something_useless(world, clock, many, ask):
    world.honour_updated_sort = world.honour_updated_range = world.strict = False
    world.edit(many[30], title="edited")
    assert many[30] not in ids(ask(sort="updated-desc"))
    assert ids(ask(q="updated:[2026-01-01 TO *]")) == []


def test_the_counts_beside_the_hits(world, ask):
    world.publish({"rdf.yaml": b"1", "w.onnx": b"2"}, title="a", keywords=["bioimage.io", "nuclei"])
    world.publish({"rdf.yaml": b"1"}, title="b")
    counts = ask().json()["aggregations"]
    assert [(b["key"], b["doc_count"]) for b in counts["subject"]["buckets"]] == [("bioimage.io", 2), ("nuclei", 1)]
    assert [(b["key"], b["doc_count"]) for b in counts["file_type"]["buckets"]] == [("yaml", 2), ("onnx", 1)]


DOCUMENT = {
    "keywords": ["bioimage.io", "Cell Nuclei"],
    "title": ["A U-Net"],
    "updated": ["2026-05-05T10:00:00.123456+00:00"],
    "doi": ["10.5281/zenodo.7"],
    "*": ["A U-Net", "bioimage.io"],
}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("", True),
        ("*", True),
        ("keywords:bioimage.io", True),
        ('keywords:"BIOIMAGE.IO"', True),
        ("keywords:bioimage", False),
        ("keywords:bio*", True),
        ('keywords:"cell nuclei"', True),
        ('keywords:"nuclei cell"', False),
        ("metadata.subjects.subject:x", False),
        ("no.such.field:bioimage.io", False),
        ("net AND keywords:bioimage.io", True),
        ("nothing OR net", True),
        ("nothing net", True),
        ("NOT nothing", True),
        ("net AND NOT keywords:bioimage.io", False),
        ("net AND (nothing OR keywords:(x OR bioimage.io))", True),
        ("nothing AND x OR net", True),
        ('doi:"10.5281/zenodo.7"', True),
        ("doi:10.5281\\/zenodo.7", True),
        ("updated:[2026-05-05 TO 2026-05-05]", True),
        ("updated:[2026-05-05T10\\:00\\:00.123 TO *]", True),
        ("updated:{2026-05-05 TO *]", False),
        ("updated:[* TO 2026-05-05}", False),
    ],
)
def test_queries(query, matches):
    assert compiled(query)(DOCUMENT) is matches


@pytest.mark.parametrize(
    "query",
    [
        "(a",
        "a)",
        "a AND",
        "AND",
        'keywords:"x',
        "updated:[2026 TO",
        "updated:[x TO *]",
        "updated:[a]",
        "keywords:",
        "]",
    ],
)
def test_an_unreadable_query_is_a_400(ask, query):
    answer = ask(q=query)
    assert (answer.status_code, answer.json()["message"]) == (400, "The syntax of the search query is invalid.")


@given(st.text(alphabet='ab :()[]{}"\\*ANDORTO', max_size=30))
def test_no_query_breaks_the_parser(query):
    with contextlib.suppress(ZenodoError):  # the 400 above; anything else is a fault of ours
        assert compiled(query)(DOCUMENT) in {True, False}


def test_thousands_of_records_are_searched_in_a_blink(world, ask):
    with world.saving_once():
        for number in range(3000):
            world.publish({"a": b"1"}, title=f"Model {number}")
    answer = ask(q="keywords:bioimage.io AND created:[2026-01-01 TO *]", sort="updated-desc", size=25)
    assert answer.json()["hits"]["total"] == 3000
    assert answer.elapsed.total_seconds() < 2
