"""Polling that is interrupted loses nothing; the collection derives what hand-made entries lack."""

from __future__ import annotations

import json

import pytest
import structlog

from bot import pipeline
from bot.corridor.reconcile_collection import reconcile_collection
from bot.records.event import CollectionSubject, PullSubject, RecordSubject
from bot.records.submission import UploadPage
from tests.journeys.conftest import REPOSITORY, rdf

FOLDER = "collection/entries/my-model/1"


@pytest.fixture
def desk(little):
    return little.start()


def row(record, status="errored", *, asked=False):
    return {
        "status": status,
        "reason": "x",
        "message": "x",
        "pull": None,
        "concept": record,
        "asked": asked,
        "tried": "",
    }


def test_an_incomplete_listing_moves_no_cursor_and_says_so(little, desk, monkeypatch):
    upload = desk.archive.upload(little.publish({"rdf.yaml": rdf()}))
    pages = [UploadPage((upload,), complete=False, unreadable=("9: spoilt",))]
    monkeypatch.setattr(desk.archive, "changed", lambda *_: iter(pages))
    with structlog.testing.capture_logs() as lines:
        assert list(pipeline.poll(desk)) == [PullSubject(1)]
    assert {"record_unreadable", "listing_incomplete"} <= {line["event"] for line in lines}
    assert desk.store.get("poll", "cursor") is None
    assert desk.store.get("poll", "listing")["complete"] is False


@pytest.mark.parametrize("why", ["gone", "unreachable"])
def test_what_errored_is_looked_at_again_and_one_that_cannot_be_read_stops_nobody(little, desk, why):
    later = little.publish({"rdf.yaml": rdf()}, keywords=[])
    desk.store.put("uploads", "1", row("1"))
    desk.store.put("uploads", later, row(later, asked=True))
    if why == "unreachable":
        little.zenodo_faults.add("error-before", path="/records/1$", times=None)
    with structlog.testing.capture_logs() as lines:
        assert list(pipeline.poll(desk)) == [PullSubject(1)]
    failed = [line["record"] for line in lines if line["event"] == "record_failed"]
    assert failed == (["1"] if why == "unreachable" else [])
    assert ("1" in desk.store.items("uploads")) == (why == "unreachable")
    assert desk.store.get("poll", "listing")["complete"] is True


def test_what_became_of_a_record_that_was_named_is_not_asked_again_by_a_poll(little, desk):
    record = little.publish({"rdf.yaml": rdf()})
    assert pipeline.reconcile(desk, RecordSubject(record)).status == "settled"
    with structlog.testing.capture_logs() as lines:
        assert list(pipeline.poll(desk)) == []
    assert "record_reconciled" not in {line["event"] for line in lines}
    little.workshop.image = "image-2"
    with structlog.testing.capture_logs() as lines:
        list(pipeline.poll(desk))
    assert "record_reconciled" in {line["event"] for line in lines}


def test_what_nobody_named_still_needs_its_keyword(little, desk):
    later = little.publish({"rdf.yaml": rdf()}, keywords=[])
    desk.store.put("uploads", later, row(later, "held"))
    assert list(pipeline.poll(desk)) == []
    assert desk.store.get("uploads", later)["status"] == "refused"


def test_subjects_are_reconciled_by_name(little, desk):
    record = little.publish({"rdf.yaml": rdf()}, keywords=[])
    assert "keyword" in pipeline.reconcile(desk, RecordSubject(record)).text
    assert pipeline.reconcile(desk, RecordSubject(record), asked=True).text == "proposed"
    assert pipeline.proposed(desk, record) == [PullSubject(1)]
    assert pipeline.proposed(desk, "99") == []
    answers = pipeline.reconcile_all(desk, [PullSubject(99), CollectionSubject()])
    assert answers["pull 99"].text == "There is no pull request 99."
    assert answers["collection"].text == "unchanged"


def merge_by_hand(little, files):
    little.github.commit_files(REPOSITORY, "main", files, author="zoo")


def published(little):
    return [e["id"] for e in json.loads(little.github.file(REPOSITORY, "collection/collection.json"))["entries"]]


def test_a_version_that_was_merged_without_entry_gets_one(little, desk):
    merge_by_hand(little, {f"{FOLDER}/rdf.yaml": rdf()})
    assert reconcile_collection(desk)
    assert json.loads(little.github.file(REPOSITORY, f"{FOLDER}/entry.yaml"))["id"] == "my-model"
    assert published(little) == ["my-model"]
    assert reconcile_collection(desk) is None


def test_what_cannot_be_derived_is_said_and_stops_nobody(little, desk):
    bad = "collection/entries/bad-model/1/rdf.yaml"
    odd = "collection/entries/Odd Name/1/rdf.yaml"
    merge_by_hand(little, {f"{FOLDER}/rdf.yaml": rdf(), bad: b"a: [", odd: rdf()})
    with structlog.testing.capture_logs() as lines:
        assert reconcile_collection(desk)
    assert [line["folder"] for line in lines if line["event"] == "entry_not_derived"] == [
        "collection/entries/bad-model/1"
    ]
    assert published(little) == ["my-model"]


@pytest.mark.parametrize(("status", "shown"), [("blocked", []), ("withdrawn", []), ("accepted", ["my-model"])])
def test_a_blocked_or_withdrawn_concept_is_not_published(little, desk, status, shown):
    merge_by_hand(little, {f"{FOLDER}/rdf.yaml": rdf(), "collection/entries/other/1/rdf.yaml": rdf(name="Other")})
    merge_by_hand(little, {"collection/entries/my-model/concept.yaml": f"owners: []\nstatus: {status}\n"})
    reconcile_collection(desk)
    assert published(little) == [*shown, "other"]
