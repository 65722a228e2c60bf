"""Evidence that is too old goes, with its history; what is young and what is no day stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.corridor.observe_pull import base_policy
from bot.corridor.prune_evidence import prune_evidence
from bot.errors import UnknownOutcomeError
from tests.journeys.conftest import REPOSITORY, rdf

BRANCH = "accession-evidence"


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def kept(little, desk):
    """Evidence of today and of 5, 30 and 31 days ago."""
    today = desk.clock.now().date()
    days = [str(today - timedelta(days=n)) for n in (0, 5, 30, 31)]
    root = desk.github.create_root(
        files={"README.md": b"hello", **{f"{day}/c/a.png": day.encode() for day in days}},
        kept=(), message="Keep", when=desk.clock.now(),
    )  # fmt: skip
    assert desk.github.create_ref(f"heads/{BRANCH}", root)
    return days


def folders(little):
    return sorted({path.partition("/")[0] for path in little.github.files(REPOSITORY, BRANCH)})


def pruned(desk):
    return prune_evidence(desk, base_policy(desk))


def test_old_days_go_and_their_history_with_them(little, desk, kept):
    moved = pruned(desk)
    assert folders(little) == sorted([*kept[:3], "README.md"])
    assert desk.github.ref(f"heads/{BRANCH}") == moved
    assert desk.github.commit(moved).parents == ()
    assert little.github.file(REPOSITORY, f"{kept[2]}/c/a.png", BRANCH) == kept[2].encode()


def test_it_is_looked_at_once_a_day(little, desk, kept):
    pruned(desk)
    before = len(little.github.requests)
    assert prune_evidence(desk, base_policy(desk)) is None
    assert not [r for r in little.github.requests[before:] if BRANCH in r.path]
    little.later(86_400)
    assert pruned(desk)
    assert folders(little) == sorted([*kept[:2], "README.md"])


def test_what_is_young_costs_no_write(little, desk, kept):
    pruned(desk)
    little.lose_database()
    writes = len(little.github.writes)
    assert pruned(little.start()) is None
    assert len(little.github.writes) == writes


def test_without_a_branch_there_is_nothing_to_do(little, desk):
    assert pruned(desk) is None
    assert little.github.writes == []


def test_a_lost_answer_is_looked_after_by_the_next_round(little, desk, kept, monkeypatch):
    update = desk.github.update_ref

    def lost(*args, **given):
        update(*args, **given)
        raise UnknownOutcomeError("The answer was lost.")

    monkeypatch.setattr(desk.github, "update_ref", lost)
    with pytest.raises(UnknownOutcomeError):
        pruned(desk)
    monkeypatch.undo()
    assert pruned(desk) is None
    assert folders(little) == sorted([*kept[:3], "README.md"])


def test_the_default_branch_is_never_written_over(little, desk):
    from dataclasses import replace

    little.github.commit_files(REPOSITORY, "main", {"2001-01-01/x.txt": "x"}, author="zoo")
    main = little.github.refs(REPOSITORY)["refs/heads/main"]
    assert prune_evidence(desk, replace(base_policy(desk), evidence_branch="main")) is None
    assert little.github.refs(REPOSITORY)["refs/heads/main"] == main


def test_a_round_of_the_service_prunes(little, desk, kept):
    little.go(desk)
    assert kept[3] not in folders(little)


def test_what_another_process_added_in_between_comes_back(little, desk, kept, monkeypatch):
    """Its picture goes with the old commit; its next look sees that."""
    other = little.start()
    little.publish({"rdf.yaml": rdf("pictured")})
    update = desk.github.update_ref

    def meanwhile(*args, **given):
        little.go(other)
        return update(*args, **given)

    other.store.put("evidence", "looked", {"day": str(other.clock.now().date()), "branch": BRANCH})
    monkeypatch.setattr(desk.github, "update_ref", meanwhile)
    pruned(desk)
    little.go(other)
    pictures = [
        path for path in little.github.files(REPOSITORY, BRANCH) if path.startswith(f"{kept[0]}/") and "/c/" not in path
    ]
    assert sorted(path.rpartition(".")[2] for path in pictures) == ["png", "zip"]
