"""The road of one submission, from the upload to the entry."""

from __future__ import annotations

import json

from tests.journeys.conftest import REPOSITORY, Little, rdf


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
