"""The road of one submission, from the upload to the entry."""

from __future__ import annotations

import json

from bot import pipeline
from bot.records.event import PullSubject
from tests.journeys.conftest import REPOSITORY, Little, rdf


def test_several_merges_are_published_in_one_commit(little: Little) -> None:
    for number in range(3):
        little.publish({"rdf.yaml": rdf(name=f"Model {number}")})
    desk = little.start()
    little.go(desk)
    for pull in little.github.pulls(REPOSITORY):
        little.approve(pull.number)
    little.go(desk)
    assert all(pull.merged for pull in little.github.pulls(REPOSITORY))
    published = [w for w in little.github.writes if w.path.endswith("contents/collection/collection.json")]
    assert len(published) == 1
    assert len(json.loads(little.github.file(REPOSITORY, "collection/collection.json") or b"")["entries"]) == 3


def test_one_pull_request_brought_on_by_hand_publishes_too(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.approve(1)
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert little.github.file(REPOSITORY, "collection/collection.json")


def test_an_upload_becomes_an_entry(little: Little) -> None:
    record = little.publish({"rdf.yaml": rdf(), "weights.onnx": b"weights"})
    desk = little.start()
    little.go(desk)

    (pull,) = little.github.pulls(REPOSITORY)
    report = little.report(pull.number)
    assert "awaiting review" in report
    assert "@ada" in report
    assert little.github.labels(REPOSITORY, pull.number) == ("awaiting review",)

    little.approve(pull.number)
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert pull.merged
    collection = json.loads(little.github.file(REPOSITORY, "collection/collection.json"))
    (entry,) = collection["entries"]
    assert entry["versions"][0]["version"] == record
    assert "Accepted" in little.report(pull.number)
    assert little.github.labels(REPOSITORY, pull.number) == ("merged",)
    assert [m["To"] for m in little.mail.messages] == ["curator@zoo.example"] * 2
    print("\n".join(f"{w.method} {w.path} {w.status}" for w in little.github.writes))
    assert len([w for w in little.github.writes if w.actor == "accession"]) <= 15
