"""Killing the process before, during and after any write and starting again ends in the same world, nobody told twice."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf
from tests.journeys.kills import MODES, KilledError, Killer
from tests.journeys.snapshot import snapshot

WRITES = 15
"""13 to GitHub and 2 mails; `test_the_count_is_true` keeps it so."""


def drive(little: Little, killer: Killer, *, lose: bool) -> None:
    """Two uploads, one good and one that fails; a maintainer approves whatever waits for a review."""
    little.publish({"rdf.yaml": rdf("passed"), "weights.onnx": b"weights"})
    live(little, killer, lose=lose)
    pull = little.github.pulls(REPOSITORY)[0]
    little.approve(pull.number)
    live(little, killer, lose=lose)


def live(little: Little, killer: Killer, *, lose: bool) -> None:
    """Rounds of the service until two in a row change nothing; a killed process is started again."""
    desk, quiet = killer.arm(little.start()), 0
    while quiet < 2:
        before = killer.count
        try:
            little.go(desk)
        except KilledError:
            if lose:
                little.lose_database()
            desk, quiet = killer.arm(little.start()), 0
            continue
        quiet = quiet + 1 if killer.count == before else 0


def undisturbed(little: Little) -> Killer:
    killer = Killer(0, "before")
    drive(little, killer, lose=False)
    return killer


def test_the_count_is_true(little: Little) -> None:
    killer = undisturbed(little)
    assert killer.count == WRITES, killer.log
    ledger = [w for w in little.github.writes if w.actor == "accession"]
    seen = [w.path for w in ledger].index(next(w.path for w in ledger if "/comments" in w.path)) + 1
    print(f"writes until the report is visible: {seen}; for one accepted submission: {len(ledger)}")
    assert seen <= 6
    assert len(ledger) <= 15


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        undisturbed(little)
        return snapshot(little)


@pytest.mark.parametrize("lose", [False, True], ids=["database kept", "database lost"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_the_world_ends_the_same(
    little: Little, expected: dict[str, object], at: int, mode: str, *, lose: bool
) -> None:
    killer = Killer(at, mode)
    drive(little, killer, lose=lose)
    assert snapshot(little) == expected, f"struck at {killer.log[at - 1]}"


def test_an_unchanged_reconcile_writes_nothing(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("passed")})
    desk = little.start()
    little.go(desk)
    little.go(desk)
    before, reads = len(little.github.writes), len(little.github.requests)
    little.go(desk)
    assert len(little.github.writes) == before
    fresh = [r for r in little.github.requests[reads:] if r.status != 304]
    assert fresh == []
