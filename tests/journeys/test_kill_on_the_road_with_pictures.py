"""The same where a model fails with a picture: the report, then the evidence branch, then the report that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.kills import MODES, Killer
from tests.journeys.snapshot import EVIDENCE, snapshot
from tests.journeys.test_kill_at_every_write import live

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITES = 13
"""Kept true by `test_the_count_is_true`; nobody is mailed, because the maintainer is mentioned."""
SHOWN = 12
"""The first of the writes that a private repository gets otherwise."""
NEXT = ("/contents/", "/issues/comments/", "/statuses/", "/issues/1/comments", "/graphql", "/issues/comments/")
"""Writes for the next failing content, when the branch is there: entry, report, mark, nudge, evidence, report with it."""


@pytest.fixture
def world(tmp_path: Path, *, private: bool) -> Iterator[Little]:
    with little_world(tmp_path, private=private) as little:
        yield little


def drive(little: Little, killer: Killer, *, lose: bool) -> None:
    little.publish({"rdf.yaml": rdf("pictured"), "weights.onnx": b"weights"})
    live(little, killer, lose=lose)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, tuple[dict[str, Any], Killer]]:
    found = {}
    for private in (False, True):
        with little_world(tmp_path_factory.mktemp("undisturbed"), private=private) as little:
            killer = Killer(0, "before")
            drive(little, killer, lose=False)
            found[private] = (snapshot(little), killer)
    return found


def test_the_count_is_true(expected: dict[bool, tuple[dict[str, Any], Killer]]) -> None:
    for _, killer in expected.values():
        assert len(killer.log) == WRITES <= 15, killer.log
        comments = [at for at, write in enumerate(killer.log, 1) if "/comments" in write]
        assert comments == [6, 13], killer.log
        assert [at for at, write in enumerate(killer.log, 1) if write.endswith("/graphql")] == [12], killer.log


def test_the_picture_is_embedded_where_everybody_can_see_it_and_linked_elsewhere(
    expected: dict[bool, tuple[dict[str, Any], Killer]],
) -> None:
    for private, (seen, _) in expected.items():
        (report,) = seen["comments"][1]
        assert ("![expected, produced and difference of out](" in report) is not private
        assert ("Picture: [expected, produced and difference of out](" in report) is private
        assert "[The produced tensors](" in report


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("private", "at"),
    [*((False, at) for at in range(1, WRITES + 1)), *((True, at) for at in range(SHOWN, WRITES + 1))],
)
def test_the_world_ends_the_same(
    world: Little, expected: dict[bool, tuple[dict[str, Any], Killer]], at: int, mode: str, *, private: bool
) -> None:
    """Every write in every mode; the database is lost in every second case. A private repository is shown it otherwise."""
    killer = Killer(at, mode)
    drive(world, killer, lose=(at + MODES.index(mode)) % 2 == 0)
    assert snapshot(world) == expected[private][0], f"struck at {killer.log[at - 1]}"


def test_the_next_content_finds_the_branch_there(little: Little) -> None:
    killer = Killer(0, "before")
    drive(little, killer, lose=False)
    before, tree = len(killer.log), little.github.files(REPOSITORY, EVIDENCE)
    pull = little.github.pull(REPOSITORY, 1)
    entry_id, version = pull.title.split()
    path = f"collection/entries/{entry_id}/{version}/rdf.yaml"
    little.github.commit_files(REPOSITORY, pull.head_ref, {path: rdf("pictured", "Renamed")}, author="ada")
    live(little, killer, lose=False)
    assert len(killer.log) - before == len(NEXT), killer.log[before:]
    assert all(part in write for part, write in zip(NEXT, killer.log[before:], strict=True)), killer.log[before:]
    assert tree.items() < little.github.files(REPOSITORY, EVIDENCE).items()
