"""The same on the longer road: a failure, a correction that is still wrong, a new version that takes its place, a merge."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.kills import MODES, Killer
from tests.journeys.snapshot import snapshot
from tests.journeys.test_kill_at_every_write import live

WRITES = 33
"""Kept true by `test_the_count_is_true`."""


def drive(little: Little, killer: Killer, *, lose: bool) -> None:
    first = little.publish({"rdf.yaml": rdf("failed", extra="tags: [cells]\ndescription: first\n")})
    live(little, killer, lose=lose)
    pull = little.github.pulls(REPOSITORY)[0]
    entry_id, version = pull.title.split()
    path = f"collection/entries/{entry_id}/{version}/rdf.yaml"
    wrong = rdf("failed", "Renamed", extra="tags: [cells]\ndescription: first\n")
    little.github.commit_files(REPOSITORY, pull.head_ref, {path: wrong}, author="ada")
    live(little, killer, lose=lose)
    better = rdf("passed", extra="tags: [cells]\ndescription: second\n")
    little.publish({"rdf.yaml": better}, concept=little.zenodo.record(first).concept)
    live(little, killer, lose=lose)
    little.approve(2)
    live(little, killer, lose=lose)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], list[str]]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        killer = Killer(0, "before")
        drive(little, killer, lose=False)
        return snapshot(little), killer.log


def test_the_count_is_true(expected: tuple[dict[str, object], list[str]]) -> None:
    assert len(expected[1]) == WRITES, expected[1]


@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_the_world_ends_the_same(little: Little, expected: tuple[dict[str, object], list[str]], at: int) -> None:
    """Every write, with mode and loss of the database taken in turn."""
    killer = Killer(at, MODES[at % len(MODES)])
    drive(little, killer, lose=at % 2 == 0)
    assert snapshot(little) == expected[0], f"struck at {killer.log[at - 1]}"
