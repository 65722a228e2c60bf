"""Polling that is interrupted loses nothing; the collection derives what hand-made entries lack."""

from __future__ import annotations

import json

import pytest
import structlog

from bot import pipeline
from bot.corridor.clean_up import clean_up
from bot.corridor.reconcile_collection import reconcile_collection
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from bot.records.submission import UploadPage
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, rdf
from tests.test_pipeline import SlowWorkshop

FOLDER = "collection/entries/my-model/1"
MINUTES = 60


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


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("row", ["the row of its question is lost", "the row stays, and nobody ever wakes it"])
def test_a_record_whose_question_was_lost_is_asked_about_again_within_the_hour(little, monkeypatch, named, row):
    little.workshop = SlowWorkshop(little.workshop)
    desk, engine = little.start(), FakeEngine()
    record = little.publish({"rdf.yaml": rdf()}, **({"keywords": []} if named else {}))
    engine.tell(RecordSubject(record) if named else ChoreSubject("poll"), Hint(asked=named))
    engine.drain(desk)
    assert desk.store.get("uploads", record)["status"] == "waiting"
    list_nothing(desk, monkeypatch)
    if "lost" in row:
        for key in desk.store.items("asked"):
            desk.store.drop("asked", key)
    little.workshop.ready = True
    little.later(29 * MINUTES)
    asked = len(little.zenodo.requests)
    polled(desk, engine)
    assert len(little.zenodo.requests) == asked, "the answer may still come"
    assert little.github.pulls(REPOSITORY) == []
    little.later(15 * MINUTES)
    polled(desk, engine)
    assert len(little.github.pulls(REPOSITORY)) == 1


def list_nothing(desk, monkeypatch):
    """Newer uploads moved the cursor on."""
    monkeypatch.setattr(desk.archive, "changed", lambda *_: iter([UploadPage((), complete=True)]))


def polled(desk, engine):
    engine.tell(ChoreSubject("poll"))
    engine.drain(desk)


def test_what_waits_is_asked_about_every_half_hour_and_not_forgotten(little, monkeypatch):
    little.workshop = SlowWorkshop(little.workshop)
    desk = little.start()
    record = little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    list_nothing(desk, monkeypatch)
    with structlog.testing.capture_logs() as lines:
        for _ in range(12):
            little.later(10 * MINUTES)
            list(pipeline.poll(desk))
    assert [line["event"] for line in lines].count("record_reconciled") == 4
    little.later(91 * 24 * 60 * MINUTES)
    clean_up(desk)
    assert desk.store.get("uploads", record)["status"] == "waiting"


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
