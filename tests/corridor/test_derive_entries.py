"""Versions merged without an entry.yaml: all are asked about at once, and none keeps the others from being published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot import pipeline
from bot.corridor import derive_entries as deriving
from bot.corridor.open_questions import ASKED
from bot.corridor.sweeping import STALE, sweep
from bot.corridor.wake import wake
from bot.digests import job_id
from bot.errors import GatewayError, PendingError
from bot.records.answer import Answer
from bot.records.event import CollectionSubject, PullSubject
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import POLICY, REPOSITORY, rdf

SUBJECT = CollectionSubject()


class Queue(FakeWorkshop):
    """A work side that answers once `answered` is called."""

    def __init__(self):
        super().__init__()
        self.open, self.done = [], set()

    def prepare(self, job):
        name = job_id(job)
        said = super().prepare(job)
        if name in self.done:
            return said
        if name not in self.open:
            self.open.append(name)
        raise PendingError(name)

    def answered(self, *names):
        self.done |= set(names or self.open)
        self.open = [name for name in self.open if name not in self.done]

    def finished(self, ids):
        return frozenset(ids) & self.done

    def took(self, ids):
        return {}

    def backlog(self):
        raise NotImplementedError


@pytest.fixture
def queue(little):
    little.workshop = Queue()
    return little.workshop


@pytest.fixture
def desk(little):
    return little.start()


def merge(little, *names, text=None):
    """By hand, without an entry.yaml."""
    files = {f"collection/entries/{name}/1/rdf.yaml": text or rdf(name=name) for name in names}
    little.github.commit_files(REPOSITORY, "main", files, author="zoo")


def published(little, branch="main"):
    found = little.github.file(REPOSITORY, "collection/collection.json", branch)
    return [entry["id"] for entry in json.loads(found)["entries"]] if found else []


def derived(little):
    paths = [f"collection/entries/{name}/1/entry.yaml" for name in ("one", "two", "three")]
    return [path.split("/")[2] for path in paths if little.github.file(REPOSITORY, path) is not None]


def commits(little):
    return [write for write in little.github.writes if write.path.endswith("/git/commits")]


# --- several at once --------------------------------------------------------------------------------------------------------


def test_all_are_asked_about_in_one_look_and_committed_at_once(little, queue, desk):
    merge(little, "one", "two", "three")
    assert pipeline.reconcile(desk, SUBJECT).status == "pending"
    assert len(queue.open) == 3
    queue.answered()
    assert pipeline.reconcile(desk, SUBJECT).status == "settled"
    assert published(little) == ["one", "three", "two"]
    assert len(commits(little)) == 1


def test_what_is_known_is_published_before_anything_is_waited_for(little, queue, desk):
    merge(little, "one")
    pipeline.reconcile(desk, SUBJECT)
    queue.answered()
    pipeline.reconcile(desk, SUBJECT)
    merge(little, "two", "three")
    assert pipeline.reconcile(desk, SUBJECT) == Answer("It is being checked.", "pending")
    queue.answered(queue.open[0])
    assert pipeline.reconcile(desk, SUBJECT).advanced
    assert len(published(little)) == 2
    assert "one" in published(little)
    assert pipeline.reconcile(desk, SUBJECT) == Answer("It is being checked.", "pending")


def test_the_last_answer_names_the_collection_and_one_look_takes_all(little, queue, desk):
    merge(little, "one", "two")
    pipeline.reconcile(desk, SUBJECT)
    engine = FakeEngine()
    first, last = queue.open
    queue.answered(first)
    assert wake(desk, queue, engine) == 0
    queue.answered(last)
    assert wake(desk, queue, engine) == 1
    assert [subject for subject, _, _ in engine.told] == [SUBJECT]
    pipeline.reconcile(desk, SUBJECT)
    assert published(little) == ["one", "two"]
    assert len(commits(little)) == 1


def test_a_question_that_stays_open_is_waited_for_under_its_own_name(little, queue, desk):
    """Answers may come in any order: whatever is still open after a look wakes the collection again."""
    merge(little, "one", "two")
    pipeline.reconcile(desk, SUBJECT)
    first, last = queue.open
    queue.answered(last)
    wake(desk, queue, FakeEngine())
    assert pipeline.reconcile(desk, SUBJECT).status == "pending"
    assert list(desk.store.items(ASKED)) == [f"{first} collection"]
    queue.answered(first)
    assert wake(desk, queue, FakeEngine()) == 1
    assert pipeline.reconcile(desk, SUBJECT).status == "settled"
    assert published(little) == ["one", "two"]


def test_an_answer_that_never_comes_is_left_to_the_sweep(little, queue, desk):
    merge(little, "one")
    desk.store.put(*STALE, {})
    pipeline.reconcile(desk, SUBJECT)
    assert desk.store.get(*STALE) is None, "what is known is published"
    assert SUBJECT in sweep(desk)
    queue.answered()
    pipeline.reconcile(desk, SUBJECT)
    pipeline.reconcile(desk, SUBJECT)
    assert SUBJECT not in sweep(desk)


def test_so_many_are_asked_about_and_the_others_when_these_are_answered(little, queue, desk, monkeypatch):
    monkeypatch.setattr(deriving, "MOST_OPEN", 2)
    merge(little, "one", "two", "three")
    pipeline.reconcile(desk, SUBJECT)
    assert len(queue.open) == 2
    queue.answered()
    answer = pipeline.reconcile(desk, SUBJECT)
    assert (answer.status, answer.advanced, len(queue.open)) == ("pending", True, 1)
    queue.answered()
    assert pipeline.reconcile(desk, SUBJECT).status == "settled"
    assert len(published(little)) == 3


def test_those_that_are_never_answered_hide_no_others_for_long(little, queue, desk, monkeypatch):
    monkeypatch.setattr(deriving, "MOST_OPEN", 2)
    merge(little, *"abcde")
    seen = set()
    for _ in range(5):
        queue.open = []
        pipeline.reconcile(desk, SUBJECT)
        assert len(queue.open) == 2
        seen |= set(queue.open)
        little.later(int(timedelta(days=1).total_seconds()))
    assert len(seen) == 5


# --- what cannot be described -------------------------------------------------------------------------------------------------


def test_one_that_the_archive_does_not_show_keeps_no_other_from_being_derived(little, desk):
    merge(little, "one")
    little.github.commit_files(
        REPOSITORY, "main", {"collection/entries/two/77/rdf.yaml": rdf(name="two")}, author="zoo"
    )
    little.zenodo_faults.add("error-before", path="/records/77", times=None)
    with structlog.testing.capture_logs() as lines:
        answer = pipeline.run(desk, FakeEngine(), SUBJECT)
    assert (answer.failed, answer.reason, answer.transient) == (True, "archive-unreachable", True)
    assert published(little) == ["one"]
    assert [line["folder"] for line in lines if line["event"] == "entry_not_derived"] == ["collection/entries/two/77"]
    little.zenodo_faults.clear()
    assert pipeline.run(desk, FakeEngine(), SUBJECT).status == "settled"
    assert published(little) == ["one", "two"]


def sick(little, *names):
    """Merged by hand, each of an archive's record that cannot be shown."""
    for record, name in enumerate(names, 77):
        path = f"collection/entries/{name}/{record}/rdf.yaml"
        little.github.commit_files(REPOSITORY, "main", {path: rdf(name=name)}, author="zoo")
        little.zenodo_faults.add("error-before", path=f"/records/{record}", times=None)


def test_several_that_the_archive_does_not_show_keep_neither_the_others_nor_a_poll(little, desk):
    sick(little, "aa", "bb")
    merge(little, "one")
    assert pipeline.run(desk, FakeEngine(), SUBJECT).reason == "archive-unreachable"
    assert published(little) == ["one"]
    assert not desk.archive.circuit.state().open
    little.publish({"rdf.yaml": rdf()}, keywords=["bioimage.io"])
    assert len(list(pipeline.poll(desk))) == 1


def test_where_the_archive_answers_one_alone_its_turn_comes(little, desk):
    """Its search is away too, so that the others' trouble is taken for the archive's."""
    desk = replace(desk, clock=FakeClock())
    sick(little, "aa", "bb")
    little.zenodo_faults.add("error-before", path="/records\\?", times=None)
    little.github.commit_files(REPOSITORY, "main", {"collection/entries/cc/99/rdf.yaml": rdf(name="cc")}, author="zoo")
    for _ in range(3):
        pipeline.run(desk, FakeEngine(), SUBJECT)
        little.later(3600)
        desk.clock.pass_by(3600)
    assert published(little) == ["cc"]


def test_a_merge_is_not_told_again_once_what_is_known_was_published(little, desk):
    sick(little, "two")
    merge(little, "one")
    desk.store.put(*STALE, {})
    assert pipeline.run(desk, FakeEngine(), SUBJECT).failed
    assert published(little) == ["one"]
    engine = FakeEngine()
    pipeline.run(desk, engine, PullSubject(99))
    assert engine.told == [], "the engine's own plan is enough"
    assert SUBJECT in sweep(desk)


def test_a_merge_that_was_not_published_is_told_again(little, desk, monkeypatch):
    merge(little, "one")
    desk.store.put(*STALE, {})
    little.github_faults.add("error-before", path="/git/trees", times=None)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).failed
    assert desk.store.get(*STALE) is not None


def test_while_something_is_open_an_archive_that_is_away_does_not_end_the_look(little, queue, desk):
    merge(little, "one")
    little.github.commit_files(
        REPOSITORY, "main", {"collection/entries/two/77/rdf.yaml": rdf(name="two")}, author="zoo"
    )
    little.zenodo_faults.add("error-before", path="/records/77", times=None)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).status == "pending"


def test_trouble_with_one_question_is_said_and_raised_for_nobody(little, desk, monkeypatch):
    merge(little, "one", "two")
    prepare = little.workshop.prepare

    def lost(job):
        if b"two" in little.workshop._rdf(job):
            raise GatewayError("The jobs ended without an answer.", reason="work-gone", transient=False)
        return prepare(job)

    monkeypatch.setattr(little.workshop, "prepare", lost)
    with structlog.testing.capture_logs() as lines:
        assert pipeline.reconcile(desk, SUBJECT).status == "settled"
    assert published(little) == ["one"]
    assert [line["reason"] for line in lines if line["event"] == "entry_not_derived"] == ["work-gone"]


# --- where the branch does not take the commit --------------------------------------------------------------------------------


@pytest.fixture
def pages(little):
    """A collection that is published to a branch of its own."""
    number = little.github.user("curator").id
    policy = POLICY.replace("ID", str(number)).replace("publish_branch: main", "publish_branch: pages")
    little.github.commit_files(REPOSITORY, "main", {"collection/accession.yaml": policy}, author="zoo")
    little.github.commit_files(REPOSITORY, "pages", {"README.md": "Pages.\n"}, author="zoo")


def test_a_protected_branch_is_said_with_what_to_do_after_what_is_known_was_published(little, desk, pages):
    merge(little, "one")
    pipeline.reconcile(desk, SUBJECT)
    little.github.protect_branch(REPOSITORY)
    merge(little, "two", "three")
    little.github.commit_files(
        REPOSITORY, "main", {"collection/entries/one/concept.yaml": "status: blocked\n"}, author="zoo"
    )
    assert published(little, "pages") == ["one"]
    answer = pipeline.run(desk, FakeEngine(), SUBJECT)
    assert (answer.failed, answer.reason, answer.transient) == (True, "branch-protected", False)
    assert answer.text == (
        "GitHub does not let the bot commit collection/entries/three/1/entry.yaml and 1 more to `main`: put its App on the "
        "bypass list of the rule that guards this branch. The token of Actions can be on none; with it, merge pull requests "
        "that bring an entry.yaml, or have somebody commit the file."
    )
    assert published(little, "pages") == []


def test_a_refusal_is_not_met_again_by_every_sweep(little, desk, pages):
    little.github.protect_branch(REPOSITORY)
    merge(little, "one")
    desk.store.put(*STALE, {})
    pipeline.run(desk, FakeEngine(), SUBJECT)
    assert SUBJECT not in sweep(desk)
    little.later(int(timedelta(hours=13).total_seconds()))
    assert SUBJECT in sweep(desk)
    little.github.protect_branch(REPOSITORY, protected=False)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).status == "settled"
    assert published(little, "pages") == ["one"]


@pytest.mark.parametrize("status", [403, 409])
def test_a_refusal_in_other_words_is_one_too(little, desk, pages, monkeypatch, status):
    merge(little, "one")

    def refuse(*_args, **_more):
        raise GatewayError("GitHub refused it.", reason="forbidden", transient=False, status=status)

    monkeypatch.setattr(desk.github, "update_ref", refuse)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).reason == "branch-protected"


@pytest.mark.parametrize(
    ("status", "transient"), [(403, True), (500, True), (401, False)], ids=["limited", "away", "no credentials"]
)
def test_other_trouble_is_its_own(little, desk, monkeypatch, status, transient):
    merge(little, "one")

    def fail(*_args, **_more):
        raise GatewayError("Something else.", reason="else", transient=transient, status=status)

    monkeypatch.setattr(desk.github, "update_ref", fail)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).reason == "else"


def moving(little, desk, monkeypatch, times):
    """Somebody commits to main while ours is made, so often."""
    create, left = desk.github.create_commit, list(range(times))

    def slow(**given):
        if left:
            little.github.commit_files(REPOSITORY, "main", {"README.md": f"{left.pop()}\n"}, author="zoo")
        return create(**given)

    monkeypatch.setattr(desk.github, "create_commit", slow)


def test_when_somebody_was_faster_it_begins_again_from_the_new_tip(little, desk, monkeypatch):
    merge(little, "one")
    moving(little, desk, monkeypatch, 2)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).status == "settled"
    assert (derived(little), published(little)) == (["one"], ["one"])
    assert little.github.file(REPOSITORY, "README.md") == b"0\n", "nothing is written over"


def test_a_branch_that_keeps_moving_is_tried_by_the_next_look(little, desk, pages, monkeypatch):
    merge(little, "one")
    pipeline.run(desk, FakeEngine(), SUBJECT)
    merge(little, "two")
    moving(little, desk, monkeypatch, 3)
    answer = pipeline.run(desk, FakeEngine(), SUBJECT)
    assert (answer.failed, answer.reason, answer.transient) == (True, "derive-race", True)
    assert SUBJECT in sweep(desk)
    assert pipeline.run(desk, FakeEngine(), SUBJECT).status == "settled"
    assert derived(little) == ["one", "two"]
