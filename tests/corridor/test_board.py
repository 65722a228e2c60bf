"""The page's lines come from what looks said last: no reader costs GitHub more than one listing."""

from __future__ import annotations

from bot import pipeline
from bot.corridor.board import LOOKS, board, remember
from bot.records.answer import Answer
from bot.records.engine import EngineState, Parked
from bot.records.event import ChoreSubject, PullSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, rdf


def looked(desk, subject):
    remember(desk, subject, pipeline.run(desk, FakeEngine(), subject))


def test_what_is_open_stands_with_what_was_said_of_it(little):
    desk = little.start()
    good, bad = little.publish({"rdf.yaml": rdf()}), little.publish({"README.md": b"no rdf"})
    list(pipeline.poll(desk))
    (early,) = [line for line in board(desk, EngineState())["submissions"] if line["pull_request"]]
    assert early["waits_for"] == "It is looked at soon."
    looked(desk, PullSubject(1))
    found = {line["version"]: line for line in board(desk, EngineState())["submissions"]}
    assert set(found) == {good, bad}
    assert (found[good]["pull_request"], found[good]["stage"]) == (1, "awaiting review")
    assert found[good]["id"]
    assert "approving review" in found[good]["waits_for"]
    assert (found[bad]["pull_request"], found[bad]["stage"]) == (None, "refused")


def test_a_reader_costs_one_listing_however_many_are_open(little):
    desk = little.start()
    for name in ("One", "Two", "Three"):
        little.publish({"rdf.yaml": rdf("passed", name)})
    for subject in pipeline.poll(desk):
        looked(desk, subject)
    before = len(little.github.requests)
    assert len(board(desk, EngineState())["submissions"]) == 3
    assert len(little.github.requests) - before == 1


def test_a_title_of_somebody_elses_is_not_taken_for_an_id(little):
    files = {"collection/entries/own-id/1/rdf.yaml": rdf().decode()}
    little.github.commit_files(REPOSITORY, "mine", files, author="ada")
    little.github.open_pull(REPOSITORY, "mine", login="ada", title="Trust me")
    (line,) = board(little.start(), EngineState())["submissions"]
    assert (line["pull_request"], line["id"], line["version"]) == (1, "", "")


def test_what_is_parked_is_shown_with_its_reason(little):
    state = EngineState(parked=(Parked("pull 7", "internal", "It broke.", 5, "2026-01-01T00:00:00+00:00"),))
    assert board(little.start(), state)["parked"] == [
        {
            "subject": "pull 7",
            "reason": "internal",
            "message": "It broke.",
            "tries": 5,
            "since": "2026-01-01T00:00:00+00:00",
        }
    ]


def test_only_pull_requests_are_remembered_and_the_same_is_written_once(little):
    desk = little.start()
    remember(desk, ChoreSubject("poll"), Answer("named 3 subjects"))
    assert desk.store.items(LOOKS) == {}
    remember(desk, PullSubject(1), Answer("A", until=desk.clock.now()))
    remember(desk, PullSubject(1), Answer("B", "failed"))
    assert desk.store.items(LOOKS) == {"1": {"text": "B", "status": "failed", "until": None}}
