"""Blobs through GraphQL: many in one request, text alone, and the first 512,000 bytes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.github_hub import ZOO, Hub, hub_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"
FILES: dict[str, bytes | str | None] = {
    "plain": "name: é\r\n".encode(),
    "empty": b"",
    "zero": b"a\0b",
    "latin": b"caf\xe9\n",
    "long": b"x" * 512_001,
    "whole": b"y" * 512_000,
}
FIELDS = "{ ... on Blob { oid byteSize isBinary isTruncated text } ... on Tree { oid } }"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        hub.world.commit_files(ZOO, "main", FILES, author="bob")
        yield hub


def names(hub: Hub) -> dict[str, str]:
    return {item["path"]: item["sha"] for item in hub.get(f"{R}/git/trees/main").json()["tree"]}


def ask(hub: Hub, *shas: str, token: str = "bot-token") -> dict[str, Any]:
    fields = " ".join(f'o{n}: object(oid: "{sha}") {FIELDS}' for n, sha in enumerate(shas))
    query = f'query {{ repository(owner: "zoo", name: "collection") {{ {fields} }} }}'
    return hub.post("/graphql", token, query=query).json()


def shown(hub: Hub, name: str) -> tuple[object, ...]:
    found = ask(hub, names(hub)[name])["data"]["repository"]["o0"]
    return found["byteSize"], found["isBinary"], found["isTruncated"], found["text"]


def test_text_is_shown_as_it_is(hub: Hub) -> None:
    assert shown(hub, "plain") == (10, False, False, "name: é\r\n")
    assert shown(hub, "empty") == (0, False, False, "")


def test_what_is_binary_has_no_text(hub: Hub) -> None:
    assert shown(hub, "zero") == (3, True, False, None)


def test_another_encoding_is_shown_as_other_bytes(hub: Hub) -> None:
    assert shown(hub, "latin") == (5, False, False, "caf\ufffd\n")


def test_a_long_one_is_cut(hub: Hub) -> None:
    assert shown(hub, "long") == (512_001, False, True, "x" * 512_000)
    assert shown(hub, "whole")[2:] == (False, "y" * 512_000)


def test_many_in_one_request_and_what_is_not_there_is_null(hub: Hub) -> None:
    here = names(hub)
    found = ask(hub, here["plain"], "0" * 40, here["collection"], here["plain"][:12])["data"]["repository"]
    assert found["o0"]["oid"] == here["plain"]
    assert (found["o1"], found["o3"]) == (None, None)
    assert found["o2"] == {"oid": here["collection"]}, "a tree has no text"


def test_a_private_repository_shows_them_to_whoever_may_read_contents(tmp_path: Path) -> None:
    with hub_at(tmp_path) as hub:
        hub.world.create_repository("zoo/closed", {"a": "x\n"}, private=True)
        for level in ("none", "read"):
            hub.world.add_token("github-actions[bot]", level, kind="actions", permissions={"contents": level})
        sha = hub.get("/repos/zoo/closed/git/trees/main", "read").json()["tree"][0]["sha"]
        query = f'{{ repository(owner: "zoo", name: "closed") {{ object(oid: "{sha}") {FIELDS} }} }}'
        (error,) = hub.post("/graphql", "none", query=query).json()["errors"]
        assert error["type"] == "FORBIDDEN"
        assert hub.post("/graphql", "read", query=query).json()["data"]["repository"]["object"]["text"] == "x\n"
