"""Evidence of a failed run, one step at a time: where it stands, who may see it, what happens when it cannot be had."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from bot.corridor import publish_evidence
from bot.corridor.check_pull import check_pull
from bot.corridor.observe_pull import observe_pull
from bot.errors import GatewayError
from bot.records import decision as do
from bot.records.evidence import DUE
from tests.fakes.workshop import TENSORS
from tests.journeys.conftest import POLICY, REPOSITORY, rdf

BRANCH = "accession-evidence"
RAW = re.compile(r"\((http[^)]+/raw/[^)]+)\)")


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def reported(little, desk):
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    return little


def seen(desk):
    facts = observe_pull(desk, 1)
    assert facts is not None
    return facts


def paths(little):
    return sorted(path for path in little.github.files(REPOSITORY, BRANCH) if path != "README.md")


def again(little, desk, text):
    """Other content at the head."""
    pull = little.github.pull(REPOSITORY, 1)
    path = f"{seen(desk).place.folder}/rdf.yaml"
    little.github.commit_files(REPOSITORY, pull.head_ref, {path: text}, author="ada")
    little.go(desk)


def policy(little, extra):
    curator = little.github.add_user("curator").id
    text = POLICY.replace("ID", str(curator)).replace("publish_branch: main\n", "publish_branch: pages\n") + extra
    little.github.commit_files(REPOSITORY, "main", {"collection/accession.yaml": text}, author="zoo")


def test_the_addresses_in_the_report_give_the_picture_and_the_tensors(reported, desk):
    picture, tensors = RAW.findall(reported.report(1))
    found = requests.get(picture, timeout=5)
    assert (found.headers["Content-Type"], found.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert requests.get(tensors, timeout=5).content.startswith(TENSORS)
    day = desk.clock.now().date()
    assert f"/raw/{BRANCH}/{day}/" in picture
    assert f"kept until {day + timedelta(days=30)}" in reported.report(1)


def test_the_branch_shares_nothing_with_the_collection(reported):
    assert reported.github.file(REPOSITORY, "README.md", BRANCH).startswith(b"# Evidence of test runs")
    assert reported.github.file(REPOSITORY, "collection/accession.yaml", BRANCH) is None


def test_a_passed_report_touches_no_branch(little, desk):
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    assert f"refs/heads/{BRANCH}" not in little.github.refs(REPOSITORY)
    assert not [r for r in little.github.requests if BRANCH in r.path and "/contents/" in r.path]


def test_a_standing_report_costs_one_conditional_read(reported, desk):
    reported.go(desk)
    before, writes = len(reported.github.requests), len(reported.github.writes)
    reported.go(desk)
    asked = [r for r in reported.github.requests[before:] if BRANCH in r.path]
    assert [(r.path.partition("/contents/")[1], r.status) for r in asked] == [("/contents/", 304)]
    assert len(reported.github.writes) == writes


def test_what_was_evicted_is_asked_for_once_and_the_report_stays_without(little, desk):
    blob = little.workshop.blob
    little.workshop.blob = lambda sha256: (little.workshop.evict(), blob(sha256))[1]
    little.publish({"rdf.yaml": rdf("pictured")})
    for _ in range(3):
        little.go(desk)
    little.lose_database()
    little.go(little.start())
    evidence = little.workshop.asked[1:]
    assert len(evidence) == len(set(evidence)) == 2, "rdf.yaml came first"
    assert paths(little) == []
    assert "/raw/" not in little.report(1)
    assert "`accession evidence " in little.report(1)
    assert seen(desk).state.evidence == ""


@pytest.mark.parametrize("asked", [do.RunChecks(answers=41), do.RunChecks(rerun=50)], ids=["command", "re-run"])
def test_a_check_that_somebody_asked_for_again_has_its_evidence_tried_anew(little, desk, asked):
    little.publish({"rdf.yaml": rdf("pictured")})
    keep = little.workshop.check
    little.workshop.check = lambda job: _without(little, keep(job))
    little.go(desk)
    assert seen(desk).evidence_lost
    little.workshop.check = keep
    check_pull(desk, seen(desk), asked)
    assert not seen(desk).evidence_lost


def _without(little, report):
    little.workshop.evict()
    return report


def test_what_is_left_of_it_is_shown(little, desk):
    blob = little.workshop.blob

    def without_the_picture(sha256):
        content = blob(sha256)
        if content.startswith(b"\x89PNG"):
            raise GatewayError("a cached file is gone", reason="blob-gone", transient=True)
        return content

    little.workshop.blob = without_the_picture
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    (path,) = paths(little)
    assert path.endswith(".zip")
    assert [address.endswith(".zip") for address in RAW.findall(little.report(1))] == [True]


def test_a_work_side_that_is_away_is_asked_again(little, desk):
    blob, away = little.workshop.blob, [1]

    def busy(sha256):
        if away:
            away.pop()
            raise GatewayError("The work side is gone.", reason="work-gone", transient=True)
        return blob(sha256)

    little.workshop.blob = busy
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    little.go(desk)
    assert len(paths(little)) == 2
    assert len(RAW.findall(little.report(1))) == 2


def test_a_branch_that_github_protects_is_given_up_for_this_check(reported, desk):
    reported.github.protect_branch(REPOSITORY, BRANCH)
    again(reported, desk, rdf("pictured", "Renamed"))
    writes = len(reported.github.writes)
    reported.go(desk)
    assert len(reported.github.writes) == writes
    assert "/raw/" not in reported.report(1)
    reported.github.protect_branch(REPOSITORY, BRANCH, protected=False)
    reported.later()
    reported.github.comment(REPOSITORY, 1, login="curator", body="/accession recheck")
    reported.go(desk)
    assert len(RAW.findall(reported.report(1))) == 2, "a recheck makes and shows it anew"


@pytest.mark.parametrize("times", [1, 2])
def test_a_branch_that_somebody_moved_meanwhile_is_looked_at_again(reported, desk, monkeypatch, times):
    ref, left = desk.github.ref, [times]

    def moved_after_the_look(name):
        found = ref(name)
        if name == f"heads/{BRANCH}" and left[0]:
            left[0] -= 1
            reported.github.commit_files(REPOSITORY, BRANCH, {f"{times}-{left[0]}.txt": "x"}, author="zoo")
        return found

    monkeypatch.setattr(desk.github, "ref", moved_after_the_look)
    again(reported, desk, rdf("pictured", "Renamed"))
    assert len(paths(reported)) == 4 + times
    assert len(RAW.findall(reported.report(1))) == 2


def test_two_that_begin_the_branch_at_once_begin_the_same(little, desk, monkeypatch):
    """The other one is faster between our look and our ref."""
    other, create = little.start(), desk.github.create_ref

    def late(name, sha):
        if name == f"heads/{BRANCH}":
            assert other.github.create_ref(name, sha)
        return create(name, sha)

    monkeypatch.setattr(desk.github, "create_ref", late)
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    assert len(paths(little)) == 2


def test_a_branch_that_never_stands_still_is_left_for_the_next_round(reported, desk, monkeypatch):
    monkeypatch.setattr(desk.github, "put_files", lambda **_: False)
    again(reported, desk, rdf("pictured", "Renamed"))
    assert len(paths(reported)) == 2
    assert seen(desk).state.evidence == DUE
    monkeypatch.undo()
    reported.go(desk)
    assert len(paths(reported)) == 4
    assert len(RAW.findall(reported.report(1))) == 2


def test_pictures_that_were_taken_away_come_back_without_another_edit(reported, desk):
    comment = next(c for c in reported.github.comments(REPOSITORY, 1) if "accession:report" in c.body)
    gone = dict.fromkeys(paths(reported))
    reported.github.commit_files(REPOSITORY, BRANCH, gone, author="zoo")
    reported.go(desk)
    assert sorted(gone) == paths(reported)
    assert reported.github.comments(REPOSITORY, 1)[0].updated == comment.updated


def test_after_its_days_the_report_goes_without_it(reported, desk):
    policy(reported, "reminders: {contributor_days: 0}\n")
    reported.later(31 * 86_400)
    reported.go(desk)
    assert "/raw/" not in reported.report(1)
    writes = len(reported.github.writes)
    reported.go(desk)
    assert len(reported.github.writes) == writes, "nothing is published again"


def test_the_last_words_still_show_it(reported, desk):
    reported.github.close_pull(REPOSITORY, 1, login="curator")
    reported.go(desk)
    assert "Declined" in reported.report(1)
    assert len(RAW.findall(reported.report(1))) == 2


def test_branch_and_days_are_policy(little, desk):
    policy(little, "evidence_branch: proof\nevidence_days: 3\n")
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    assert all("/raw/proof/" in address for address in RAW.findall(little.report(1)))
    assert f"kept until {desk.clock.now().date() + timedelta(days=3)}" in little.report(1)


def test_the_default_branch_is_no_place_for_it(little, desk):
    policy(little, "evidence_branch: main\n")
    little.publish({"rdf.yaml": rdf("pictured")})
    little.go(desk)
    assert "/raw/" not in little.report(1)
    assert not [path for path in little.github.files(REPOSITORY, "main") if path.endswith(".png")]


def test_without_a_check_at_hand_nothing_is_published(reported, desk):
    facts = replace(seen(desk), checked=None)
    before = len(reported.github.writes)
    publish_evidence.publish(desk, facts, do.PublishEvidence(("x",)))
    assert publish_evidence.standing(desk, facts) == facts
    assert len(reported.github.writes) == before
