"""The deposit API of the simulated Zenodo, from the first draft to the second version."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from zenodo_client import Creator, Metadata, Zenodo

from tests.world.faults import Faults
from tests.world.publish import publish_folder
from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

METADATA = {"title": "A model", "upload_type": "other", "creators": [{"name": "A, B"}], "keywords": ["bioimage.io"]}


@pytest.fixture
def world(tmp_path):
    world = ZenodoWorld(tmp_path / "state")
    world.add_user("ada", "ada-token")
    world.add_user("bob", "bob-token")
    return world


@pytest.fixture
def url(world):
    with serve(world) as served:
        yield served.url


class Person:
    def __init__(self, url, token):
        self.url, self.headers = url, {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method, path, **what):
        url = path if path.startswith("http") else f"{self.url}/api{path}"
        return requests.request(method, url, headers=self.headers, timeout=5, **what)

    def draft(self):
        return self("POST", "/deposit/depositions", json={"metadata": METADATA}).json()


@pytest.fixture
def ada(url):
    return Person(url, "ada-token")


@pytest.fixture
def bob(url):
    return Person(url, "bob-token")


@pytest.fixture
def guest(url):
    return Person(url, "")


def published(person, data=b"1"):
    draft = person.draft()
    assert person("PUT", f"{draft['links']['bucket']}/rdf.yaml", data=data).status_code == 201
    answer = person("POST", draft["links"]["publish"])
    assert answer.status_code == 202
    return answer.json()


def test_deposit_publish_new_version(ada, guest):
    first = published(ada)
    assert (first["state"], first["submitted"]) == ("done", True)
    record = guest("GET", f"/records/{first['id']}").json()
    assert record["metadata"]["keywords"] == ["bioimage.io"]
    assert record["conceptrecid"] == first["conceptrecid"]

    opened = ada("POST", first["links"]["newversion"])
    assert opened.status_code == 201
    draft = ada("GET", opened.json()["links"]["latest_draft"]).json()
    assert (draft["state"], draft["conceptrecid"]) == ("unsubmitted", first["conceptrecid"])
    assert [f["filename"] for f in draft["files"]] == ["rdf.yaml"]
    assert ada("POST", first["links"]["newversion"]).json()["id"] == draft["id"]
    assert ada("PUT", f"{draft['links']['bucket']}/rdf.yaml", data=b"2").json()["checksum"].startswith("md5:c81e728d")
    second = ada("POST", draft["links"]["publish"]).json()
    versions = guest("GET", f"/records/{first['id']}/versions").json()["hits"]["hits"]
    assert [v["id"] for v in versions] == [second["id"], first["id"]]
    assert guest("GET", f"/records/{first['id']}/files/rdf.yaml/content").content == b"1"
    assert guest("GET", f"/records/{second['id']}/files/rdf.yaml/content").content == b"2"


def test_a_draft_is_invisible_to_others(ada, bob, guest):
    draft = ada.draft()
    own = f"/deposit/depositions/{draft['id']}"
    assert [p("GET", own).status_code for p in (ada, bob, guest)] == [200, 403, 401]
    assert [p("GET", f"/records/{draft['id']}").status_code for p in (ada, guest)] == [404, 404]
    assert guest("GET", "/records").json()["hits"]["total"] == 0
    assert bob("PUT", own, json={"metadata": {}}).status_code == 403
    assert bob("PUT", f"{draft['links']['bucket']}/x", data=b"1").status_code == 403
    assert guest("PUT", f"{draft['links']['bucket']}/x", data=b"1").status_code == 401
    assert bob("GET", "/deposit/depositions").json() == []
    assert [d["id"] for d in ada("GET", "/deposit/depositions").json()] == [draft["id"]]


def test_an_incomplete_draft_is_not_published(ada):
    draft = ada("POST", "/deposit/depositions", json={}).json()
    answer = ada("POST", draft["links"]["publish"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "metadata.title")
    assert ada("PUT", draft["links"]["self"], json={"metadata": METADATA}).status_code == 200
    answer = ada("POST", draft["links"]["publish"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "files.enabled")


def test_an_edit_changes_the_record_when_it_is_published(ada, guest):
    first = published(ada)
    path = f"/records/{first['id']}"
    before = guest("GET", path).json()
    assert ada("PUT", first["links"]["self"], json={"metadata": METADATA}).status_code == 404
    opened = ada("POST", first["links"]["edit"])
    assert (opened.status_code, opened.json()["state"]) == (201, "inprogress")
    changed = {"metadata": {**METADATA, "title": "Edited"}}
    assert ada("PUT", first["links"]["self"], json=changed).status_code == 200
    assert guest("GET", path).json() == before
    assert ada("PUT", f"{opened.json()['links']['bucket']}/late", data=b"x").status_code == 403
    ada("POST", first["links"]["publish"])
    after = guest("GET", path).json()
    assert (after["title"], after["created"], after["files"]) == ("Edited", before["created"], before["files"])
    assert after["updated"] > before["updated"]


def test_discard_forgets_the_edit_but_not_the_record(ada, guest):
    first = published(ada)
    ada("POST", first["links"]["edit"])
    assert ada("POST", first["links"]["discard"]).status_code == 204
    assert ada("POST", first["links"]["discard"]).status_code == 404
    assert guest("GET", f"/records/{first['id']}").status_code == 200


def test_files_of_a_draft_can_be_listed_read_and_deleted(ada):
    draft = ada.draft()
    old = ada("POST", draft["links"]["files"], data={"name": "a.txt"}, files={"file": b"old way"}).json()
    ada("PUT", f"{draft['links']['bucket']}/b.txt", data=b"new way")
    assert [f["filename"] for f in ada("GET", draft["links"]["files"]).json()] == ["a.txt", "b.txt"]
    assert ada("GET", f"{draft['links']['bucket']}/a.txt").content == b"old way"
    assert ada("DELETE", old["links"]["self"]).status_code == 204
    assert ada("DELETE", old["links"]["self"]).status_code == 404
    assert ada("DELETE", f"{draft['links']['bucket']}/b.txt").status_code == 204
    assert ada("GET", draft["links"]["files"]).json() == []


def test_a_record_has_at_most_a_hundred_files(ada):
    draft = ada.draft()
    statuses = [ada("PUT", f"{draft['links']['bucket']}/{n}", data=b"x").status_code for n in range(101)]
    assert (statuses[99], statuses[100]) == (201, 400)


def test_many_people_at_once_lose_nothing(ada, guest):
    with ThreadPoolExecutor(8) as people:
        made = list(people.map(lambda n: published(ada, b"%d" % n)["id"], range(24)))
    assert len(set(made)) == 24
    assert guest("GET", "/records").json()["hits"]["total"] == 24
    assert [guest("GET", f"/records/{i}/files/rdf.yaml/content").content for i in made] == [
        b"%d" % n for n in range(24)
    ]


@pytest.mark.parametrize(
    ("kind", "hits"), [("cut-before", 0), ("error-before", 0), ("cut-after", 1), ("error-after", 1)]
)
def test_a_lost_answer_to_publish_has_or_has_not_published(world, kind, hits):
    faults = Faults(world)
    with serve(faults) as served:
        ada = Person(served.url, "ada-token")
        faults.add(kind, method="POST", path="/actions/publish")
        draft = ada.draft()
        ada("PUT", f"{draft['links']['bucket']}/rdf.yaml", data=b"1")
        with contextlib.suppress(requests.ConnectionError):
            assert ada("POST", draft["links"]["publish"]).status_code == 500
        assert len(faults.log) == 1
        assert ada("GET", "/records").json()["hits"]["total"] == hits


def test_a_draft_is_published_once(ada, guest):
    draft = ada.draft()
    ada("PUT", f"{draft['links']['bucket']}/rdf.yaml", data=b"1")
    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda _: ada("POST", draft["links"]["publish"]).status_code, range(4)))
    assert sorted(answers) == [202, 404, 404, 404]
    assert guest("GET", "/records").json()["hits"]["total"] == 1


@pytest.mark.parametrize("body", ["no json", "[1]", '{"metadata": 3}'])
def test_a_body_that_is_no_deposit_is_a_400(ada, body):
    assert ada("POST", "/deposit/depositions", data=body).status_code == 400


def test_a_folder_is_published_and_published_again(url, tmp_path, guest):
    folder = tmp_path / "my model"
    (folder / "sub").mkdir(parents=True)
    for name, data in {"rdf.yaml": b"name: x", "empty.txt": b"", "w ü.bin": b"1" * 3_000_000, ".hidden": b""}.items():
        (folder / name).write_bytes(data)
    given = {"zenodo": url, "keyword": "bioimage.io", "token": "ada-token"}
    first = publish_folder(folder, **given)
    assert first["title"] == "my model"
    assert {f["key"]: f["size"] for f in first["files"]} == {"rdf.yaml": 7, "empty.txt": 0, "w ü.bin": 3_000_000}
    (folder / "empty.txt").unlink()
    second = publish_folder(folder, **given, concept=first["conceptrecid"], title="Better")
    assert (second["conceptrecid"], second["title"], len(second["files"])) == (first["conceptrecid"], "Better", 2)
    assert [h["id"] for h in guest("GET", "/records?q=keywords:bioimage.io").json()["hits"]["hits"]] == [second["id"]]


def test_a_refused_publication_says_why_without_the_token(url, tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    with pytest.raises(requests.HTTPError, match="401") as refused:
        publish_folder(tmp_path, zenodo=url, keyword="x", token="wrong-token")
    assert "wrong-token" not in str(refused.value)


def test_zenodo_client_creates_and_updates(url, tmp_path, world, monkeypatch):
    monkeypatch.setattr("zenodo_client.api.time.sleep", lambda _: None)
    client = Zenodo(access_token="ada-token")
    client.api_base, client.depositions_base = f"{url}/api", f"{url}/api/deposit/depositions"
    (tmp_path / "rdf.yaml").write_text("name: x")
    about = Metadata(
        title="A model",
        upload_type="other",
        description="Says what it is",
        creators=[Creator(name="Contributor, Ada")],
        version="1",
    )
    made = client.create(about, tmp_path / "rdf.yaml").json()
    (tmp_path / "rdf.yaml").write_text("name: y")
    client.update(made["id"], tmp_path / "rdf.yaml")
    versions = [r.id for r in world.store.versions(int(made["conceptrecid"]))]
    assert versions == [made["id"], made["id"] + 1]
    assert [client.get_record(v).json()["metadata"]["version"] == "1" for v in versions] == [True, False]
