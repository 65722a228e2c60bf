"""The simulator's answers beside recorded ones of the real Zenodo: same fields, same types."""

import json
from pathlib import Path

import pytest
import requests

from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

RECORDED = Path(__file__).parents[3] / "shared" / "realdata" / "zenodo"
PRESTON = RECORDED / "preston"
STORE = PRESTON / "preston-cas/src/test/resources/bio/guoda/preston/store"
OPEN = PRESTON / "preston-zenodo/src/test/resources/bio/guoda/preston/zenodo/darktaxon-delete/to-be-deleted.json"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="no recorded answers at ../shared/realdata/zenodo"),
]

PER_RECORD = {
    "related_identifiers",
    "references",
    "custom",
    "alternate_identifiers",
    "communities",
    "journal",
    "subtype",
    "keywords",
}
"""What a record has only if its owner filled it in."""
LATER = {"self_doi_html", "parent_doi_html", "swh"}
"""What the newest recordings have and those of the sandbox, made in the same month, have not."""


@pytest.fixture
def world(tmp_path):
    return ZenodoWorld(tmp_path)


@pytest.fixture
def url(world):
    with serve(world) as served:
        yield served.url


def get(url, path, **params):
    return requests.get(url + path, params=params, timeout=5).json()


def recorded(path):
    return json.loads(path.read_text())


def differences(ours, theirs, at=""):
    """Fields and JSON types that differ; of lists the first items are compared."""
    if type(ours) is not type(theirs):
        return [f"{at}: {type(ours).__name__}, recorded {type(theirs).__name__}"]
    if isinstance(ours, dict):
        optional = PER_RECORD | LATER
        found = [f"{at}.{key}: only on one side" for key in (ours.keys() ^ theirs.keys()) - optional]
        return found + [
            d for key in ours.keys() & theirs.keys() for d in differences(ours[key], theirs[key], f"{at}.{key}")
        ]
    if isinstance(ours, list) and ours and theirs:
        return differences(ours[0], theirs[0], f"{at}[0]")
    return []


def test_an_open_record_has_the_recorded_shape(world, url):
    made = world.publish({"event.json": b"foo\n"}, title="A model")
    ours, theirs = get(url, f"/api/records/{made.id}"), recorded(OPEN)
    assert differences(ours, theirs) == []
    assert [k for k in ours if k != "swh"] == list(theirs)  # the order too
    assert ours["files"][0]["checksum"] == theirs["files"][0]["checksum"]


def test_a_restricted_hit_and_its_search_page_have_the_recorded_shape(world, url):
    world.publish({"a.pdf": b"pdf"}, title="A paper", access="restricted", metadata={
        "upload_type": "publication", "publication_type": "article"})  # fmt: skip
    ours = get(url, "/api/records", q="keywords:bioimage.io", allversions="True", size=25)
    theirs = recorded(STORE / "zenodo-13505983.json")
    ours["aggregations"]["resource_type"]["buckets"][0]["inner"] = {}
    theirs["aggregations"]["resource_type"]["buckets"][0]["inner"] = {}
    assert differences(ours, theirs) == []
    assert ours["hits"]["hits"][0]["files"] == theirs["hits"]["hits"][0]["files"] == []
    assert (
        ours["links"]["self"].partition("?")[2]
        == "allversions=True&page=1&q=keywords%3Abioimage.io&size=25&sort=bestmatch"
    )


def test_an_empty_search_is_the_recorded_one(url):
    ours = get(url, "/api/records", q="nothing", allversions="True", size=25)
    theirs = recorded(STORE / "zenodo-13505983-empty.json")
    assert {**ours, "links": None} == {**theirs, "links": None}


def test_the_files_listing_has_the_recorded_shape(world, url):
    made = world.publish({"a b.bin": b"1"}, title="A model")
    ours, theirs = get(url, f"/api/records/{made.id}/files"), recorded(STORE / "zenodo-13505983-files.json")
    assert differences(ours, theirs) == []
    assert ours["entries"][0]["links"]["content"].endswith("/files/a%20b.bin/content")


def exchanges(method, status, part):
    for path in sorted((RECORDED / "recorded").glob("[0-9]*.json")):
        exchange = recorded(path)
        request = exchange["request"]
        if request["method"] == method and exchange["status"]["code"] == status and part in request["uri"]:
            yield exchange


def test_a_new_deposition_has_the_recorded_shape(world, url):
    world.add_user("ada", "secret")
    answer = requests.post(f"{url}/api/deposit/depositions?access_token=secret", json={}, timeout=5)
    theirs = next(exchanges("POST", 201, "/deposit/depositions"))
    missing = {d for d in differences(answer.json(), theirs["body"]) if "newversion" not in d}
    assert missing == set()
    assert answer.headers["X-RateLimit-Limit"] == theirs["headers"]["x-ratelimit-limit"][0] == "100"
    assert "Retry-After" in answer.headers
    assert "retry-after" in theirs["headers"]


def test_an_uploaded_file_has_the_recorded_shape(world, url):
    world.add_user("ada", "secret")
    session = {"headers": {"Authorization": "Bearer secret"}, "timeout": 5}
    made = requests.post(f"{url}/api/deposit/depositions", json={}, **session).json()
    given = {"data": {"name": "a.txt"}, "files": {"file": b"text"}}
    ours = requests.post(made["links"]["files"], **given, **session)
    theirs = next(e for e in exchanges("POST", 201, "/files") if e["request"]["uri"].endswith("/files"))
    assert ours.status_code == 201
    assert differences(ours.json(), theirs["body"]) == []


def test_a_wrong_token_is_refused_as_recorded(world, url):
    theirs = next(exchanges("POST", 401, "/deposit/depositions"))
    answer = requests.post(f"{url}/api/deposit/depositions", headers={"Authorization": "Bearer no"}, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["message"].split() == theirs["body"]["message"].split()
    assert answer.json()["status"] == theirs["body"]["status"]


def test_an_unknown_record_is_refused_as_recorded_but_for_today_s_words(url):
    theirs = next(exchanges("GET", 404, "/records/"))
    answer = requests.get(f"{url}/api/records/68358988", timeout=5)
    assert differences(answer.json(), theirs["body"]) == []
    assert answer.headers["X-RateLimit-Limit"] == theirs["headers"]["x-ratelimit-limit"][0] == "60"
