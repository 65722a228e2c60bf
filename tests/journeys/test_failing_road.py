"""What fails is reported, cannot be merged, and is looked at again when it changes."""

from __future__ import annotations

import json

from tests.journeys.conftest import REPOSITORY, Little, rdf


def test_a_model_that_does_not_reproduce_needs_changes_and_cannot_be_merged(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert pull.labels == ("needs changes",)
    report = little.report(pull.number)
    assert "12 of 4,096 (2,930 ppm)" in report
    assert "license: MIT" in report
    (status,) = little.github.statuses(REPOSITORY, pull.head_sha)
    assert status.state == "failure"

    little.approve(pull.number)
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert not pull.merged
    assert pull.labels == ("needs changes",)


def test_a_corrected_rdf_in_the_pull_request_is_checked_again(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    folder = folder_of(little, pull.number)
    little.github.commit_files(REPOSITORY, pull.head_ref, {f"{folder}/rdf.yaml": rdf("passed")}, author="ada")
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert pull.labels == ("awaiting review",)

    little.approve(pull.number)
    little.go(desk)
    assert little.github.pulls(REPOSITORY)[0].merged
    assert little.github.file(REPOSITORY, f"{folder}/rdf.yaml") == rdf("passed")
    collection = json.loads(little.github.file(REPOSITORY, "collection/collection.json") or b"")
    assert len(collection["entries"]) == 1


def test_a_correction_that_is_still_wrong_nudges_the_contributor_once(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    folder = folder_of(little, pull.number)
    wrong = {f"{folder}/rdf.yaml": rdf("failed", "Renamed")}
    little.github.commit_files(REPOSITORY, pull.head_ref, wrong, author="ada")
    for _ in range(3):
        little.go(desk)
    nudges = [c.body for c in little.github.comments(REPOSITORY, pull.number) if "accession:nudge" in c.body]
    assert len(nudges) == 1
    assert nudges[0].startswith("@ada ")


def test_a_new_version_takes_the_place_of_the_open_one(little: Little) -> None:
    first = little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    concept = little.zenodo.record(first).concept
    second = little.publish({"rdf.yaml": rdf("passed")}, concept=concept)
    little.go(desk)
    little.go(desk)
    old, new = little.github.pulls(REPOSITORY)
    assert (old.state, old.labels) == ("closed", ("superseded",))
    assert (new.state, new.labels) == ("open", ("awaiting review",))
    assert old.title.split()[0] == new.title.split()[0]
    assert new.title.split()[1] == second


def test_a_correction_is_carried_to_the_next_version(little: Little) -> None:
    text = rdf("failed", extra="tags: [cells]\ndescription: first\n")
    first = little.publish({"rdf.yaml": text})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    folder = folder_of(little, pull.number)
    fixed = text.replace(b"failed", b"passed")
    little.github.commit_files(REPOSITORY, pull.head_ref, {f"{folder}/rdf.yaml": fixed}, author="ada")
    little.go(desk)
    little.approve(pull.number)
    little.go(desk)

    next_text = text.replace(b"description: first", b"description: second")
    little.publish({"rdf.yaml": next_text}, concept=little.zenodo.record(first).concept)
    little.go(desk)
    new = little.github.pulls(REPOSITORY)[1]
    proposed = little.github.file(REPOSITORY, f"{folder_of(little, new.number)}/rdf.yaml", new.head_ref)
    assert proposed == next_text.replace(b"failed", b"passed")
    assert new.labels == ("awaiting review",)
    assert "carried over" in new.body


def test_an_errored_check_is_tried_three_times_then_a_human_is_asked_and_may_start_it_again(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("passed")})
    little.workshop.broken = 3
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert pull.labels == ("checking",)
    assert "the trouble is ours" in little.report(pull.number)
    little.go(desk)
    assert little.workshop.checks == 1, "the next try waits its time"

    for _ in range(2):
        desk.clock.skip(3600)
        little.go(desk)
    assert little.github.pulls(REPOSITORY)[0].labels == ("blocked",)
    assert any("blocked" in str(m["Subject"]) for m in little.mail.messages)
    little.go(desk)
    assert little.workshop.checks == 3

    little.github.comment(REPOSITORY, pull.number, login="mallory", body="/accession recheck")
    little.go(desk)
    assert little.workshop.checks == 3, "a stranger may not"
    little.github.comment(REPOSITORY, pull.number, login="curator", body="/accession dance")
    for _ in range(2):
        little.go(desk)
    replies = [c.body for c in little.github.comments(REPOSITORY, pull.number) if "nudge command-" in c.body]
    assert len(replies) == 2
    assert "`mallory` may not ask for it" in replies[0]
    assert "`/accession dance` is not a command" in replies[1]
    little.github.comment(REPOSITORY, pull.number, login="curator", body="/accession recheck")
    little.go(desk)
    assert little.workshop.checks == 4
    assert little.github.pulls(REPOSITORY)[0].labels == ("awaiting review",)
    little.go(desk)
    assert little.workshop.checks == 4, "a command is answered once"
    little.lose_database()
    desk = little.start()
    little.go(desk)
    assert little.workshop.checks == 4, "also when the database is lost"


def test_a_reply_behind_a_hundred_comments_is_written_once(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("passed")})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    for n in range(len(little.github.comments(REPOSITORY, pull.number)), 99):
        little.github.comment(REPOSITORY, pull.number, login="mallory", body=f"Hello {n}.")
    little.github.comment(REPOSITORY, pull.number, login="mallory", body="/accession dance")
    for _ in range(4):
        little.go(desk)
    replies = [c.body for c in little.github.comments(REPOSITORY, pull.number) if "nudge command-" in c.body]
    assert len(replies) == 1


def folder_of(little: Little, number: int) -> str:
    entry_id, version = little.github.pull(REPOSITORY, number).title.split()
    return f"collection/entries/{entry_id}/{version}"
