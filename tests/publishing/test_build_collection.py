"""Publishing into a real repository: one commit for any number of merges, none when nothing changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
import structlog

from bot import plain_json
from bot.errors import GatewayError, UnknownOutcomeError
from bot.proposal.entry_file import entry
from bot.publishing.build_collection import build_collection
from bot.publishing.collection import PATH
from bot.publishing.read_entries import AT_ONCE, missing
from bot.records.facts import Place
from tests.fakes.facts import submission, upload
from tests.gateways.github_doors import FOLDER, ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.records.github import TreeFile

RDF = b"name: x\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        opened.world.commit_files(ZOO, "main", {f"{FOLDER}/entry.yaml": None, f"{FOLDER}/rdf.yaml": None}, author="zoo")
        yield opened


def files(entry_id: str, version: str, rdf: bytes = RDF, **resource: object) -> dict[str, bytes | str | None]:
    place = Place(entry_id, version)
    content = entry(place, upload(record=version), submission(**resource), concept="c", source="5" * 64)
    return {f"{place.folder}/entry.yaml": content, f"{place.folder}/rdf.yaml": rdf}


def add(hub: Doors, *more: dict[str, bytes | str | None]) -> None:
    hub.world.commit_files(ZOO, "main", {path: content for one in more for path, content in one.items()}, author="zoo")


def build(hub: Doors, branch: str = "main") -> str | None:
    return build_collection(hub.api, hub.store, "Zoo", branch)


def published(hub: Doors, branch: str = "main") -> dict[str, object]:
    return plain_json.validate(json.loads(hub.world.file(ZOO, PATH, branch) or b""), "collection")


def ids(hub: Doors, branch: str = "main") -> list[str]:
    return [found["id"] for found in published(hub, branch)["entries"]]


@pytest.fixture
def read(hub: Doors, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The paths that are read together, each time."""
    found: list[list[str]] = []
    blobs = hub.api.blobs

    def noted(some: Sequence[TreeFile]) -> dict[str, bytes]:
        found.append([file.path for file in some])
        return blobs(some)

    monkeypatch.setattr(hub.api, "blobs", noted)
    return found


def test_the_first_entries_are_published_in_one_commit(hub):
    base = hub.main
    add(hub, files("calm-seal", "7"), files("brave-otter", "1001"))
    writes = hub.counted("write")
    commit = build(hub)
    assert commit == hub.main != base
    assert hub.counted("write") == writes + 1
    assert ids(hub) == ["brave-otter", "calm-seal"]
    assert published(hub)["entries"][0]["versions"][0]["rdf_sha256"] == hashlib.sha256(RDF).hexdigest()
    assert hub.api.commit(commit).message.startswith("Publish the collection\n\nFrom: ")


def test_nothing_changed_is_no_commit(hub):
    add(hub, files("calm-seal", "7"))
    build(hub)
    writes = hub.counted("write")
    assert build(hub) is None
    add(hub, {"README.md": "Changed.\n"})
    assert build(hub) is None
    assert hub.counted("write") == writes


def test_an_empty_collection_is_not_published_for_the_first_time(hub):
    assert build(hub) is None
    assert hub.world.file(ZOO, PATH) is None


def test_the_last_entry_that_goes_leaves_an_empty_collection(hub):
    add(hub, files("calm-seal", "7"))
    build(hub)
    add(hub, dict.fromkeys(files("calm-seal", "7")))
    assert build(hub)
    assert ids(hub) == []


def test_a_change_replaces_the_standing_file(hub):
    add(hub, files("calm-seal", "7"))
    build(hub)
    add(hub, files("calm-seal", "8"))
    assert build(hub) == hub.main
    assert [v["version"] for v in published(hub)["entries"][0]["versions"]] == ["8", "7"]


def test_a_changed_rdf_alone_is_published_too(hub):
    add(hub, files("calm-seal", "7"))
    build(hub)
    add(hub, files("calm-seal", "7", rdf=b"name: y\n"))
    assert build(hub)
    assert published(hub)["entries"][0]["versions"][0]["rdf_sha256"] == hashlib.sha256(b"name: y\n").hexdigest()


def test_one_changed_entry_of_three_hundred_is_one_entry_read(hub, read):
    """And with an empty store, as each run of Actions has it, three hundred take thirteen requests."""
    add(hub, *(files(f"seal-{n}", str(n), rdf=f"name: {n}\n".encode()) for n in range(300)))
    since = len(hub.world.requests)
    assert build(hub)
    assert len(hub.world.requests) - since <= 13
    assert len(ids(hub)) == 300
    assert {len(paths) for paths in read} == {AT_ONCE}, "memory stays flat"
    add(hub, files("seal-150", "150", rdf=b"name: 150\n", name="Changed"))
    read.clear()
    since = len(hub.world.requests)
    assert build(hub)
    assert read == [[f"collection/entries/seal-150/150/{name}.yaml" for name in ("entry", "rdf")]]
    assert len(hub.world.requests) - since <= 8


def test_what_was_read_before_it_broke_is_kept(hub, read):
    add(hub, *(files(f"seal-{n:02}", str(n), rdf=f"name: {n}\n".encode()) for n in range(AT_ONCE // 2 + 1)))
    hub.faults.add("error-before", path="/graphql", after=1, times=None)
    with pytest.raises(GatewayError):
        build(hub)
    hub.faults.clear()
    read.clear()
    assert build(hub)
    assert read == [[f"collection/entries/seal-{AT_ONCE // 2}/{AT_ONCE // 2}/{name}.yaml" for name in ("entry", "rdf")]]


@pytest.mark.parametrize("line", ["status: blocked", "status: withdrawn"])
def test_hidden_ids_are_left_out(hub, read, line):
    concepts = {f"collection/entries/seal-{n}/concept.yaml": f"owners: [{n}]\n" for n in range(AT_ONCE + 1)}
    hidden = {"collection/entries/calm-seal/concept.yaml": f"owners: []\n{line}\n"}
    add(hub, files("calm-seal", "7"), files("brave-otter", "1"), concepts, hidden)
    since = len(hub.world.requests)
    assert build(hub)
    assert ids(hub) == ["brave-otter"]
    assert [len(paths) for paths in read] == [4, AT_ONCE, 2]
    assert len(hub.world.requests) - since <= 10


@pytest.mark.parametrize(
    "content",
    [
        b"not: json",
        b"{}",
        b"\xff\xfe",
        b'{"a": "\\ud800"}',
        b"NaN",
        b"[" * 100_000,
        json.dumps({"schema": "accession/entry/2"}).encode(),
    ],
    ids=["yaml", "empty", "binary", "surrogate", "NaN", "deep", "another schema"],
)
def test_an_entry_that_cannot_be_read_is_left_out_loudly_and_stops_nobody(hub, content):
    add(
        hub,
        files("calm-seal", "7"),
        files("brave-otter", "1"),
        {"collection/entries/brave-otter/1/entry.yaml": content},
    )
    with structlog.testing.capture_logs() as lines:
        assert build(hub)
    assert ids(hub) == ["calm-seal"]
    loud = [line for line in lines if line["event"] == "entry_unreadable"]
    assert [line["path"] for line in loud] == ["collection/entries/brave-otter/1/entry.yaml"]
    assert loud[0]["log_level"] == "error"
    with structlog.testing.capture_logs() as lines:
        assert build(hub) is None
    assert "entry_unreadable" in [line["event"] for line in lines]


def test_a_surrogate_inside_a_fitting_entry_is_no_json_of_ours(hub):
    broken = files("calm-seal", "7")
    path = "collection/entries/calm-seal/7/entry.yaml"
    broken[path] = broken[path].replace(b'"A model"', b'"A \\ud800 model"')
    add(hub, broken, files("brave-otter", "1"))
    assert build(hub)
    assert ids(hub) == ["brave-otter"]


def test_an_entry_without_rdf_is_no_entry(hub):
    add(hub, {**files("calm-seal", "7"), "collection/entries/calm-seal/7/rdf.yaml": None}, files("brave-otter", "1"))
    build(hub)
    assert ids(hub) == ["brave-otter"]


def test_when_somebody_is_faster_it_looks_again(hub, monkeypatch):
    add(hub, files("calm-seal", "7"))
    put, races = hub.api.put_file, []

    def race(**arguments: object) -> str | None:
        if not races:
            races.append(1)
            add(hub, {PATH: b"{}\n"}, files("brave-otter", "1"))
        return put(**arguments)

    monkeypatch.setattr(hub.api, "put_file", race)
    assert build(hub)
    assert ids(hub) == ["brave-otter", "calm-seal"]


def test_a_branch_that_keeps_moving_is_left_to_the_next_run(hub, monkeypatch):
    add(hub, files("calm-seal", "7"))
    monkeypatch.setattr(hub.api, "put_file", lambda **_: add(hub, {"README.md": f"{len(hub.world.requests)}\n"}))
    with pytest.raises(GatewayError) as found:
        build(hub)
    assert (found.value.reason, found.value.transient) == ("publish-race", True)


def test_a_protected_branch_is_said_with_what_to_do(hub):
    add(hub, files("calm-seal", "7"))
    hub.world.protect_branch(ZOO)
    with pytest.raises(GatewayError) as found:
        build(hub)
    assert (found.value.reason, found.value.transient) == ("branch-protected", False)
    assert found.value.message == (
        "GitHub does not let the bot commit collection.json to `main`: put its App on the bypass list of the rule that guards "
        "this branch. The token of Actions can be on none; with it, publish to a branch of its own (`publish_branch` in "
        "accession.yaml)."
    )


def test_once_the_branch_is_free_again_it_is_published(hub):
    add(hub, files("calm-seal", "7"))
    hub.world.protect_branch(ZOO)
    with pytest.raises(GatewayError):
        build(hub)
    hub.world.protect_branch(ZOO, protected=False)
    assert build(hub)


@pytest.mark.parametrize("fault", ["error-before", "cut-before", "error-after", "cut-after"])
def test_a_lost_answer_is_completed_by_the_next_run_with_one_commit(hub, fault):
    add(hub, files("calm-seal", "7"))
    hub.faults.add(fault, method="PUT")
    with pytest.raises(UnknownOutcomeError):
        build(hub)
    build(hub)
    assert ids(hub) == ["calm-seal"]
    assert build(hub) is None
    assert len([w for w in hub.world.writes if w.method == "PUT" and w.status < 400]) == 1


def test_it_can_be_published_to_a_branch_of_its_own(hub):
    hub.api.create_ref("heads/pages", hub.main)
    add(hub, files("calm-seal", "7"))
    before = hub.main
    assert build(hub, "pages")
    assert hub.main == before
    assert ids(hub, "pages") == ["calm-seal"]
    assert build(hub, "pages") is None
    add(hub, files("calm-seal", "8"))
    assert build(hub, "pages")
    assert len(published(hub, "pages")["entries"][0]["versions"]) == 2


def test_versions_without_entry_are_found(hub):
    add(
        hub,
        files("calm-seal", "7"),
        {"collection/entries/my-model/1/rdf.yaml": RDF, "collection/entries/x/rdf.yaml": RDF},
    )
    found = missing({file.path: file for file in hub.api.folder(hub.main, "collection")})
    assert [file.path for file in found] == ["collection/entries/my-model/1/rdf.yaml", "collection/entries/x/rdf.yaml"]
