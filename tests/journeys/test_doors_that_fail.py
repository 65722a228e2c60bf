"""GitHub and Zenodo misbehave: the same end, nothing doubled, nobody blamed."""

from __future__ import annotations

import random

import pytest

from tests.journeys.conftest import REPOSITORY, Little, rdf


def settle(little: Little, rounds: int = 12) -> None:
    """Rounds with some minutes between them."""
    desk = little.start()
    for _ in range(rounds):
        little.go(desk)
        desk.clock.skip(700)


KINDS = ("error-before", "error-after", "cut-before", "cut-after", "cut-midway", "too-many")


@pytest.mark.parametrize("kind", KINDS)
def test_github_fails_now_and_then(little: Little, kind: str) -> None:
    little.github_faults.add(kind, path=r"^/(repos|user)", probability=0.15, times=25, seconds=0, status=502)
    little.publish({"rdf.yaml": rdf()})
    settle(little)
    little.github_faults.clear()
    settle(little, 2)
    (pull,) = little.github.pulls(REPOSITORY)
    little.report(pull.number)
    little.approve(pull.number)
    little.github_faults.add(kind, path=r"^/(repos|user)", probability=0.15, times=25, seconds=0, status=502)
    settle(little)
    little.github_faults.clear()
    settle(little, 2)
    (pull,) = little.github.pulls(REPOSITORY)
    assert pull.merged
    assert pull.labels == ("merged",)
    assert len({str(m["Message-ID"]) for m in little.mail.messages}) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_archive_fails_now_and_then(little: Little, kind: str) -> None:
    little.zenodo_faults.add(kind, probability=0.3, times=10, seconds=0, status=504)
    little.publish({"rdf.yaml": rdf()})
    settle(little)
    assert [p.labels for p in little.github.pulls(REPOSITORY)] == [("awaiting review",)]


def test_trouble_during_a_check_is_ours_and_counted(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.workshop.refuse_checks = 5
    little.go(desk)
    assert little.github.labels(REPOSITORY, 1) == ("checking",)
    assert "Try 1 of 3 failed" in little.report(1)
    for _ in range(4):
        desk.clock.skip(3600)
        little.go(desk)
    assert little.github.labels(REPOSITORY, 1) == ("blocked",)
    assert little.workshop.refuse_checks == 2, "three tries, no more"


def test_a_record_that_is_withdrawn_under_way_is_said_to_be_gone(little: Little) -> None:
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.zenodo.withdraw(record)
    little.workshop.image = "image-2"
    little.go(desk)
    assert little.github.labels(REPOSITORY, 1) == ("needs changes",)
    assert "is not open in the archive any more" in little.report(1)


def test_mergeable_is_unknown_at_first_and_lists_are_late(little: Little) -> None:
    little.github.faults.mergeable_null_reads = 3
    little.github.faults.stale_lists_seconds = 0.5
    little.publish({"rdf.yaml": rdf()})
    settle(little, 4)
    little.github.faults.stale_lists_seconds = 0
    settle(little, 2)
    (pull,) = little.github.pulls(REPOSITORY)
    little.approve(pull.number)
    settle(little, 6)
    assert little.github.pulls(REPOSITORY)[0].merged
    little.report(pull.number)


def test_a_report_edited_by_a_collaborator_is_written_again(little: Little) -> None:
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start()
    little.go(desk)
    (comment,) = little.github.comments(REPOSITORY, 1)
    forged = comment.body.replace("needs changes", "approved").replace('"failed"', '"passed"')
    little.github.edit_comment(comment.id, forged, login="curator")
    little.approve(1)
    little.go(desk)
    assert not little.github.pulls(REPOSITORY)[0].merged
    assert "needs changes" in little.report(1)
    assert "approved" not in little.report(1)


def test_a_rebound_review_of_an_earlier_state_does_not_count(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    little.github.faults.rebind_reviews = True
    little.approve(pull.number)
    entry_id, version = pull.title.split()
    changed = {f"collection/entries/{entry_id}/{version}/rdf.yaml": rdf(name="Swapped after the approval")}
    little.github.commit_files(REPOSITORY, pull.head_ref, changed, author="mallory")
    for _ in range(3):
        little.go(desk)
    assert not little.github.pulls(REPOSITORY)[0].merged
    assert "before the check" in little.report(pull.number)


def test_an_approval_before_the_check_does_not_count(little: Little) -> None:
    little.workshop.broken = 1
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.github.approve(REPOSITORY, 1, login="curator")
    desk.clock.skip(3600)
    little.go(desk)
    assert not little.github.pulls(REPOSITORY)[0].merged


def test_the_rdfs_maintainer_cannot_approve_even_as_a_curator(little: Little) -> None:
    text = rdf().replace(b"github_user: ada", b"github_user: Curator")
    little.publish({"rdf.yaml": text})
    desk = little.start()
    little.go(desk)
    little.approve(1)
    little.go(desk)
    assert not little.github.pulls(REPOSITORY)[0].merged
    assert "has a part in this submission" in little.report(1)


def test_who_lost_write_access_cannot_approve(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.approve(1)
    little.github.add_collaborator(REPOSITORY, "curator", "read")
    little.go(desk)
    assert not little.github.pulls(REPOSITORY)[0].merged
    assert little.github.labels(REPOSITORY, 1) == ("approved",)
    assert "an approver has no write access" in little.report(1)
    little.github.add_collaborator(REPOSITORY, "curator", "write")
    desk.clock.skip(1000)
    little.go(desk)
    assert little.github.pulls(REPOSITORY)[0].merged


def test_one_that_fails_never_stops_the_others(little: Little) -> None:
    little.publish({"rdf.yaml": b"a: [unclosed"})
    little.publish({"other.txt": b"no description"})
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    assert [p.labels for p in little.github.pulls(REPOSITORY)] == [("awaiting review",)]
    from bot.corridor.standings import standings

    lines = standings(desk)["submissions"]
    refused = {line["waits_for"] for line in lines if line["stage"] == "refused"}
    assert refused == {"rdf.yaml is not YAML.", "The upload has no rdf.yaml: add one and publish a new version."}


def test_an_app_makes_check_runs_with_annotations_and_an_actions_token_too(little: Little) -> None:
    little.github.add_user("github-actions[bot]", type="Bot")
    little.github.add_token("github-actions[bot]", "ghs_actions", kind="actions")
    little.publish({"rdf.yaml": rdf("failed")})
    desk = little.start(token="ghs_actions", bot_login="github-actions[bot]")
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    (run,) = little.github.check_runs(REPOSITORY, pull.head_sha)
    assert run.conclusion == "failure"
    (note,) = run.annotations
    assert note["path"].endswith("/rdf.yaml")
    assert note["start_line"] == 4
    assert little.github.statuses(REPOSITORY, pull.head_sha) == []


def test_seeded_storms_leave_one_pull_request_and_one_report(little: Little) -> None:
    chance = random.Random(7)
    for kind in KINDS:
        little.github_faults.add(
            kind, path=r"^/repos", probability=0.04, times=8, seconds=0, status=chance.choice([500, 502, 503])
        )
    for number in range(3):
        little.publish({"rdf.yaml": rdf(name=f"Model {number}")})
    settle(little, 15)
    little.github_faults.clear()
    settle(little, 3)
    assert len(little.github.pulls(REPOSITORY)) == 3
    for pull in little.github.pulls(REPOSITORY):
        little.report(pull.number)
        assert pull.labels == ("awaiting review",)
