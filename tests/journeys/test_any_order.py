"""Any order and repetition of events ends in the same world."""

from __future__ import annotations

import random

import pytest

from bot import pipeline
from bot.records.event import CollectionSubject, PullSubject, RecordSubject
from tests.journeys.conftest import REPOSITORY, Little, rdf
from tests.journeys.snapshot import snapshot


def story(little: Little, shuffle: random.Random | None) -> None:
    """Two uploads, a correction, approvals; between the acts of people, events come as they like."""
    desk = little.start()
    little.publish({"rdf.yaml": rdf("passed", "First")})
    little.publish({"rdf.yaml": rdf("failed", "Second")})
    events(little, desk, shuffle)
    pulls = little.github.pulls(REPOSITORY)
    second = next(pull for pull in pulls if pull.title.endswith("7000004"))
    entry_id, version = second.title.split()
    path = f"collection/entries/{entry_id}/{version}/rdf.yaml"
    little.github.commit_files(REPOSITORY, second.head_ref, {path: rdf("passed", "Second")}, author="ada")
    events(little, desk, shuffle)
    for pull in pulls:
        little.approve(pull.number)
    events(little, desk, shuffle)


def events(little: Little, desk, shuffle: random.Random | None) -> None:
    """Some noise in any order, with repetitions and losses, then one sweep."""
    if shuffle:
        subjects = [
            PullSubject(1),
            PullSubject(2),
            CollectionSubject(),
            RecordSubject("7000002"),
            RecordSubject("7000004"),
        ]
        for subject in shuffle.choices(subjects, k=shuffle.randrange(12)):
            pipeline.reconcile_all(desk, [subject])
            if shuffle.random() < 0.1:
                little.lose_database()
                desk = little.start()
    for _ in range(2):
        little.go(desk)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_ends_the_same(little: Little, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    from tests.journeys.conftest import little_world

    with little_world(tmp_path_factory.mktemp("orderly")) as orderly:
        story(orderly, None)
        expected = snapshot(orderly)
    story(little, random.Random(seed))
    assert _numbers_apart(snapshot(little)) == _numbers_apart(expected)


def _numbers_apart(world: dict[str, object]) -> object:
    """Whichever upload was seen first has the lower number; that is the only trace an order may leave."""
    pulls = sorted((title, state, merged) for _, title, state, merged in world["pulls"])  # type: ignore[attr-defined]
    labels = sorted(world["labels"].values())  # type: ignore[attr-defined]
    comments = sorted(len(c) for c in world["comments"].values())  # type: ignore[attr-defined]
    return pulls, labels, comments, world["refs"], world["collection"], len(world["mails"])  # type: ignore[arg-type]
