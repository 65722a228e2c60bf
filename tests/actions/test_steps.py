"""The steps that hold a token, one by one, on the little world: what they ask, what they tell, and what they leave alone."""

from __future__ import annotations

import argparse
import base64
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.actions import intake, look, retesting, run, tend
from bot.actions import rounds as turns
from bot.digests import job_id
from bot.errors import GatewayError
from bot.gateways.engine_dispatch import DispatchEngine
from bot.gateways.work_files import WorkFiles
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject
from tests.fakes.engine import FakeEngine
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import REPOSITORY, rdf
from tests.retesting.collection import files as accepted

ENVIRONMENT = "e" * 64


class Rounds:
    """A run's steps: `desk()` is a step on a machine of its own, `answer()` the jobs without a token."""

    def __init__(self, little, folder):
        self.little, self.folder, self.number = little, folder, 0
        self.work = FakeWorkshop(environment=ENVIRONMENT)

    def desk(self, expected=(), *, final=False):
        self.number += 1
        self.little.lose_database()
        files = WorkFiles(
            ENVIRONMENT,
            questions=self.folder / f"questions-{self.number}",
            answers=self.folder / "answers",
            expected=expected,
            final=final,
        )
        return replace(self.little.start(), workshop=files, lasting=False)

    def questions(self):
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("questions-*/*.json"))]

    def answer(self, **more):
        """Every question, and the check that follows from a description."""
        for job in self.questions():
            said = self.work.prepare(job)
            self._leave({**job, "verb": "prepare"}, said)
            if said["outcome"] == "described":
                self._leave({**job, "verb": "check"}, self.work.check(job) | more)

    def _leave(self, job, said):
        folder = self.folder / "answers" / f"answer-{job_id(job)}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "answer.json").write_text(json.dumps(said))
        for sha256, content in self.work._blobs.items():
            (folder / sha256).write_bytes(content)

    def proposed(self, verdict="passed"):
        """An upload whose pull request is open; its number."""
        record = self.little.publish({"rdf.yaml": rdf(verdict)}, keywords=["bioimage.io"])
        intake.find(self.desk(), days=2, most=20)
        self.answer()
        intake.propose(self.desk(), FakeEngine(), [record], asked=False)
        return self.little.github.pulls(REPOSITORY)[-1].number

    def answered(self):
        """A pull request whose question has its answer, and what it needed."""
        number = self.proposed()
        needed = look.need(self.desk(), number)
        self.answer()
        return number, needed


@pytest.fixture
def rounds(little, tmp_path):
    return Rounds(little, tmp_path / "run")


def writes(little):
    return len(little.github.writes)


def counted(little):
    """Requests to GitHub but those that it answers with "not modified", which cost nothing of the hour's."""
    return sum(request.status != 304 for request in little.github.requests)


# --- uploads ----------------------------------------------------------------------------------------------------------------


def test_find_names_new_uploads_and_asks_about_them_and_writes_nothing(rounds, little):
    record = little.publish({"rdf.yaml": rdf()}, keywords=["bioimage.io"])
    little.publish({"rdf.yaml": rdf()}, keywords=["something else"])
    before = writes(little)
    desk = rounds.desk()
    assert intake.find(desk, days=2, most=20) == [record]
    assert [job["source"]["record"] for job in rounds.questions()] == [record]
    assert writes(little) == before


def test_an_upload_that_has_a_pull_request_is_not_asked_about_again(rounds, little):
    rounds.proposed()
    asked = len(rounds.questions())
    assert intake.find(rounds.desk(), days=0, most=20) == []
    assert len(rounds.questions()) == asked


@pytest.mark.parametrize(("daily", "seconds"), [(False, turns.HALF_HOUR), (True, turns.DAY)])
def test_uploads_that_are_refused_each_time_stand_in_nobodys_way(rounds, little, daily, seconds):
    """Five without a pull request, two at a time: all were asked about after two cycles of three rounds."""
    records = {little.publish({"rdf.yaml": rdf(name=name)}, keywords=["bioimage.io"]) for name in "abcde"}
    found = []
    for _ in range(6):
        found.append(intake.find(rounds.desk(), days=0, most=2, daily=daily))
        little.later(seconds)
    assert {len(some) for some in found} == {1, 2}
    assert {record for some in found for record in some} == records


def test_hundreds_of_one_uploader_stand_in_nobodys_way_and_come_by(rounds, little):
    """Beyond what an uploader may have open, they share half of the places."""
    flood, one, two = (little.zenodo.add_user(name, f"token-{name}") for name in ("flood", "one", "two"))
    mine = [little.publish({"rdf.yaml": rdf()}, owner=one)]
    many = {little.publish({"rdf.yaml": rdf(name=f"M {n}")}, owner=flood) for n in range(35)}
    mine += [little.publish({"rdf.yaml": rdf(name=f"T {n}")}, owner=two) for n in range(2)]
    seen = set()
    for _ in range(10):
        found = intake.find(rounds.desk(), days=2, most=20)
        assert set(found) >= set(mine)
        assert len(found) <= 20
        seen |= set(found)
        little.later(turns.HALF_HOUR)
    assert many < seen


def test_all_there_is_costs_a_request_for_each_that_is_looked_at(rounds, little):
    """And the lists by pages: a hundred pull requests in one, and 25 uploads for a guest of the archive."""
    rounds.proposed()
    for number in range(60):
        little.publish({"rdf.yaml": rdf(name=f"Model {number}")})
    before, archive = counted(little), len(little.zenodo.requests)
    assert len(intake.find(rounds.desk(), days=0, most=20, daily=True)) == 20
    assert counted(little) - before <= 20 + 6
    assert len(little.zenodo.requests) - archive <= 3 + 1


def test_propose_opens_the_pull_request_and_has_it_checked(rounds, little):
    record = little.publish({"rdf.yaml": rdf()}, keywords=["bioimage.io"])
    intake.find(rounds.desk(), days=2, most=20)
    rounds.answer()
    engine = FakeEngine()
    answers = intake.propose(rounds.desk(), engine, [record], asked=False)
    assert not answers[record].failed
    (pull,) = little.github.pulls(REPOSITORY)
    assert [subject for subject, _, _ in engine.told] == [PullSubject(pull.number)]


def test_one_hostile_answer_does_not_stop_the_other_uploads(rounds, little):
    first, second = (
        little.publish({"rdf.yaml": rdf(name=name)}, keywords=["bioimage.io"]) for name in ("First", "Second")
    )
    intake.find(rounds.desk(), days=2, most=20)
    rounds.answer()
    job = next(job for job in rounds.questions() if job["source"]["record"] == first)
    (rounds.folder / "answers" / f"answer-{job_id(job)}" / "answer.json").write_bytes(b"\x80\x04K\x01.")
    intake.propose(rounds.desk(), FakeEngine(), [first, second], asked=False)
    (pull,) = little.github.pulls(REPOSITORY)
    assert second in little.github.pull(REPOSITORY, pull.number).title


# --- one pull request ---------------------------------------------------------------------------------------------------------


def test_plan_asks_the_question_and_writes_nothing(rounds, little):
    number = rounds.proposed()
    before = writes(little)
    needed = look.need(rounds.desk(), number)
    assert (needed.due, len(needed.asked)) == (True, 1)
    assert needed.head == little.github.pull(REPOSITORY, number).head_sha
    assert writes(little) == before


def test_feedback_reports_by_the_answer_to_its_own_question(rounds, little):
    number, needed = rounds.answered()
    engine = FakeEngine()
    answer = tend.feedback(rounds.desk(needed.asked), engine, number, planned=needed.head)
    assert not answer.failed
    assert little.github.labels(REPOSITORY, number) == ("awaiting review",)
    assert engine.told == []
    again = look.need(rounds.desk(), number)
    assert (again.due, again.asked) == (False, ())


def test_a_mail_that_is_deferred_for_a_moment_is_sent_by_the_same_step(rounds, little):
    number, needed = rounds.answered()
    little.mail.reject(3)
    answer = tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    assert not answer.failed
    assert little.github.labels(REPOSITORY, number) == ("awaiting review",)
    assert len(little.mail.messages) == 1


def test_a_mail_server_that_is_away_fails_the_step_and_no_label_says_that_people_were_told(rounds, little):
    number, needed = rounds.answered()
    little.mail.reject(100)
    answer = tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    assert (answer.failed, answer.reason) == (True, "mail-undelivered")
    assert little.github.labels(REPOSITORY, number) != ("awaiting review",)
    assert little.github.statuses(REPOSITORY, needed.head), "what needs no mail goes on"

    little.mail.clear()
    little.later(1800)
    engine = FakeEngine()
    assert tend.sweep(rounds.desk(), engine, closed=False, most=15) == [number]
    told = look.need(rounds.desk(), number)
    rounds.answer()
    assert not tend.feedback(rounds.desk(told.asked), engine, number, planned=told.head).failed
    assert little.github.labels(REPOSITORY, number) == ("awaiting review",)
    assert len(little.mail.messages) == 1


def test_a_channel_that_is_dead_for_good_keeps_the_label_off_for_a_day(rounds, little):
    number, needed = rounds.answered()
    little.mail.reject(100)
    for days in (0, 2):
        little.later(days * 86_400)
        told = look.need(rounds.desk(), number)
        rounds.answer()
        assert tend.feedback(rounds.desk(told.asked), FakeEngine(), number, planned=needed.head).failed
        labelled = little.github.labels(REPOSITORY, number) == ("awaiting review",)
        assert labelled == (days == 2)
    little.later(1800)
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=False, most=15) == []


@pytest.mark.parametrize("late", [False, True], ids=["seen at once", "seen late"])
def test_a_channel_that_is_dead_for_good_keeps_an_end_open_for_a_day(rounds, little, late):
    """It is counted from when the pull request says its end, so that a mail is tried again also where nobody had looked."""
    number, needed = rounds.answered()
    tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    little.github.merge_pull(REPOSITORY, number, login="curator")
    little.later(5 * 86_400 if late else 2)
    little.mail.reject(100_000)
    for days, label in ((0, "awaiting review"), (2, "merged")):
        little.later(days * 86_400)
        assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=15) == [number]
        assert tend.feedback(rounds.desk(), FakeEngine(), number, planned="").reason == "mail-undelivered"
        assert little.github.labels(REPOSITORY, number) == (label,)
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=15) == []


def test_a_mail_that_cannot_be_sent_hides_no_other_failure(rounds, little):
    number, needed = rounds.answered()
    little.mail.reject(100)
    little.github_faults.add("error-before", method="POST", path="/statuses/", times=None, status=422)
    answer = tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    assert (answer.failed, answer.reason) == (True, "refused")
    assert answer.text.startswith("GitHub refused POST ")
    assert answer.text.endswith(" A mail could not be sent yet.")


def test_jobs_that_never_answered_are_our_trouble_and_tried_again(rounds, little):
    number = rounds.proposed()
    needed = look.need(rounds.desk(), number)
    (rounds.folder / "answers").rename(rounds.folder / "lost")
    tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    assert little.github.labels(REPOSITORY, number) == ("checking",)
    assert "1 of 3" in little.report(number)
    assert not look.need(rounds.desk(), number).due
    little.later(120)
    second = look.need(rounds.desk(), number)
    assert second.due
    assert second.asked != needed.asked
    rounds.answer()
    tend.feedback(rounds.desk(second.asked), FakeEngine(), number, planned=second.head)
    assert little.github.labels(REPOSITORY, number) == ("awaiting review",)


def test_a_push_while_the_jobs_ran_starts_a_check_of_what_is_there_now(rounds, little):
    number = rounds.proposed()
    needed = look.need(rounds.desk(), number)
    rounds.answer()
    pull = little.github.pull(REPOSITORY, number)
    path = "/".join(["collection/entries", *pull.title.split()[:2], "rdf.yaml"])
    little.github.commit_files(REPOSITORY, pull.head_ref, {path: rdf("failed", name="Another")}, author="curator")
    engine = FakeEngine()
    answer = tend.feedback(rounds.desk(needed.asked), engine, number, planned=needed.head)
    assert answer.status == "pending"
    assert [subject for subject, _, _ in engine.told] == [PullSubject(number)]
    assert little.github.comments(REPOSITORY, number) == []


def test_a_question_about_the_planned_commit_goes_in_no_circle(rounds, little):
    """Where two steps ask differently about the same commit (the archive lists other files), the sweep comes by."""
    number = rounds.proposed()
    engine = FakeEngine()
    head = little.github.pull(REPOSITORY, number).head_sha
    (rounds.folder / "answers").rename(rounds.folder / "lost")
    answer = tend.feedback(rounds.desk(), engine, number, planned=head)
    assert (answer.status, engine.told) == ("pending", [])


def test_a_comment_with_a_command_starts_a_check_where_one_is_needed(rounds, little):
    number = rounds.proposed()
    needed = look.need(rounds.desk(), number)
    rounds.answer()
    tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    little.later()
    little.github.comment(REPOSITORY, number, login="curator", body="/accession recheck")
    engine = FakeEngine()
    tend.feedback(rounds.desk(), engine, number, planned="")
    assert [subject for subject, _, _ in engine.told] == [PullSubject(number)]


def test_a_hint_that_is_not_seen_is_waited_for_and_then_let_go(rounds, little):
    number = rounds.proposed()
    assert look.need(rounds.desk(), number, head="f" * 40).head == little.github.pull(REPOSITORY, number).head_sha


def test_a_pull_request_that_touches_no_entry_needs_nothing(rounds, little):
    little.github.commit_files(REPOSITORY, "words", {"README.md": "Other words.\n"}, author="curator")
    number = little.github.open_pull(REPOSITORY, "words", login="curator", title="Words")
    assert look.need(rounds.desk(), number) == look.Need(due=False, asked=(), head="")


# --- the sweep ------------------------------------------------------------------------------------------------------------------


def test_the_sweep_names_those_that_need_something_and_acts_on_none(rounds, little):
    first, second = rounds.proposed(), rounds.proposed("failed")
    needed = look.need(rounds.desk(), first)
    rounds.answer()
    tend.feedback(rounds.desk(needed.asked), FakeEngine(), first, planned=needed.head)
    before, engine = writes(little), FakeEngine()
    assert tend.sweep(rounds.desk(), engine, closed=False, most=40) == [second]
    assert engine.told == [(PullSubject(second), Hint(head=little.github.pull(REPOSITORY, second).head_sha), 0.0)]
    assert writes(little) == before


@pytest.mark.parametrize(("closed", "seconds"), [(False, turns.HALF_HOUR), (True, turns.DAY)])
def test_a_sweep_that_is_too_large_goes_round(rounds, little, closed, seconds):
    numbers = {rounds.proposed(name) for name in ("passed", "failed", "pictured")}
    seen = set()
    for _ in range(6):
        seen.update(tend.sweep(rounds.desk(), FakeEngine(), closed=closed, most=1))
        little.later(seconds)
    assert seen == numbers


def test_one_that_cannot_be_looked_at_does_not_stop_the_sweep(rounds, little, monkeypatch):
    first, second = rounds.proposed(), rounds.proposed("failed")

    def looked(desk, number):
        if number == first:
            raise GatewayError("GitHub refused it.", reason="forbidden", transient=False)
        return "a" * 40

    monkeypatch.setattr(tend, "_head_of_one_in_need", looked)
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=False, most=40) == [second]


def test_closed_ones_are_swept_when_asked_for(rounds, little):
    number = rounds.proposed()
    little.github.close_pull(REPOSITORY, number, login="curator")
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=False, most=40) == []
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=40) == [number]
    tend.feedback(rounds.desk(), FakeEngine(), number, planned="")
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=40) == []


def test_of_closed_ones_only_those_are_counted_that_are_the_bots_to_finish(rounds, little):
    """The bot's own, and one opened by hand that it had labelled; not a README's, which nobody will ever label."""
    mine, theirs = rounds.proposed(), _closed(little, "seal", {"collection/entries/seal/1/rdf.yaml": rdf()})
    little.github.set_labels(REPOSITORY, theirs, ["checking"], login="curator")
    _closed(little, "words", {"README.md": "Other words.\n"})
    _closed(little, "accession-words", {"README.md": "More words.\n"})
    little.github.close_pull(REPOSITORY, mine, login="curator")
    seen = []
    for _ in range(4):
        seen += tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=1)
        little.later(turns.DAY)
    assert sorted(set(seen)) == [mine, theirs]
    assert len(seen) == 4


ENTRY = {"collection/entries/seal/1/rdf.yaml": rdf()}


@pytest.mark.parametrize("fork", [False, True], ids=["by hand", "fork"])
@pytest.mark.parametrize("end", ["merged", "declined"])
def test_an_entry_that_nobody_saw_open_is_brought_to_its_end(rounds, little, fork, end):
    number = _closed(little, "seal", ENTRY, fork=fork, merge=end == "merged")
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=15) == [number]
    engine = FakeEngine()
    tend.feedback(rounds.desk(), engine, number, planned="")
    assert little.github.labels(REPOSITORY, number) == (end,)
    assert (CollectionSubject() in [subject for subject, _, _ in engine.told]) == (end == "merged")
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=15) == []


def test_one_whose_first_label_waited_for_a_mail_is_brought_to_its_end(rounds, little):
    little.github.commit_files(REPOSITORY, "seal", ENTRY, author="curator")
    number = little.github.open_pull(REPOSITORY, "seal", login="curator", title="seal")
    needed = look.need(rounds.desk(), number)
    rounds.answer()
    little.mail.reject(100)
    tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
    assert little.github.labels(REPOSITORY, number) == ()
    little.mail.clear()
    little.github.close_pull(REPOSITORY, number, login="curator")
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=15) == [number]


def test_what_the_bot_never_saw_costs_a_request_each_for_a_month_and_takes_turns(rounds, little):
    """READMEs before and behind an entry: a few are asked about in each sweep, and none once they rest."""
    words = [_closed(little, f"words-{n}", {f"docs/{n}.md": "Words.\n"}) for n in range(4)]
    entry = _closed(little, "seal", ENTRY)
    words += [_closed(little, f"words-{n}", {f"docs/{n}.md": "Words.\n"}) for n in range(4, 8)]
    named, costs = [], []
    for _ in range(6):
        before = counted(little)
        found = tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=3)
        if not found:
            costs.append(counted(little) - before)
        named += found
        little.later(turns.DAY)
    assert set(named) == {entry}
    assert max(costs) <= 3 + 2
    little.later(tend.UNSEEN.days * turns.DAY)
    before = counted(little)
    assert tend.sweep(rounds.desk(), FakeEngine(), closed=True, most=3) == []
    assert counted(little) - before <= 2


def _closed(little, branch, files, *, fork=False, merge=False):
    place = little.github.fork(REPOSITORY, "mallory") if fork else REPOSITORY
    login = "mallory" if fork else "curator"
    little.github.commit_files(place, branch, files, author=login)
    head = f"mallory:{branch}" if fork else branch
    number = little.github.open_pull(REPOSITORY, head, login=login, title=branch)
    if merge:
        little.github.merge_pull(REPOSITORY, number, login="curator")
    else:
        little.github.close_pull(REPOSITORY, number, login="curator")
    return number


def test_a_workflow_that_cannot_be_renewed_is_said_and_stops_no_other(rounds, little):
    little.github.commit_files(REPOSITORY, "main", {".github/workflows/poll.yml": "on: push\n"}, author="zoo")
    before = little.github.workflow(REPOSITORY, "poll.yml").updated
    little.later()
    with capture_logs() as said:
        tend.keep_enabled(rounds.desk(), ["feedback.yml", "poll.yml"])
    (line,) = (line for line in said if line["event"] == "workflow_not_renewed")
    assert (line["workflow"], line["reason"]) == ("feedback.yml", "not-found")
    assert little.github.workflow(REPOSITORY, "poll.yml").updated > before


# --- the collection ---------------------------------------------------------------------------------------------------------------


def merge(little, **models):
    """By hand, without an entry.yaml."""
    files = {f"collection/entries/{name}/1/rdf.yaml": text for name, text in models.items()}
    little.github.commit_files(REPOSITORY, "main", files, author="curator")


def publish(rounds, capsys, expected=()):
    """One step: what it tells, what it asks, its exit code."""
    engine = FakeEngine()
    code = run._publish(rounds.desk(expected), engine, argparse.Namespace())
    printed = capsys.readouterr().out.strip().removeprefix("questions=")
    return [subject for subject, _, _ in engine.told], json.loads(printed), code


def published(little):
    return [e["id"] for e in json.loads(little.github.file(REPOSITORY, "collection/collection.json"))["entries"]]


def test_two_entries_merged_by_hand_are_published_by_one_run(rounds, little, capsys):
    merge(little, one=rdf(name="One"), two=rdf(name="Two"))
    told, asked, code = publish(rounds, capsys)
    assert (told, len(asked), code) == ([], 2, 0)
    rounds.answer()
    assert publish(rounds, capsys, asked) == ([], [], 0)
    assert published(little) == ["one", "two"]


@pytest.mark.parametrize("why", ["never described", "its job failed"])
def test_one_that_gets_no_answer_of_use_goes_in_no_circle_and_keeps_nobody(rounds, little, capsys, why):
    merge(little, bad=b"a: [" if why == "never described" else rdf(name="Bad"), good=rdf(name="Good"))
    for run_of_its_own in ("1", "2"):
        rounds.folder /= run_of_its_own
        _, asked, _ = publish(rounds, capsys)
        rounds.answer()
        if why == "its job failed":
            job = next(job for job in rounds.questions() if b"name: Bad" in base64.b64decode(job["rdf_override"]))
            (rounds.folder / "answers" / f"answer-{job_id(job)}" / "answer.json").unlink(missing_ok=True)
        told, _, code = publish(rounds, capsys, asked)
        assert (told, code) == ([], 0)
        assert published(little) == ["good"]
    assert len(asked) == 1, "the other is there"


def test_one_that_was_merged_meanwhile_is_gone_on_with(rounds, little, capsys):
    merge(little, one=rdf(name="One"))
    _, asked, _ = publish(rounds, capsys)
    rounds.answer()
    merge(little, two=rdf(name="Two"))
    told, _, code = publish(rounds, capsys, asked)
    assert (told, code) == ([CollectionSubject()], 0)
    assert published(little) == ["one"]


def test_more_than_a_matrix_should_hold_are_taken_by_run_after_run(rounds, little, capsys):
    merge(little, **{f"model-{number}": rdf(name=f"Model {number}") for number in range(60)})
    taken = []
    for run_of_its_own in ("1", "2"):
        rounds.folder /= run_of_its_own
        _, asked, _ = publish(rounds, capsys)
        taken.append(len(asked))
        rounds.answer()
        told, _, _ = publish(rounds, capsys, asked)
        assert told == ([CollectionSubject()] if run_of_its_own == "1" else [])
    assert taken == [50, 10]
    assert len(published(little)) == 60


def test_a_run_that_brought_nothing_on_starts_no_other(rounds, little, capsys):
    merge(little, bad=b"a: [")
    _, asked, _ = publish(rounds, capsys)
    rounds.answer()
    merge(little, two=rdf(name="Two"))
    told, still, code = publish(rounds, capsys, asked)
    assert (told, len(still), code) == ([], 1, 0)


def test_a_branch_that_takes_no_commit_of_ours_fails_the_run(rounds, little, capsys):
    merge(little, one=rdf(name="One"))
    little.github.protect_branch(REPOSITORY)
    _, asked, code = publish(rounds, capsys)
    assert code == 0
    rounds.answer()
    told, _, code = publish(rounds, capsys, asked)
    assert (told, code) == ([], 1)


# --- accepted entries ------------------------------------------------------------------------------------------------------------


def test_a_retest_deals_out_its_questions_and_collects_what_was_answered(rounds, little, tmp_path):
    numbers = [rounds.proposed(), rounds.proposed("waits beside")]
    for number in numbers:
        needed = look.need(rounds.desk(), number)
        rounds.answer()
        tend.feedback(rounds.desk(needed.asked), FakeEngine(), number, planned=needed.head)
        little.approve(number)
        engine = FakeEngine()
        tend.feedback(rounds.desk(), engine, number, planned="")
        assert CollectionSubject() in [subject for subject, _, _ in engine.told]
    for path in rounds.folder.glob("questions-*/*"):
        path.unlink()

    dealt = retesting.shards(rounds.desk(), 5)
    assert [len(ids) for ids in dealt] == [1, 1]
    asked = {job_id(job): job for job in rounds.questions()}
    assert sorted(asked) == sorted(one for ids in dealt for one in ids)
    rounds._leave(asked[dealt[0][0]], rounds.work.check(asked[dealt[0][0]]))
    arguments = argparse.Namespace(output=str(tmp_path / "retest"))
    code = retesting.collect(rounds.desk(final=True), arguments)
    found = json.loads((tmp_path / "retest/retest.json").read_text())
    levels = sorted(
        {cell["level"] for entry in found["entries"] for cell in entry["cells"] if cell["column"] == "onnx"}
    )
    assert code == 1
    assert "errored" in json.dumps([entry["cells"] for entry in found["entries"]])
    assert "reproduces" in levels


def test_a_retest_of_many_is_planned_in_a_few_requests(rounds, little):
    entries = {path: text for number in range(60) for path, text in accepted(f"seal-{number}").items()}
    little.github.commit_files(REPOSITORY, "main", entries, author="curator")
    since = len(little.github.requests)
    assert sum(map(len, retesting.shards(rounds.desk(), 20))) == 60
    assert len(little.github.requests) - since <= 12


# --- telling is dispatching -----------------------------------------------------------------------------------------------------


class Dispatched:
    def __init__(self):
        self.started = []

    def dispatch(self, workflow, inputs):
        self.started.append((workflow, dict(inputs)))


@pytest.mark.parametrize(
    ("subject", "hint", "many", "one"),
    [
        (PullSubject(12), Hint(), ("check.yml", {"pull": "12"}), {"what": "check", "pull": "12"}),
        (
            PullSubject(12),
            Hint(head="a" * 40),
            ("check.yml", {"pull": "12", "head": "a" * 40}),
            {"what": "check", "pull": "12", "head": "a" * 40},
        ),
        (RecordSubject("77"), Hint(), ("poll.yml", {"record": "77"}), {"what": "poll", "record": "77"}),
        (CollectionSubject(), Hint(), ("publish.yml", {}), {"what": "publish"}),
    ],
)
def test_whoever_is_told_of_a_subject_starts_its_workflow(subject, hint, many, one):
    github = Dispatched()
    DispatchEngine(github).tell(subject, hint)
    DispatchEngine(github, "accession.yml").tell(subject, hint)
    assert github.started == [many, ("accession.yml", one)]


def test_what_is_for_later_or_for_the_clock_starts_nothing():
    github = Dispatched()
    DispatchEngine(github).tell(PullSubject(1), after=60.0)
    DispatchEngine(github).tell(ChoreSubject("sweep"))
    assert github.started == []
