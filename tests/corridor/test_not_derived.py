"""Versions merged without an entry.yaml that the work side cannot describe: three tries, each another question, then a human."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot import pipeline
from bot.corridor import not_derived
from bot.corridor.board import board
from bot.corridor.standings import standings
from bot.corridor.sweeping import sweep
from bot.digests import job_id
from bot.errors import GatewayError
from bot.records.engine import EngineState
from bot.records.event import CollectionSubject
from tests.corridor.test_derive_entries import merge, published
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import REPOSITORY, rdf

SUBJECT = CollectionSubject()
HOUR = 3600


class Kept(FakeWorkshop):
    """A work side that gives the same question the same answer for ever; the next `broken` new ones are answered in vain."""

    def __init__(self):
        super().__init__()
        self.answers, self.vain, self.said = {}, 0, "its server answered 503"

    def prepare(self, job):
        name = job_id(job)
        if name not in self.answers:
            described = super().prepare(job)
            trouble = {"outcome": "errored", "reason": "server", "message": self.said, "rdf": None, "resource": None}
            self.answers[name] = {**described, **trouble} if self.vain > 0 else described
            self.vain -= 1
        return self.answers[name]


@pytest.fixture
def kept(little):
    little.workshop = Kept()
    return little.workshop


@pytest.fixture
def desk(little, kept):
    return replace(little.start(), clock=FakeClock())


def look(desk):
    return pipeline.run(desk, FakeEngine(), SUBJECT)


def waits(desk):
    """Seconds until the look that the answer plans."""
    answer = look(desk)
    assert answer.status == "settled"
    return answer.until and (answer.until - desk.clock.now()).total_seconds()


def merged(desk):
    """What people see of it, on the command line and on the page."""
    (line,) = standings(desk)["submissions"]
    assert board(desk, EngineState())["submissions"] == [line]
    return line


def test_passing_trouble_of_ours_is_over_with_the_next_try(little, desk, kept):
    kept.vain = 2
    merge(little, "one", "two")
    assert waits(desk) == 60
    assert published(little) == []
    desk.clock.pass_by(59)
    assert waits(desk) == 1, "an event in the pause asks nobody"
    assert len(kept.answers) == 2
    desk.clock.pass_by(1)
    assert waits(desk) is None
    assert published(little) == ["one", "two"]
    assert standings(desk)["submissions"] == []


def test_after_three_tries_somebody_has_to_look(little, desk, kept):
    kept.vain = 100
    merge(little, "one")
    assert waits(desk) == 60
    assert (merged(desk)["id"], merged(desk)["version"], merged(desk)["stage"]) == ("one", "1", "errored")
    assert "its server answered 503. Try 1 of 3 failed." in merged(desk)["waits_for"]
    assert merged(desk)["next_attempt"] == look(desk).until.isoformat()
    desk.clock.pass_by(60)
    assert waits(desk) == 600
    desk.clock.pass_by(600)
    assert waits(desk) is None
    assert len(kept.answers) == 3
    assert "3 tries failed: somebody has to look into it." in merged(desk)["waits_for"]
    assert merged(desk)["next_attempt"] == "next look at the collection"
    assert SUBJECT not in sweep(desk)


def test_looks_that_come_anyway_ask_on_and_not_too_often(little, desk, kept):
    kept.vain = 4
    merge(little, "one")
    for seconds in (60, 600, HOUR - 1, 1):
        look(desk)
        desk.clock.pass_by(seconds)
    assert len(kept.answers) == 3
    look(desk)
    desk.clock.pass_by(HOUR)
    assert len(kept.answers) == 4
    look(desk)
    assert published(little) == ["one"]


def test_the_sweep_names_the_collection_when_its_time_has_come(little, desk, kept):
    kept.vain = 1
    merge(little, "one")
    look(desk)
    assert SUBJECT not in sweep(desk)
    desk.clock.pass_by(60)
    assert SUBJECT in sweep(desk)
    look(desk)
    assert published(little) == ["one"]


def test_trouble_that_is_raised_counts_too(little, desk, kept, monkeypatch):
    def lost(_job):
        raise GatewayError("The jobs ended without an answer.", reason="work-gone", transient=False)

    monkeypatch.setattr(kept, "prepare", lost)
    merge(little, "one")
    assert waits(desk) == 60
    assert "The jobs ended without an answer. Try 1 of 3 failed." in merged(desk)["waits_for"]


def test_losing_the_count_begins_it_anew(little, desk, kept):
    kept.vain = 2
    merge(little, "one")
    look(desk)
    desk.store.drop(not_derived.ROOM, next(iter(desk.store.items(not_derived.ROOM))))
    assert waits(desk) == 60, "the answer that is kept"
    desk.clock.pass_by(60)
    assert waits(desk) == 600
    desk.clock.pass_by(600)
    assert waits(desk) is None
    assert published(little) == ["one"]


def test_a_file_that_was_corrected_is_tried_afresh(little, desk, kept):
    kept.vain = 1
    merge(little, "one")
    look(desk)
    merge(little, "one", text=rdf(name="Corrected"))
    assert waits(desk) is None
    assert published(little) == ["one"]


def test_what_is_gone_or_got_its_entry_is_not_told_any_more(little, desk, kept):
    kept.vain = 1
    merge(little, "one")
    look(desk)
    (row,) = desk.store.items(not_derived.ROOM).values()
    desk.store.put(not_derived.ROOM, "collection/entries/gone/1/rdf.yaml:0", row)
    little.github.commit_files(
        REPOSITORY, "main", {"collection/entries/one/1/entry.yaml": json.dumps({"id": "one"})}, author="zoo"
    )
    assert waits(desk) is None
    assert desk.store.items(not_derived.ROOM) == {}


def test_an_archive_that_hands_out_no_files_is_waited_for_and_counts_for_no_try(little, desk, kept):
    record = little.publish({"rdf.yaml": rdf()}, keywords=[])
    path = f"collection/entries/one/{record}/rdf.yaml"
    little.github.commit_files(REPOSITORY, "main", {path: rdf(name="one")}, author="zoo")
    host = little.zenodo.url.partition("//")[2]
    kept.vain, kept.said = 2, f"{host}: its server answered 503"
    for pause in (5, 15):
        answer = look(desk)
        assert (answer.failed, answer.reason, answer.retry_after) == (True, "archive-unreachable", pause)
        assert look(desk).retry_after == pause, "an event in the pause is told how long it lasts"
        desk.clock.pass_by(pause)
    assert desk.store.items(not_derived.ROOM) == {}
    assert look(desk).status == "settled"
    assert published(little) == ["one"]


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps_leaves_it_alone_for_no_longer(little, desk, kept, days):
    kept.vain = 1
    merge(little, "one")
    look(desk)
    desk.clock.jump(days * 24 * HOUR)
    assert waits(desk) is None
    assert published(little) == ["one"]
