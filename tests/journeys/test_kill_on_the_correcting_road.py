"""The same on the road of suggestions: posted on lines, taken by command in two steps, resolved, approved, merged."""

from __future__ import annotations

import pytest

from bot.review.corrections import applied
from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.kills import MODES, Killer
from tests.journeys.snapshot import snapshot
from tests.journeys.test_kill_at_every_write import live

MISTAKES = "one: bad # write good\ntwo: bad # write good\nthree: bad # write good\nfour: plain # advise better\n"
WRITES = 35
"""Kept true by `test_the_count_is_true`."""
OF_ITS_OWN = {
    7: "/pulls/1/reviews",
    10: "/git/trees",
    11: "/git/commits",
    12: "/git/refs/heads/",
    13: "/issues/1/comments",
    16: "/graphql",
    29: "/graphql",
}
"""Review, commit of a correction, reply, resolving, and resolving before the merge."""


def drive(little: Little, killer: Killer, *, lose: bool) -> None:
    little.github.require_resolution(REPOSITORY)
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    live(little, killer, lose=lose)
    number = little.github.pulls(REPOSITORY)[0].number
    for words in ("/accession apply 1 2", "/accession apply 1"):
        little.later()
        little.github.comment(REPOSITORY, number, login="ada", body=words)
        live(little, killer, lose=lose)
    little.approve(number)
    live(little, killer, lose=lose)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], list[str]]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        killer = Killer(0, "before")
        drive(little, killer, lose=False)
        return snapshot(little), killer.log


def test_the_count_is_true(expected: tuple[dict[str, object], list[str]]) -> None:
    assert len(expected[1]) == WRITES, expected[1]
    assert [part for at, part in OF_ITS_OWN.items() if part not in expected[1][at - 1]] == []


def test_it_ends_merged_with_every_thread_resolved(expected: tuple[dict[str, object], list[str]]) -> None:
    seen = expected[0]
    assert seen["labels"] == {1: ("merged",)}
    assert [resolved for *_, resolved in seen["threads"][1]] == [True] * 4  # type: ignore[index]


CASES = [
    (at, mode) for at in range(1, WRITES + 1) for mode in (MODES if at in OF_ITS_OWN else [MODES[at % len(MODES)]])
]


@pytest.mark.parametrize(("at", "mode"), CASES)
def test_the_world_ends_the_same(
    little: Little, expected: tuple[dict[str, object], list[str]], at: int, mode: str
) -> None:
    """Every write, and those of this road in every mode; the database is lost in every second case."""
    killer = Killer(at, mode)
    drive(little, killer, lose=(at + MODES.index(mode)) % 2 == 0)
    assert snapshot(little) == expected[0], f"struck at {killer.log[at - 1]}"
    commits = little.start().github.pull_commits(1)
    assert [len(found.lines) for c in commits if (found := applied(c.message))] == [2, 1]
