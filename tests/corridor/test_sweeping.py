"""Which pull requests a sweep names: what moved, what is due, everything within a day, and nothing else."""

from __future__ import annotations

import pytest

from bot import pipeline
from bot.corridor import sweeping
from bot.corridor.observe_pull import base_policy
from bot.errors import GatewayError
from bot.records.answer import failed
from bot.records.event import ChoreSubject, CollectionSubject, PullSubject, RecordSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import POLICY, REPOSITORY, TOKEN, rdf
from tests.journeys.crowd import crowd, waiting_crowd

OLD = 600
"""Seconds: longer ago than any listing is late."""
POLICY_READ = [f"/repos/{REPOSITORY}", f"/repos/{REPOSITORY}/contents/collection/accession.yaml"]


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def quiet(little, desk):
    """Three pull requests that wait for a review, long looked at."""
    for number in range(3):
        little.publish({"rdf.yaml": rdf(name=f"Model {number}")})
    little.go(desk)
    rest(little, desk)
    return little


def rest(little, desk):
    """Sweeps with time between them until nothing is named any more."""
    for _ in range(3):
        little.later(OLD)
        pipeline.reconcile_all(desk, pipeline.sweep(desk))
    little.later(OLD)
    assert pipeline.sweep(desk) == []


def named(desk):
    return {subject.number for subject in pipeline.sweep(desk) if isinstance(subject, PullSubject)}


def requests(little, before):
    return [request.path.partition("?")[0] for request in little.github.requests[before:]]


def test_where_nothing_moved_a_sweep_is_one_listing_the_policy_and_the_base_branch_by_its_name(quiet, desk):
    before = len(quiet.github.requests)
    assert pipeline.sweep(desk) == []
    found = requests(quiet, before)
    root = f"/repos/{REPOSITORY}"
    assert sorted(found) == [
        root,
        f"{root}/contents/collection/accession.yaml",
        f"{root}/git/ref/heads/main",
        f"{root}/pulls",
    ]
    assert {request.status for request in quiet.github.requests[before:]} == {304}


@pytest.mark.parametrize("what", ["comment", "review", "label", "push", "close", "line"])
def test_what_people_do_is_found(quiet, desk, what):
    pull = quiet.github.pull(REPOSITORY, 2)
    path = f"collection/entries/{'/'.join(pull.title.split())}/rdf.yaml"
    do = {
        "comment": lambda: quiet.github.comment(REPOSITORY, 2, login="ada", body="Hello"),
        "review": lambda: quiet.github.review(REPOSITORY, 2, login="curator"),
        "label": lambda: quiet.github.set_labels(REPOSITORY, 2, [], login="curator"),
        "push": lambda: quiet.github.commit_files(REPOSITORY, pull.head_ref, {path: rdf(name="X")}, author="ada"),
        "close": lambda: quiet.github.close_pull(REPOSITORY, 2, login="curator"),
        "line": lambda: quiet.github.comment_on_line(REPOSITORY, 2, path, 1, login="ada", body="Here"),
    }
    do[what]()
    assert named(desk) == {2}


def test_what_moved_is_named_until_a_look_ended_well(quiet, desk):
    quiet.github.comment(REPOSITORY, 2, login="ada", body="Hello")
    assert named(desk) == {2}
    quiet.later(OLD)
    assert named(desk) == {2}, "nobody looked"
    quiet.github_faults.add("error-before", path="/pulls/2", times=None)
    assert pipeline.reconcile_all(desk, [PullSubject(2)])["pull 2"].failed
    quiet.github_faults.clear()
    quiet.later(OLD)
    assert named(desk) == {2}, "the look failed"
    rest(quiet, desk)


def test_a_change_in_the_second_of_a_look_is_seen_by_the_next_sweep(quiet, desk):
    quiet.github.comment(REPOSITORY, 2, login="ada", body="Hello")
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    assert named(desk) == {2}


def test_a_sweep_that_is_killed_forgets_nothing(quiet, desk, monkeypatch):
    quiet.github.comment(REPOSITORY, 2, login="ada", body="Hello")
    put = desk.store.put

    def killed(room, key, value):
        if (room, key) == ("sweep", "cursor"):
            raise KeyboardInterrupt
        put(room, key, value)

    monkeypatch.setattr(desk.store, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        pipeline.sweep(desk)
    monkeypatch.undo()
    assert named(desk) == {2}


def test_what_no_time_shows_is_healed_within_a_day(quiet, desk):
    (comment,) = quiet.github.comments(REPOSITORY, 3)
    with quiet.github.transaction():
        quiet.github.store.drop(comment)
    assert named(desk) == set()
    seen: list[int] = []
    for _ in range(24 * 4):
        quiet.later(900)
        found = named(desk)
        assert len(found) <= 1, "a share at a time"
        seen += found
        pipeline.reconcile_all(desk, [PullSubject(number) for number in found])
    assert set(seen) == {1, 2, 3}
    assert len(quiet.github.comments(REPOSITORY, 3)) == 1


def test_a_day_without_sweeps_names_everything(quiet, desk):
    quiet.later(90_000)
    assert named(desk) == {1, 2, 3}


def test_other_rules_or_policy_name_everything(quiet, desk):
    quiet.workshop.image = "image-2"
    assert named(desk) == {1, 2, 3}
    rest(quiet, desk)
    curator = quiet.github.ensure_user("curator").id
    policy = POLICY.replace("ID", str(curator)).replace("approvals: 1", "approvals: 2")
    quiet.github.commit_files(REPOSITORY, "main", {"collection/accession.yaml": policy}, author="zoo")
    assert pipeline.sweep(desk) == [PullSubject(1), PullSubject(2), PullSubject(3), CollectionSubject()]


def test_a_work_side_that_says_nothing_names_nothing(quiet, desk, monkeypatch):
    def away():
        raise GatewayError("The work side is gone.", reason="work-gone", transient=True)

    monkeypatch.setattr(quiet.workshop, "environment", away)
    assert named(desk) == set()


def test_a_look_is_repeated_when_its_time_has_come(little, desk):
    little.workshop.broken = 1
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    row = desk.store.get(sweeping.OPEN, "1")
    assert row["until"]
    little.later(30)
    pipeline.sweep(desk)
    little.later(60)
    assert named(desk) == {1}
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)


def test_a_merge_that_github_refused_is_tried_again_after_a_quarter_of_an_hour(quiet, desk):
    quiet.github.add_collaborator(REPOSITORY, "curator", "read")
    quiet.github.review(REPOSITORY, 1, login="curator")
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    assert quiet.github.labels(REPOSITORY, 1) == ("approved",)
    quiet.github.add_collaborator(REPOSITORY, "curator", "write")
    quiet.later(901)
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    assert quiet.github.pull(REPOSITORY, 1).merged


def test_a_mail_that_could_not_be_sent_keeps_it_due(quiet, desk, monkeypatch):
    def down(*_):
        raise GatewayError("The mail could not be delivered.", reason="mail", transient=True)

    quiet.github.close_pull(REPOSITORY, 1, login="ada")
    quiet.github.reopen_pull(REPOSITORY, 1, login="ada")
    quiet.workshop.image = "image-2"
    monkeypatch.setattr(desk.notifier, "send", down)
    pipeline.reconcile_all(desk, [PullSubject(1)])
    monkeypatch.undo()
    before = len(quiet.mail.messages)
    quiet.workshop.image = "image-1"
    for number in (2, 3):
        desk.store.drop(sweeping.OPEN, str(number))
    quiet.later(60)
    assert 1 in named(desk)
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert len(quiet.mail.messages) > before


def test_the_older_version_is_named_when_a_newer_one_comes(quiet, desk):
    concept = int(desk.store.get("uploads", "7000002")["concept"])
    quiet.publish({"rdf.yaml": rdf(name="Model 0, again")}, concept=concept)
    engine = FakeEngine()
    engine.tell(ChoreSubject("poll"))
    engine.drain(desk)
    assert 1 in named(desk)
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert quiet.github.labels(REPOSITORY, 1) == ("superseded",)


def test_a_closed_one_is_brought_to_its_end_and_forgotten(quiet, desk):
    quiet.github.close_pull(REPOSITORY, 1, login="curator")
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    assert quiet.github.labels(REPOSITORY, 1) == ("declined",)
    assert set(desk.store.items(sweeping.OPEN)) == {"2", "3"}
    quiet.later(OLD)
    quiet.github.comment(REPOSITORY, 1, login="ada", body="Why?")
    assert named(desk) == set()


def test_a_lost_database_is_one_look_at_what_is_not_at_its_end(quiet, desk):
    quiet.github.close_pull(REPOSITORY, 1, login="curator")
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    quiet.lose_database()
    assert named(quiet.start()) == {2, 3}


def test_a_pull_request_that_is_none_of_ours_is_quiet_too(quiet, desk):
    quiet.github.commit_files(REPOSITORY, "docs", {"README.md": "Better.\n"}, author="ada")
    quiet.github.open_pull(REPOSITORY, "docs", login="ada", title="Better")
    assert named(desk) == {4}
    rest(quiet, desk)


@pytest.mark.parametrize("seconds", [-400 * 86_400, 86_400 * 3], ids=["back", "ahead"])
def test_a_clock_that_jumps_delays_nothing_beyond_the_day(quiet, desk, seconds):
    desk.clock.skip(seconds)
    assert named(desk) == {1, 2, 3}
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    desk.clock.skip(60)
    assert named(desk) == set()


def test_the_collection_is_named_when_its_base_moved_and_twice_a_day(quiet, desk):
    assert pipeline.sweep(desk) == []
    quiet.github.commit_files(REPOSITORY, "main", {"README.md": "Other.\n"}, author="zoo")
    assert pipeline.sweep(desk) == [CollectionSubject()]
    rest(quiet, desk)
    quiet.later(43_300)
    assert CollectionSubject() in pipeline.sweep(desk)


def test_trouble_for_good_is_not_named_again_by_the_next_sweep(quiet, desk):
    answer = pipeline.run(desk, FakeEngine(), PullSubject(2))
    assert not answer.failed
    sweeping.mark(desk, 2, calm=True)
    sweeping.stopped(desk, 2, failed(GatewayError("No.", reason="forbidden", transient=False)))
    quiet.later(OLD)
    assert 2 not in named(desk)


@pytest.mark.parametrize("renamed", [False, True])
def test_another_default_branch_counts_with_its_policy_while_the_bot_runs(quiet, desk, renamed):
    curator = quiet.github.add_user("curator").id
    policy = POLICY.replace("ID", str(curator)).replace("approvals: 1", "approvals: 2")
    quiet.github.commit_files(REPOSITORY, "trunk", {"collection/accession.yaml": policy}, author="zoo")
    quiet.github.make_default(REPOSITORY, "trunk")
    if renamed:
        quiet.github.delete_branch(REPOSITORY, "main", login="zoo")
    assert named(desk) == {1, 2, 3}
    assert base_policy(desk).approvals == 2


def test_a_record_may_be_named_whatever_is_known_of_it(quiet, desk):
    before = len(quiet.github.requests)
    answer = pipeline.reconcile(desk, RecordSubject("7000002"))
    assert "pull request #1" in answer.text
    assert len(quiet.github.requests) > before


@pytest.mark.parametrize("size", [4, 40])
def test_the_cost_of_a_sweep_does_not_grow_and_a_renewed_token_makes_it_count_once(little, size):
    desk = little.start()
    waiting_crowd(little, desk, size)
    writes = len(little.github.writes)
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    rest(little, desk)
    assert len(little.github.writes) == writes, "the crowd is as the bot leaves it"
    renewed = TOKEN[::-1]
    little.github.add_token("accession", renewed)
    for token, statuses in ((TOKEN, {304}), (renewed, {200}), (renewed, {304})):
        again = little.start(token=token)
        before = len(little.github.requests)
        assert pipeline.sweep(again) == []
        asked = little.github.requests[before:]
        assert len(asked) == 4
        assert {request.status for request in asked} == statuses


def test_an_unchanged_pull_request_costs_the_same_whoever_else_is_open(little):
    desk = little.start()
    waiting_crowd(little, desk, 3)
    pipeline.reconcile_all(desk, pipeline.sweep(desk))
    rest(little, desk)
    costs = []
    for more in (0, 40):
        crowd(little, more, first=100)
        before = len(little.github.requests)
        pipeline.reconcile_all(desk, [PullSubject(1)])
        costs.append(len(little.github.requests) - before)
    assert costs[0] == costs[1] <= 9


def test_poll_asks_nothing_about_what_it_knows(quiet, desk):
    list(pipeline.poll(desk))
    before, archive = len(quiet.github.requests), len(quiet.zenodo.requests)
    assert list(pipeline.poll(desk)) == []
    assert requests(quiet, before) == POLICY_READ
    listing = [request for request in quiet.zenodo.requests[archive:] if "size=25" in request.path]
    assert len(listing) == 1, "one page shows all three"


@pytest.mark.parametrize("what", ["another content", "other rules", "lost database"])
def test_poll_looks_again_where_it_may_matter(quiet, desk, what):
    list(pipeline.poll(desk))
    if what == "other rules":
        quiet.workshop.image = "image-2"
    if what == "another content":
        row = desk.store.get("uploads", "7000002")
        desk.store.put("uploads", "7000002", {**row, "answered": "x"})
    if what == "lost database":
        quiet.lose_database()
        desk = quiet.start()
    before = len(quiet.github.requests)
    list(pipeline.poll(desk))
    heads = [path for path in requests(quiet, before) if path.endswith("/pulls")]
    assert heads
    before = len(quiet.github.requests)
    list(pipeline.poll(desk))
    assert requests(quiet, before) == POLICY_READ


def test_it_is_told_where_the_other_side_said_when():
    error = GatewayError("Later.", reason="rate-limited", transient=True, retry_after=60)
    assert failed(error).retry_after == 60
