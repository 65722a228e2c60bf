"""The door's part in evidence: a branch of its own, binary files in one commit, and dropping what is old with its history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import GatewayError, UnknownOutcomeError
from bot.records.github import TreeFile
from tests.gateways.github_doors import ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEN = datetime(2024, 5, 1, 10, tzinfo=UTC)
BRANCH = "evidence"
FILES = {"2024-05-01/c/a.png": b"\x89PNG\r\n\x00\xff", "2024-05-01/c/b.zip": bytes(range(256)) * 100}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["personal", "app", "actions"])
def any_hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Doors]:
    with doors(tmp_path, request.param) as opened:
        yield opened


def begun(hub, kept=()):
    """The branch with its first commit; the commit's sha."""
    root = hub.api.create_root(files={"README.md": b"Evidence.\n"}, kept=kept, message="Keep", when=WHEN)
    assert hub.api.create_ref(f"heads/{BRANCH}", root)
    return root


def put(hub, head, files=FILES, branch=BRANCH):
    return hub.api.put_files(branch=branch, head=head, files=files, message="Keep")


def test_a_first_commit_has_no_parents_and_the_same_sha_each_time(any_hub):
    writes = any_hub.counted("write")
    root = begun(any_hub)
    assert any_hub.counted("write") == writes + 3
    assert any_hub.api.commit(root).parents == ()
    assert any_hub.api.create_root(files={"README.md": b"Evidence.\n"}, kept=(), message="Keep", when=WHEN) == root
    assert set(any_hub.world.files(ZOO, BRANCH)) == {"README.md"}


def test_binary_files_arrive_byte_for_byte_in_one_write(any_hub):
    head = begun(any_hub)
    writes = any_hub.counted("write")
    assert put(any_hub, head)
    assert any_hub.counted("write") == writes + 1
    assert {path: any_hub.world.file(ZOO, path, BRANCH) for path in FILES} == FILES
    tip = any_hub.api.ref(f"heads/{BRANCH}")
    assert any_hub.api.commit(tip).parents == (head,)
    assert any_hub.api.commit(tip).message == "Keep"


def test_a_branch_that_has_moved_is_left_as_it_is(hub):
    head = begun(hub)
    assert put(hub, head)
    tip = hub.api.ref(f"heads/{BRANCH}")
    assert put(hub, head, {"other.png": b"x"}) is False
    assert hub.world.refs(ZOO)[f"refs/heads/{BRANCH}"] == tip


def test_a_branch_that_is_not_there_or_protected_is_a_refusal_for_good(hub):
    head = begun(hub)
    hub.world.protect_branch(ZOO, BRANCH)
    for branch in ("nowhere", BRANCH):
        with pytest.raises(GatewayError) as found:
            put(hub, head, branch=branch)
        assert (found.value.transient, found.value.reason) == (False, "graphql")


@pytest.mark.parametrize("fault", ["error-after", "cut-after"])
def test_a_commit_whose_answer_was_lost_is_not_sent_again(hub, fault):
    head = begun(hub)
    hub.faults.add(fault, method="POST", path="/graphql")
    with pytest.raises(UnknownOutcomeError):
        put(hub, head)
    assert hub.api.names("2024-05-01/c", BRANCH) == {"a.png", "b.zip"}
    assert hub.api.commit(hub.world.refs(ZOO)[f"refs/heads/{BRANCH}"]).parents == (head,)


def test_a_folder_is_listed_by_one_conditional_read(hub):
    assert put(hub, begun(hub))
    assert hub.api.names("2024-05-01/c", BRANCH) == {"a.png", "b.zip"}
    reads, unchanged = hub.counted("read"), hub.counted("unchanged")
    assert hub.api.names("2024-05-01/c", BRANCH) == {"a.png", "b.zip"}
    assert (hub.counted("read"), hub.counted("unchanged")) == (reads, unchanged + 1)


def test_a_folder_or_branch_that_is_not_there_has_no_names(hub):
    assert hub.api.names("2024-05-01/c", BRANCH) == frozenset()
    begun(hub)
    assert hub.api.names("2024-05-01/c", BRANCH) == frozenset()
    assert hub.api.names("README.md", BRANCH) == frozenset()


def test_what_is_kept_is_taken_over_by_its_sha_and_the_branch_moved_by_force(any_hub):
    assert put(any_hub, begun(any_hub), FILES | {"2024-04-01/c/old.png": b"old"})
    tip = any_hub.api.ref(f"heads/{BRANCH}")
    items = any_hub.api.top(tip)
    assert [(item.path, item.mode) for item in items] == [
        ("2024-04-01", "040000"), ("2024-05-01", "040000"), ("README.md", "100644"),
    ]  # fmt: skip
    root = any_hub.api.create_root(files={}, kept=items[1:], message="Keep", when=WHEN)
    assert any_hub.api.update_ref(f"heads/{BRANCH}", root) is False, "it is no descendant"
    assert any_hub.api.update_ref(f"heads/{BRANCH}", root, force=True)
    assert set(any_hub.world.files(ZOO, BRANCH)) == {*FILES, "README.md"}
    assert any_hub.world.file(ZOO, "2024-05-01/c/b.zip", BRANCH) == FILES["2024-05-01/c/b.zip"]
    assert any_hub.api.commit(root).parents == ()


def test_what_is_not_in_the_repository_cannot_be_kept(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.create_root(files={}, kept=(TreeFile("x", "100644", "0" * 40, 1),), message="Keep", when=WHEN)
    assert found.value.status == 422
