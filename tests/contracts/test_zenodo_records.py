"""Records, files, bad luck, limits and pages of the simulated Zenodo."""

import hashlib
import io
import zipfile

import pytest
import requests

from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld
from tests.world.zenodo.limits import GUEST, SEARCH


@pytest.fixture
def world(tmp_path):
    return ZenodoWorld(tmp_path)


@pytest.fixture
def ask(world):
    with serve(world) as served, requests.Session() as session:
        session.trust_env = False

        def ask(path, method="GET", **what):
            return session.request(method, served.url + path, timeout=5, **what)

        yield ask


def content(made, name="w.bin"):
    return f"/api/records/{made.id}/files/{name}/content"


def test_a_file_streams_with_its_length_and_md5(world, ask):
    data = bytes(range(256)) * 5000
    made = world.publish({"w.bin": data}, title="A model")
    (file,) = ask(f"/api/records/{made.id}").json()["files"]
    answer = requests.get(file["links"]["self"], timeout=5)
    assert answer.content == data
    assert file["checksum"] == f"md5:{hashlib.md5(data).hexdigest()}"
    assert answer.headers["Content-Length"] == str(len(data)) == str(file["size"])
    assert answer.headers["ETag"] == f'"{file["checksum"]}"'


def test_part_of_a_file(world, ask):
    made = world.publish({"w.bin": b"0123456789"}, title="A model")
    answer = ask(content(made), headers={"Range": "bytes=3-5"})
    assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (206, b"345", "bytes 3-5/10")
    assert ask(content(made), headers={"Range": "bytes=30-"}).status_code == 416


def test_names_with_blanks_slashes_and_umlauts_work(world, ask):
    names = ["a b.bin", "ü.bin", "sub/dir.bin", "50%.bin"]
    made = world.publish({name: name.encode() for name in names}, title="Names")
    for file in ask(f"/api/records/{made.id}").json()["files"]:
        assert requests.get(file["links"]["self"], timeout=5).content == file["key"].encode()


def test_all_files_in_one_zip(world, ask):
    made = world.publish({"a": b"1", "b": b"2"}, title="A model")
    with zipfile.ZipFile(io.BytesIO(ask(f"/api/records/{made.id}/files-archive").content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a": b"1", "b": b"2"}


def test_a_concept_leads_to_its_latest_version(world, ask):
    first = world.publish({"a": b"1"}, title="v1")
    second = world.publish({"a": b"2"}, title="v2", concept=str(first.concept))
    answer = ask(f"/api/records/{first.concept}", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].rpartition("/")[2]) == (301, str(second.id))
    assert ask(f"/api/records/{first.concept}").json()["id"] == second.id
    assert ask(f"/api/records/{first.id}/versions/latest").json()["id"] == second.id
    assert ask(f"/api/records/{first.id}").json()["metadata"]["relations"]["version"][0]["is_last"] is False


def test_a_withdrawn_record_leaves_a_tombstone(world, ask):
    made = world.publish({"w.bin": b"1"}, title="Mistaken")
    world.withdraw(made.id)
    for path in (f"/api/records/{made.id}", f"/api/records/{made.id}/files", content(made)):
        answer = ask(path)
        assert (answer.status_code, answer.json()["message"]) == (410, "Record deleted")
        assert answer.json()["tombstone"]["is_visible"] is True
    assert ask(f"/records/{made.id}").status_code == 410
    assert ask("/api/records").json()["hits"]["total"] == 0


def test_a_withdrawn_version_gives_way_to_the_one_before(world, ask):
    first = world.publish({"a": b"1"}, title="v1")
    second = world.publish({"a": b"2"}, title="v2", concept=first.concept)
    world.withdraw(second.id)
    assert [hit["id"] for hit in ask("/api/records").json()["hits"]["hits"]] == [first.id]
    assert ask(f"/api/records/{first.concept}").json()["id"] == first.id


def test_a_restricted_record_shows_its_files_to_the_owner_alone(world, ask):
    owner = world.add_user("ada", "ada-token")
    world.add_user("bob", "bob-token")
    made = world.publish({"w.bin": b"1"}, title="Secret", owner=owner)
    world.restrict(made.id)
    seen = ask(f"/api/records/{made.id}").json()
    assert (seen["files"], seen["metadata"]["access_right"]) == ([], "restricted")
    assert "license" not in seen["metadata"]
    for headers in ({}, {"Authorization": "Bearer bob-token"}):
        for path in (content(made), f"/api/records/{made.id}/files"):
            answer = ask(path, headers=headers)
            assert (answer.status_code, answer.json()["message"]) == (403, "Permission denied.")
    mine = {"Authorization": "Bearer ada-token"}
    assert ask(content(made), headers=mine).content == b"1"
    assert len(ask(f"/api/records/{made.id}", headers=mine).json()["files"]) == 1


def test_a_dropped_file_is_listed_and_missing(world, ask):
    made = world.publish({"w.bin": b"1", "rdf.yaml": b"2"}, title="A model")
    world.drop_file(made.id, "w.bin")
    assert [f["key"] for f in ask(f"/api/records/{made.id}").json()["files"]] == ["w.bin", "rdf.yaml"]
    assert ask(content(made)).status_code == 404
    assert ask(content(made, "rdf.yaml")).content == b"2"


@pytest.mark.parametrize("data", [b"weights", b""])
def test_a_corrupt_file_is_not_what_its_md5_says(world, ask, data):
    made = world.publish({"w.bin": data}, title="A model")
    world.corrupt_file(made.id, "w.bin")
    (file,) = ask(f"/api/records/{made.id}").json()["files"]
    assert file["checksum"] == f"md5:{hashlib.md5(data).hexdigest()}"
    assert f"md5:{hashlib.md5(ask(content(made)).content).hexdigest()}" != file["checksum"]


@pytest.mark.parametrize(
    "path", ["/api/records/1", "/api/records/abc", "/api/records/1/files", "/api/nothing", "/records/x"]
)
def test_what_is_not_there_is_a_404(ask, path):
    assert ask(path).status_code == 404


def test_an_unknown_file_is_a_404_with_a_sentence(world, ask):
    answer = ask(content(world.publish({"a": b"1"}, title="A model"), "b"))
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_a_wrong_token_is_refused_everywhere(world, ask):
    answer = ask("/api/records", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["status"]) == (401, 401)


def test_every_answer_tells_its_limits_and_when_to_come_back(world, ask):
    for path, limit in (("/api/records/1", "60"), ("/api/records", "30"), ("/", "60")):
        answer = ask(path)
        assert answer.headers["X-RateLimit-Limit"] == limit
        assert 1 <= int(answer.headers["Retry-After"]) <= 3600
        assert int(answer.headers["X-RateLimit-Reset"]) > world.clock()


def test_limits_are_told_but_kept_only_on_request(tmp_path):
    world = ZenodoWorld(tmp_path, clock=lambda: 1_000_000.0)
    with serve(world) as served, requests.Session() as session:
        search = [session.get(f"{served.url}/api/records").status_code for _ in range(SEARCH[0].count + 1)]
        assert set(search) == {200}
        world.enforce_limits = True
        answer = session.get(f"{served.url}/api/records")
        assert (answer.status_code, answer.json()) == (429, {"status": 429, "message": "30 per 1 minute"})
        others = [session.get(f"{served.url}/api/records/1").status_code for _ in range(GUEST[0].count)]
        assert (others[0], others[-1]) == (404, 429)


def test_pages_for_people(world, ask):
    made = world.publish({"w.bin": b"12345"}, title="<b>Nuclei</b>", keywords=["bioimage.io"])
    front, page = ask("/").text, ask(f"/records/{made.id}").text
    assert f"/records/{made.id}" in front
    for text in (front, page):
        assert "&lt;b&gt;Nuclei" in text
        assert "<b>" not in text
        assert "bioimage.io" in text
    assert "w.bin" in page
    assert ask(f"/records/{made.concept}").text == page


def test_every_request_is_remembered(world, ask):
    world.add_user("ada", "ada-token")
    ask("/api/records?q=x&access_token=ada-token")
    ask("/api/records/1")
    assert [(s.method, s.path, s.status, s.user) for s in world.requests] == [
        ("GET", "/api/records?q=x&access_token=ada-token", 200, "ada"),
        ("GET", "/api/records/1", 404, None),
    ]


def test_everything_survives_a_restart(tmp_path):
    world = ZenodoWorld(tmp_path, clock=lambda: 1_000_000.0)
    world.add_user("ada", "ada-token")
    first = world.publish({"a": b"1"}, title="v1")
    world.index_lag = 60
    world.edit(first.id, title="v1, edited")
    draft = world.shelf.new_draft(1001, {"title": "open"})
    again = ZenodoWorld(tmp_path, clock=lambda: 1_000_000.0)
    again.index_lag = 60
    assert again.store.records == world.store.records
    assert again.store.drafts == {draft.id: draft}
    assert again.store.users == world.store.users
    assert [r.title for r in again.index().records] == ["v1"]
    assert again.publish({"a": b"2"}, title="v2", concept=first.concept).id > draft.id
    assert not list(tmp_path.glob("**/*.part"))


def test_the_curtain_can_be_moved_over_http(world, ask):
    made = world.publish({"w.bin": b"1"}, title="before")
    assert ask("/_world/settings", "PATCH", json={"index_lag": 5, "enforce_limits": True}).status_code == 200
    assert (world.index_lag, world.enforce_limits) == (5, True)
    assert ask("/_world/settings", "PATCH", json={"colour": 1}).status_code == 400
    assert ask(f"/_world/records/{made.id}/edit", "POST", json={"title": "after"}).status_code == 200
    assert world.record(made.id).title == "after"
    assert ask(f"/_world/records/{made.id}/drop_file", "POST", json={"name": "no"}).status_code == 400
    assert ask(f"/_world/records/{made.id}/publish", "POST").status_code == 404
    assert ask("/_world/requests").json() == []
