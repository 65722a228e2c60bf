"""Retesting a collection: what is asked, what is remembered, what it was before; in a little world, with a work side that counts."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.corridor.retest import plan, retest
from bot.errors import ConfigError, GatewayError
from tests.fakes.clock import FakeClock
from tests.journeys.conftest import REPOSITORY
from tests.journeys.conftest import rdf as uploaded
from tests.retesting.collection import entry, files, rdf
from tests.retesting.workshop import ShelfWorkshop

GONE = GatewayError("The work side is gone.", reason="work-gone", transient=True)


@pytest.fixture
def workshop(little):
    little.workshop = ShelfWorkshop()
    return little.workshop


@pytest.fixture
def desk(little, workshop):
    return replace(little.start(), clock=FakeClock())


class Watched:
    """Remembers what was told."""

    def __init__(self):
        self.told = []

    def tried(self, tried, done, left):
        self.told.append((tried, done, left))


def accept(little, *entries):
    little.github.commit_files(
        REPOSITORY, "main", {path: content for one in entries for path, content in one.items()}, author="curator"
    )


def again(desk, *ids, workers=2, stop=lambda: False, all_versions=False, watch=None):
    return retest(desk, plan(desk, ids, all_versions=all_versions), watch or Watched(), workers=workers, stop=stop)


def levels(result):
    return {row.id: row.levels() for row in result.rows}


NAMES = ("brave-otter", "calm-seal", "gentle-ibis")


@pytest.fixture
def three(little):
    accept(little, *(files(name) for name in NAMES))


# what is asked, and what is not


def test_every_entry_is_asked_about_once_and_nothing_is_written_to_github(little, desk, workshop, three):
    workshop.levels["calm-seal"] = {"onnx": "runs"}
    found = again(desk)
    assert sorted(workshop.asked) == list(NAMES)
    assert (workshop.boxes, workshop.environments, found.asked) == (3, 1, 3)
    assert levels(found)["calm-seal"] == {"rules": "passes", "onnx": "runs"}
    assert [row.id for row in found.rows] == ["calm-seal", "brave-otter", "gentle-ibis"]
    assert (found.collection, found.environment) == ("Test zoo", workshop.image)
    assert [write for write in little.github.writes if write.actor == "accession"] == []


def test_a_large_collection_is_read_in_a_few_requests(little, desk, workshop):
    accept(little, *(files(f"seal-{number:03}") for number in range(120)))
    since = len(little.github.requests)
    assert again(desk).asked == 120
    assert len(little.github.requests) - since <= 15


def test_nothing_changed_runs_no_box_and_asks_for_the_environment_alone(little, desk, workshop, three):
    first = again(desk)
    jobs, archive = len(workshop.jobs), len(little.zenodo.requests)
    second = again(desk)
    assert (len(workshop.jobs), workshop.environments) == (jobs, 2)
    assert len(little.zenodo.requests) == archive
    assert (second.asked, second.rows, second.code) == (0, first.rows, 0)


def test_a_work_side_that_knows_runs_no_box_even_where_our_memory_is_lost(little, desk, workshop, three):
    again(desk)
    little.lose_database()
    found = again(replace(little.start(), clock=FakeClock()))
    assert (workshop.boxes, len(workshop.jobs), found.asked) == (3, 6, 3)


def test_another_image_or_rules_is_another_test(desk, workshop, three):
    again(desk)
    workshop.image = "2" * 64
    assert again(desk).asked == 3
    assert workshop.boxes == 6


def test_another_policy_is_another_test(little, desk, workshop, three):
    again(desk)
    text = (little.github.file(REPOSITORY, "collection/accession.yaml") or b"").decode()
    accept(little, {"collection/accession.yaml": text + "tolerance: {relative_ceiling: 0.5}\n"})
    assert again(desk).asked == 3
    assert again(desk).asked == 0


def test_only_what_changed_is_asked_again(little, desk, workshop, three):
    again(desk)
    changed = rdf("calm-seal") + b"license: MIT\n"
    accept(little, files("calm-seal", text=changed), files("humble-duck"))
    found = again(desk)
    assert sorted(workshop.asked[3:]) == ["calm-seal", "humble-duck"]
    assert found.asked == 2
    job = next(job for job in workshop.jobs[3:] if job["source"]["concept"] == "calm-seal")
    assert (job["known"], job.get("build")) == (None, None)
    assert base64.b64decode(job["rdf_override"]) == changed


def test_blocked_and_withdrawn_entries_and_older_versions_are_left_out(little, desk, workshop, three):
    accept(
        little,
        {"collection/entries/calm-seal/concept.yaml": b"status: blocked\n"},
        files("brave-otter", "10"),
        files("brave-otter", "9"),
    )
    assert [(row.id, row.version) for row in again(desk).rows] == [("brave-otter", "10"), ("gentle-ibis", "7")]
    found = again(desk, "brave-otter", all_versions=True)
    assert [row.version for row in found.rows] == ["10", "7", "9"]


def test_named_entries_alone(desk, workshop, three):
    assert list(levels(again(desk, "gentle-ibis"))) == workshop.asked == ["gentle-ibis"]
    with pytest.raises(ConfigError, match="Did you mean gentle-ibis"):
        again(desk, "gentle-ibiss")


def test_an_unreadable_entry_does_not_stop_the_others(little, desk, workshop, three):
    accept(little, {"collection/entries/calm-seal/7/entry.yaml": b"not: json"})
    assert sorted(levels(again(desk))) == ["brave-otter", "gentle-ibis"]


def test_a_collection_without_entries(desk, workshop):
    found = again(desk)
    assert (found.rows, found.code, found.asked) == ((), 0, 0)


# the job


def test_a_hand_made_entry_is_asked_by_its_rdf_and_known_content(desk, workshop, three):
    again(desk, "calm-seal")
    (job,) = workshop.jobs
    assert job["source"] == {"archive": "none", "concept": "calm-seal", "record": "", "files": []}
    assert base64.b64decode(job["rdf_override"]) == rdf("calm-seal")
    assert (job["verb"], job["known"]) == ("check", entry("calm-seal")["upload_hash"])
    assert job["build"] == job["known"]  # what was accepted may be built
    assert job["turn"] == {"contributor": "calm-seal", "kind": "retest", "weights": []}


def archived(little):
    """An entry of a real record of the archive."""
    record = little.publish({"rdf.yaml": uploaded(), "weights.onnx": b"weights"})
    upload = little.start().archive.upload(record)
    source = entry()["source"] | {"archive": "zenodo", "concept": upload.concept, "record": record}
    accept(little, files("calm-seal", record, source=source))
    return upload


def test_an_archived_entry_is_asked_with_the_archive_s_listing(little, desk, workshop):
    upload = archived(little)
    assert again(desk).counts["right"] == 1
    (job,) = workshop.jobs
    assert (job["source"]["archive"], job["source"]["record"]) == ("zenodo", upload.record)
    assert job["source"]["concept"] == f"zenodo-{upload.concept}"
    assert [(file["name"], file["md5"]) for file in job["source"]["files"]] == [
        ("rdf.yaml", hashlib.md5(uploaded()).hexdigest()),
        ("weights.onnx", hashlib.md5(b"weights").hexdigest()),
    ]


def test_a_record_that_is_gone_is_said_and_looked_at_again(little, desk, workshop):
    upload = archived(little)
    again(desk)
    workshop.image = "2" * 64
    little.zenodo.withdraw(upload.record)
    found = again(desk)
    assert (found.code, found.rows[0].state) == (1, "worse")
    assert f"Record {upload.record} is not open" in found.rows[0].worst.message
    assert len(workshop.jobs) == 1
    assert again(desk).asked == 1


def test_files_that_are_no_longer_those_accepted_are_not_remembered(desk, workshop, three):
    workshop.found["calm-seal"] = "e" * 64
    found = again(desk)
    assert next(row.tested for row in found.rows if row.id == "calm-seal") == "e" * 64
    assert again(desk).asked == 1
    assert workshop.asked[3:] == ["calm-seal"]


# what it was before


def test_what_became_worse_comes_first_and_says_what_it_was(desk, workshop, three):
    workshop.levels = {"brave-otter": {"onnx": "fails"}}
    again(desk)
    workshop.image = "2" * 64
    workshop.levels["gentle-ibis"] = {"onnx": "runs"}
    for found in (again(desk), again(desk)):  # also when nothing is asked any more
        assert [(row.id, row.state) for row in found.rows] == [
            ("gentle-ibis", "worse"),
            ("brave-otter", "failing"),
            ("calm-seal", "right"),
        ]
        assert found.rows[0].worst.words == "runs (was: reproduces)"
        assert found.code == 1


def test_the_first_run_has_nothing_to_compare_with(desk, workshop, three):
    workshop.levels["calm-seal"] = {"onnx": "fails"}
    found = again(desk)
    assert {cell.before for row in found.rows for cell in row.cells} == {None}
    assert found.code == 0


def test_before_is_the_environment_before_also_on_the_way_back(desk, workshop, three):
    again(desk)
    workshop.image, workshop.levels["calm-seal"] = "2" * 64, {"onnx": "runs"}
    again(desk)
    workshop.image = "1" * 64
    found = again(desk)
    assert found.asked == 0
    cell = next(row.cells[1] for row in found.rows if row.id == "calm-seal")
    assert (cell.words, found.code) == ("reproduces (was: runs)", 0)


def test_an_errored_test_forgets_nothing_of_before(desk, workshop, three):
    again(desk)
    workshop.image, workshop.trouble["calm-seal"] = "2" * 64, ["errored"] * 3
    first = again(desk)
    assert (first.rows[0].id, first.rows[0].state, first.rows[0].cells[1].before) == (
        "calm-seal",
        "errored",
        "reproduces",
    )
    workshop.levels["calm-seal"] = {"onnx": "runs"}
    assert again(desk).rows[0].worst.words == "runs (was: reproduces)"


def test_results_of_two_environments_are_kept_and_older_ones_forgotten(desk, workshop, three):
    for image in ("1", "2", "1", "3"):
        workshop.image = image * 64
        again(desk)
    assert {kept["environment"][0] for kept in desk.store.items("retested").values()} == {"1", "3"}
    assert len(desk.store.items("retested")) == 6
    workshop.image = "2" * 64
    found = again(desk)
    assert (found.asked, workshop.boxes) == (3, 9)  # our memory is gone, the work side's shelf is not
    assert {cell.before for row in found.rows for cell in row.cells} == {"passes", "reproduces"}


# trouble of ours


@pytest.mark.parametrize("trouble", ["errored", GONE])
def test_trouble_is_tried_again_after_growing_pauses(desk, workshop, three, trouble):
    workshop.trouble["calm-seal"] = [trouble, trouble]
    watch = Watched()
    began = desk.clock.now()
    found = again(desk, watch=watch)
    assert workshop.asked.count("calm-seal") == 3
    assert desk.clock.now() - began == timedelta(minutes=11)
    assert found.counts["right"] == 3
    tries = [
        (tried.tries, tried.again - began if tried.again else None)
        for tried, _, _ in watch.told
        if tried.version.id == "calm-seal"
    ]
    assert tries == [(1, timedelta(minutes=1)), (2, timedelta(minutes=11)), (3, None)]
    assert again(desk).asked == 0


@pytest.mark.parametrize("trouble", ["errored", GONE])
def test_after_three_tries_it_is_errored_not_remembered_and_asked_by_the_next_run(desk, workshop, three, trouble):
    workshop.trouble["calm-seal"] = [trouble] * 3
    found = again(desk)
    assert (workshop.asked.count("calm-seal"), found.code) == (3, 1)
    assert (found.rows[0].id, found.counts) == ("calm-seal", {"worse": 0, "errored": 1, "failing": 0, "right": 2})
    second = again(desk)
    assert (second.asked, second.code) == (1, 0)


def test_the_others_go_on_while_one_waits(desk, workshop, three):
    workshop.trouble["brave-otter"] = [GONE]
    watch = Watched()
    again(desk, workers=1, watch=watch)
    order = [(tried.version.id, tried.again is None) for tried, _, _ in watch.told]
    assert order == [("brave-otter", False), ("calm-seal", True), ("gentle-ibis", True), ("brave-otter", True)]


def test_what_will_not_pass_is_not_tried_again(desk, workshop, three):
    workshop.trouble["calm-seal"] = [
        GatewayError("The job is not understood.", reason="bad-request", transient=False)
    ] * 3
    found = again(desk)
    assert workshop.asked.count("calm-seal") == 1
    assert (found.rows[0].state, found.rows[0].worst.message) == ("errored", "The job is not understood.")


def test_an_archive_that_does_not_answer_is_our_trouble(little, desk, workshop):
    upload = archived(little)
    little.zenodo_faults.add("error-before", path=f"/api/records/{upload.record}", times=None)
    found = again(desk)
    assert (found.code, found.rows[0].state, len(workshop.jobs)) == (1, "errored", 0)
    assert "The archive cannot be read (it answered 500" in found.rows[0].worst.message
    little.zenodo_faults.clear()
    little.later(120)
    assert again(desk).counts["right"] == 1


def test_without_an_environment_there_is_no_run(desk, workshop, three):
    def gone():
        raise GONE

    workshop.environment = gone
    with pytest.raises(GatewayError, match="The work side is gone"):
        again(desk)


# several at once, progress, stopping


def test_several_are_asked_at_the_same_time_and_no_more_than_allowed(little, desk, workshop):
    accept(little, *(files(f"seal-{number}") for number in range(9)))
    together = threading.Barrier(3, timeout=20)  # passes only where three are there at once
    workshop.work = lambda _: together.wait()
    assert again(desk, workers=3).counts["right"] == 9
    assert workshop.most_at_once == 3


def test_the_time_left_is_told_with_every_answer(desk, workshop, three):
    workshop.work = lambda _: desk.clock.sleep(10)
    watch = Watched()
    again(desk, workers=1, watch=watch)
    assert [(done, left) for _, done, left in watch.told] == [(1, 20.0), (2, 10.0), (3, 0.0)]


def test_a_run_that_is_stopped_finishes_what_is_under_way_and_the_next_goes_on(desk, workshop, three):
    stop = []
    workshop.work = lambda _: stop.append(1)
    assert again(desk, workers=1, stop=lambda: bool(stop)) is None
    assert workshop.asked == ["brave-otter"]
    began = desk.clock.now()
    desk.clock.sleep(3600)
    planned = plan(desk, (), all_versions=False)
    assert (len(planned.due), len(planned.known), planned.unfinished, planned.abandoned) == (2, 1, began, False)
    found = again(desk, workers=1)
    assert workshop.asked == list(NAMES)
    assert found.counts["right"] == 3
    assert plan(desk, (), all_versions=False).unfinished is None


def test_a_stopped_run_is_abandoned_under_another_environment(desk, workshop, three):
    stop = []
    workshop.work = lambda _: stop.append(1)
    again(desk, workers=1, stop=lambda: bool(stop))
    workshop.image = "2" * 64
    planned = plan(desk, (), all_versions=False)
    assert (len(planned.due), planned.unfinished, planned.abandoned) == (3, None, True)


def test_a_stop_while_waiting_for_another_try_ends_the_run(desk, workshop, three):
    workshop.trouble["calm-seal"] = [GONE]
    began = desk.clock.now()
    stop = lambda: desk.clock.now() > began  # noqa: E731 - the clock moves on only while there is nothing but waiting
    assert again(desk, stop=stop) is None
    assert again(desk).asked == 1
