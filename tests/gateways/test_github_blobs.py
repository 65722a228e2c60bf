"""Many blobs in few requests: what GraphQL shows is believed by its git name alone, and the rest is read by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.digests import blob_sha
from bot.errors import GatewayError
from bot.gateways import github_blobs
from bot.gateways.github_blobs import AT_ONCE, BYTES_AT_ONCE, SHOWN_BYTES, believed, parcels
from bot.gateways.github_wire import Exchange
from bot.records.github import TreeFile
from tests.gateways.github_doors import ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["personal", "app", "actions"])
def any_hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Doors]:
    with doors(tmp_path, request.param) as opened:
        yield opened


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


def listed(hub, contents):
    """The files as GitHub lists them."""
    hub.world.commit_files(ZOO, "main", {f"many/{name}": content for name, content in contents.items()}, author="zoo")
    return hub.api.folder(hub.main, "many")


def asked(hub, since):
    """How many requests each way."""
    paths = [request.path for request in hub.world.requests[since:]]
    return paths.count("/graphql"), sum("/git/blobs/" in path for path in paths)


def test_many_are_read_in_few_requests_and_none_is_a_write(any_hub):
    contents = {f"{n}.txt": f"file {n} é\r\n".encode() for n in range(250)}
    files = listed(any_hub, contents)
    since, writes = len(any_hub.world.requests), any_hub.counted("write")
    reads = any_hub.counted("read")
    found = any_hub.api.blobs(files)
    assert found == {file.sha: contents[file.path.removeprefix("many/")] for file in files}
    assert asked(any_hub, since) == (3, 0)
    assert (any_hub.counted("write"), any_hub.counted("read")) == (writes, reads + 3)


def test_the_same_bytes_are_asked_for_once_and_nothing_is_no_request(hub):
    files = listed(hub, {f"{n}": b"same\n" for n in range(120)})
    since = len(hub.world.requests)
    assert hub.api.blobs(files) == {blob_sha(b"same\n"): b"same\n"}
    assert asked(hub, since) == (1, 0)
    assert hub.api.blobs(()) == {}
    assert asked(hub, since) == (1, 0)


@pytest.mark.parametrize(
    ("content", "graphql"),
    [
        (b"a\0b", 1),
        (b"caf\xe9\n", 1),
        (b"\xff\xfe", 1),
        (b"x" * (SHOWN_BYTES + 1), 0),
        (("é" * 300_000).encode(), 0),
    ],
    ids=["binary", "latin-1", "no text", "too long", "long in bytes alone"],
)
def test_what_is_not_shown_as_it_is_is_read_by_itself(hub, content, graphql):
    files = listed(hub, {"odd": content})
    since = len(hub.world.requests)
    assert hub.api.blobs(files) == {blob_sha(content): content}
    assert asked(hub, since) == (graphql, 1)


def test_only_the_odd_ones_are_read_by_themselves(hub):
    files = listed(hub, {**{f"{n}": f"{n}".encode() for n in range(30)}, "odd": b"\0", "empty": b""})
    since = len(hub.world.requests)
    assert set(hub.api.blobs(files).values()) == {*(f"{n}".encode() for n in range(30)), b"\0", b""}
    assert asked(hub, since) == (1, 1)


def test_other_bytes_under_the_name_are_not_believed(hub, monkeypatch):
    files = listed(hub, {"a": b"right\n", "b": b"other\n"})
    forged = '{"data": {"repository": {"b0": {"text": "wrong\\n"}, "b1": {"text": "other\\n"}}}}'
    send = hub.transport._wire.send
    monkeypatch.setattr(
        hub.transport._wire,
        "send",
        lambda verb, path, *rest: Exchange(200, {}, forged) if verb == "POST" else send(verb, path, *rest),
    )
    since = len(hub.world.requests)
    assert sorted(hub.api.blobs(files).values()) == [b"other\n", b"right\n"]
    assert asked(hub, since) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"repository": null}}',
        '{"data": null, "errors": [{"message": "Something went wrong while executing your query."}]}',
    ],
)
def test_where_graphql_shows_nothing_each_is_read_by_itself(hub, monkeypatch, text):
    files = listed(hub, {"a": b"a\n", "b": b"b\n"})
    send = hub.transport._wire.send
    monkeypatch.setattr(
        hub.transport._wire,
        "send",
        lambda verb, path, *rest: Exchange(200, {}, text) if verb == "POST" else send(verb, path, *rest),
    )
    assert sorted(hub.api.blobs(files).values()) == [b"a\n", b"b\n"]


def test_graphqls_limit_is_not_answered_with_many_requests(hub, monkeypatch):
    files = listed(hub, {"a": b"a\n"})
    limited = '{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
    monkeypatch.setattr(hub.transport._wire, "send", lambda *_: Exchange(200, {}, limited))
    with pytest.raises(GatewayError) as found:
        hub.api.blobs(files)
    assert (found.value.reason, found.value.transient) == ("rate-limited", True)


def test_a_cut_connection_is_tried_again_without_asking_the_fence(hub, monkeypatch):
    files = listed(hub, {"a": b"a\n"})

    def lost():
        raise AssertionError("a read asked the fence")

    monkeypatch.setattr(hub.transport, "_fence", lost)
    hub.faults.add("cut-before", method="POST", path="/graphql")
    assert list(hub.api.blobs(files).values()) == [b"a\n"]


def test_a_blob_that_is_not_there_is_an_error(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.blobs([TreeFile("a", "100644", "0" * 40, 1)])
    assert found.value.reason == "not-found"


# what is asked together


def tree_file(number, size):
    return TreeFile(f"{number}", "100644", f"{number:040x}", size)


def sizes(*found):
    return [len(shas) for shas in parcels([tree_file(n, size) for n, size in enumerate(found)])]


def test_a_parcel_has_a_hundred_blobs_at_most():
    assert sizes(*[10] * (2 * AT_ONCE + 1)) == [AT_ONCE, AT_ONCE, 1]


def test_a_parcel_has_two_megabytes_at_most():
    big = BYTES_AT_ONCE // 4
    assert sizes(*[big] * 4, 1) == [4, 1]
    assert sizes(*[SHOWN_BYTES] * 4) == [3, 1]


def test_what_would_be_cut_and_what_has_no_size_is_in_none():
    assert sizes(SHOWN_BYTES, SHOWN_BYTES + 1, None) == [1]
    assert sizes() == []


@pytest.mark.parametrize("answer", [None, [], {}, {"repository": None}, {"repository": {"b0": {"text": 5}}}])
def test_answers_that_show_nothing(answer):
    assert believed(["0" * 40], answer) == {}


def test_half_a_character_is_no_text_of_ours():
    assert believed(["0" * 40], {"repository": {"b0": {"text": "\ud800"}}}) == {}


def test_a_document_names_each_blob_once():
    text, variables = github_blobs.document(ZOO, ["a" * 40, "b" * 40])
    assert text.count("object(oid: $b") == 2
    assert variables == {"owner": "zoo", "name": "collection", "b0": "a" * 40, "b1": "b" * 40}
