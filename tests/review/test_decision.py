"""Every branch of `decide_pull`, and what it never does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.records import decision as do
from bot.records.facts import Command, Content
from bot.records.github import User
from bot.records.stage import STAGE_LABELS, Stage
from bot.records.suggestions import Applied, Block, offered, offers
from bot.review.decision import MOST_ATTEMPTS, decide_pull, mark_id
from bot.review.verdict import approvals
from tests.fakes.facts import (
    BOT,
    CURATOR,
    HEAD,
    KEY,
    MARK,
    NOW,
    OLD_HEAD,
    PLACE,
    SECOND,
    STRANGER,
    approved,
    checked,
    comment,
    facts,
    our_mark,
    pull,
    standing,
    state,
    verdict,
)
from tests.review.simulation import Sim, after

OFFERED, FIRST = offered(verdict("failed")), offers(verdict("failed"))[0].key


def names(actions):
    return [type(action).__name__ for action in actions]


def decided(**changes):
    return decide_pull(facts(**changes))


def wait(actions):
    return next(action.reason for action in actions if isinstance(action, do.Wait))


def settled(seen, **truth):
    """The facts after everything that was due was done."""
    sim = Sim(seen, truth)
    assert sim.settle()
    return sim.seen


# the first check


def test_what_was_not_checked_is_checked():
    assert decided() == (do.RunChecks(),)


def test_a_verdict_on_other_content_is_no_verdict():
    assert decided(state=state(check_key="0" * 64), comment=comment(), intact=True) == (do.RunChecks(),)


def test_a_state_without_verdict_is_no_verdict():
    assert decided(state=state(outcome=""), comment=comment(), intact=True) == (do.RunChecks(),)


def test_a_pass_is_reported_told_labelled_and_marked_in_this_order():
    actions = decided(checked=checked())
    assert names(actions) == ["PostReport", "Tell", "SetStage", "MarkCommit", "Wait"]
    assert actions[0].stage is Stage.AWAITING_REVIEW
    assert actions[0].told == actions[1].keys == (f"mail:awaiting review:{KEY[:12]}",)
    assert "Next: 1 approving review by `curator` or `second`" in wait(actions)


def test_a_failure_with_somebody_to_mention_mails_nobody():
    actions = decided(checked=checked("failed"))
    assert names(actions) == ["PostReport", "SetStage", "MarkCommit", "Wait"]
    assert actions[0].stage is Stage.NEEDS_CHANGES


def test_a_failure_with_nobody_to_mention_is_mailed_to_the_people_of_the_collection():
    actions = decided(checked=checked("failed", mentions=()))
    assert actions[1] == do.Tell((f"mail:needs changes:{KEY[:12]}",), Stage.NEEDS_CHANGES, wait(actions))


def test_what_stands_is_left_alone():
    seen = settled(facts(checked=checked()))
    assert names(decide_pull(seen)) == ["Wait"]


@pytest.mark.parametrize(
    "gone",
    [
        {"comment": None},
        {"intact": False},
        {"pull": pull(labels=frozenset({"awaiting review"}), head_sha=HEAD), "state": state(stage="checking")},
    ],
    ids=["comment deleted", "comment edited", "another stage"],
)
def test_what_does_not_stand_any_more_is_posted_again(gone):
    seen = replace(settled(facts(checked=checked())), **gone)
    assert names(decide_pull(seen))[0] == "PostReport"


def test_a_label_that_somebody_changed_is_set_again():
    seen = settled(facts(checked=checked()))
    for labels in (frozenset(), frozenset({"merged"}), frozenset({"awaiting review", "approved"})):
        again = decide_pull(replace(seen, pull=pull(labels=labels)))
        assert do.SetStage(Stage.AWAITING_REVIEW) in again
        assert "PostReport" not in names(again)


def test_a_foreign_label_does_not_matter():
    seen = settled(facts(checked=checked()))
    labels = seen.pull.labels | {"help wanted"}
    assert names(decide_pull(replace(seen, pull=pull(labels=labels)))) == ["Wait"]


def test_a_missing_mark_is_made_and_the_mail_repeated_under_its_name():
    seen = replace(settled(facts(checked=checked())), marks=())
    assert names(decide_pull(seen)) == ["Tell", "MarkCommit", "Wait"]


# the database is lost


def test_without_database_an_intact_marked_report_is_enough():
    assert names(decide_pull(replace(settled(facts(checked=checked())), checked=None))) == ["Wait"]


@pytest.mark.parametrize("gone", [{"intact": False}, {"marks": ()}], ids=["edited", "unmarked"])
def test_without_database_what_cannot_be_shown_is_checked_again(gone):
    seen = replace(settled(facts(checked=checked())), checked=None, **gone)
    assert decide_pull(seen) == (do.RunChecks(),)


# the trouble is ours


def errored(attempts, retry_at=""):
    return checked("errored", attempts=attempts, retry_at=retry_at)


def test_our_trouble_is_tried_again_at_its_time():
    later = (NOW + timedelta(minutes=1)).isoformat()
    actions = decided(checked=errored(1, later))
    assert names(actions) == ["PostReport", "SetStage", "Wait"]
    assert actions[0].stage is Stage.CHECKING
    assert actions[-1].until == NOW + timedelta(minutes=1)
    assert "Try 1 of 3 failed, the next one comes at 12:01 UTC." in wait(actions)
    assert decided(checked=errored(1, NOW.isoformat())) == (do.RunChecks(),)
    assert decided(checked=errored(1)) == (do.RunChecks(),)


def test_three_tries_are_enough_and_a_human_is_asked_once():
    sim = Sim(facts(checked=errored(MOST_ATTEMPTS)))
    assert names(decide_pull(sim.seen)) == ["Tell", "PostReport", "SetStage", "Wait"]
    assert sim.settle()
    assert sim.told == {f"mail:blocked:{KEY[:12]}"}
    assert sim.seen.pull.labels == {"blocked"}


def test_the_tries_are_remembered_without_database():
    before = state(outcome="errored", attempts=2, retry_at=(NOW + timedelta(minutes=9)).isoformat())
    assert wait(decided(state=before, comment=comment(), intact=True)).startswith("The check could not be completed")
    assert decided(state=replace(before, retry_at=NOW.isoformat()), comment=comment(), intact=True) == (do.RunChecks(),)
    spent = decided(state=replace(before, attempts=3), comment=comment(), intact=True)
    assert "have been told" in wait(spent)


def test_after_a_recheck_command_the_tries_begin_anew():
    before = state(outcome="errored", attempts=3)
    again = errored(1, (NOW + timedelta(minutes=1)).isoformat())
    assert "Try 1 of 3" in wait(decided(checked=again, state=before, comment=comment(), intact=True))


def test_the_tries_of_other_content_do_not_count():
    sim = Sim(facts(state=state(check_key="0" * 64, outcome="errored", attempts=3), comment=comment(), intact=True))
    sim.truth[KEY] = "errored"
    assert sim.settle()
    assert sim.seen.checked.attempts == 1
    assert sim.seen.pull.labels == {"checking"}


# commands


def ask(number=30, words="all", at=NOW, *, may=True):
    return Command(number, "apply", "ada", may, f" {words}", at, may)


def recheck(number=30, name="recheck", *, may=True):
    return Command(number, name, "curator", may)


def test_an_allowed_recheck_is_answered_once():
    sim = Sim(replace(settled(facts(checked=checked())), commands=(recheck(29), recheck(30))))
    assert decide_pull(sim.seen) == (do.RunChecks(answers=30),)
    assert sim.settle()
    assert sim.checks == 1
    assert names(decide_pull(sim.seen)) == ["Wait"]


def test_an_answered_command_stays_answered_without_database():
    seen = settled(facts(checked=checked(answered=30), commands=(recheck(),)))
    assert names(decide_pull(replace(seen, checked=None))) == ["Wait"]


@pytest.mark.parametrize("command", [recheck(may=False), recheck(name="dance")], ids=["not allowed", "unknown"])
def test_other_commands_are_answered_once_and_do_nothing_else(command):
    seen = replace(settled(facts(checked=checked())), commands=(command,))
    reply, *rest = decide_pull(seen)
    assert isinstance(reply, do.Reply)
    assert names(rest) == ["Wait"]
    assert names(decide_pull(replace(seen, nudged=frozenset({reply.key})))) == ["Wait"]


def test_only_a_few_commands_are_answered():
    many = tuple(replace(recheck(may=False), comment=number) for number in range(100, 120))
    seen = replace(settled(facts(checked=checked())), commands=many)
    assert names(decide_pull(seen)) == ["Reply"] * 5 + ["Wait"]
    answered = frozenset(f"command-{number}" for number in range(100, 105))
    assert names(decide_pull(replace(seen, nudged=answered))) == ["Wait"]


# for human eyes


def test_a_trespass_is_for_human_eyes_and_told_once():
    sim = Sim(facts(trespass="it touches `README.md` beside its own entry."))
    assert names(decide_pull(sim.seen)) == ["Tell", "PostReport", "SetStage", "Wait"]
    assert sim.settle()
    assert sim.checks == 0
    assert "is not merged by the bot: it touches `README.md`" in wait(decide_pull(sim.seen))


def test_a_trespass_outside_of_any_entry_settles_too():
    assert Sim(facts(place=None, trespass="its folder is not named so.", own=False)).settle()


def test_a_trespass_pushed_on_checked_content_settles():
    sim = Sim(settled(facts(checked=checked())))
    sim.head(content="9" * 64)
    sim.seen = replace(sim.seen, trespass="it has a link.")
    assert sim.settle()
    assert sim.seen.state.outcome == ""


def test_a_trespass_is_not_merged_with_any_approval():
    assert "Merge" not in names(decide_pull(replace(standing(), trespass="it has a link.", reviews=(approved(),))))


# entry.yaml


def test_our_own_entry_is_written_again():
    seen = replace(settled(facts(checked=checked())), content=Content("f" * 40, "0" * 40))
    assert decide_pull(seen) == (do.RestoreEntry(),)
    assert decide_pull(replace(seen, content=Content("f" * 40, None))) == (do.RestoreEntry(),)
    assert decide_pull(replace(seen, checked=None)) == (do.RunChecks(),)


def test_after_restoring_the_new_head_is_reported_and_marked():
    sim = Sim(replace(settled(facts(checked=checked())), content=Content("f" * 40, "0" * 40)))
    assert sim.settle()
    assert sim.seen.state.head == sim.seen.pull.head_sha != HEAD
    assert [mark.sha for mark in sim.seen.marks] == [sim.seen.pull.head_sha]


def test_a_contributor_is_asked_to_drop_an_entry_of_their_own():
    actions = decided(own=False, checked=checked(), content=Content("f" * 40, "0" * 40))
    assert actions[0].stage is Stage.NEEDS_CHANGES
    assert "remove it from the pull request" in wait(actions)


def test_a_contributor_needs_no_entry_and_may_bring_the_right_one():
    for content in (Content("f" * 40, None), Content("f" * 40, "e" * 40)):
        assert "Next: 1 approving review" in wait(decided(own=False, checked=checked(), content=content))


def test_nothing_is_restored_where_nothing_could_be_derived():
    actions = decided(checked=checked("failed", entry=b"", entry_sha=""), content=Content("f" * 40, "0" * 40))
    assert actions[0].stage is Stage.NEEDS_CHANGES


# reviews


def test_enough_approvals_that_count_are_merged_at_the_checked_head():
    seen = settled(facts(checked=checked()))
    review = approved(submitted_at=after(seen.state.completed_at))
    assert decide_pull(replace(seen, reviews=(review,))) == (do.Merge(HEAD),)
    two = replace(seen.policy, approvals=2)
    assert "Next: 1 approving review" in wait(decide_pull(replace(seen, reviews=(review,), policy=two)))
    both = (review, replace(review, author=SECOND))
    assert decide_pull(replace(seen, reviews=both, policy=two)) == (do.Merge(HEAD),)


def test_a_mark_whose_write_was_lost_is_made_before_the_merge():
    """The label comes first, so somebody may approve before; a branch may be protected by the mark."""
    seen = replace(standing(), reviews=(approved(),), marks=())
    assert decide_pull(seen) == (do.MarkCommit(), do.Merge(HEAD))


def test_while_github_does_not_know_whether_it_can_be_merged_it_waits():
    seen = replace(standing(), reviews=(approved(),), pull=pull(mergeable=None))
    assert decide_pull(seen) == (do.Wait("Approved; it is merged as soon as GitHub says that it can be.", NOW),)


def test_a_conflict_is_for_a_maintainer():
    actions = decide_pull(replace(standing(), reviews=(approved(),), pull=pull(mergeable=False)))
    assert actions[0].stage is Stage.BLOCKED
    assert "conflicts with the base branch" in wait(actions)


def test_asked_changes_go_before_any_approval():
    against = approved(SECOND, state="CHANGES_REQUESTED")
    actions = decide_pull(replace(standing(), reviews=(approved(), against)))
    assert actions[0].stage is Stage.NEEDS_CHANGES
    assert wait(actions).startswith("`second` asked for changes in a review.")


def test_an_approval_that_does_not_count_is_explained():
    seen = replace(standing(), reviews=(approved(STRANGER),))
    assert "The approval by `stranger` does not count: that account is not among the people" in wait(decide_pull(seen))


def test_an_approval_of_a_failure_does_not_merge_the_pass_after_it():
    """The check at hand passed, the report that was approved said failed."""
    seen = replace(standing(), state=state(outcome="failed"), reviews=(approved(),))
    assert "Merge" not in names(decide_pull(seen))
    sim = Sim(seen)
    assert sim.settle()
    assert not sim.seen.pull.merged
    assert "does not count" in wait(decide_pull(sim.seen))


def test_a_merge_that_github_refused_is_said_and_not_repeated_at_once():
    seen = replace(standing(), reviews=(approved(),), merge_refused="The base branch is protected.")
    actions = decide_pull(seen)
    assert "Merge" not in names(actions)
    assert actions[0].stage is Stage.APPROVED
    assert "The base branch is protected." in wait(actions)
    assert Sim(seen).settle()


# nudges


def test_a_new_failure_after_other_content_is_one_short_new_comment():
    sim = Sim(settled(facts(checked=checked("failed"))), {"9" * 64: "failed"})
    sim.head(content="9" * 64)
    assert sim.settle()
    assert sim.settle()
    assert sim.nudges == ["9" * 12]


def test_the_first_failure_is_said_by_the_report_alone():
    sim = Sim(facts(), {KEY: "failed"})
    sim.settle()
    assert sim.nudges == []


def test_nobody_is_nudged_where_nobody_can_be_mentioned():
    seen = facts(
        checked=checked("failed", mentions=()), state=state(check_key="0" * 64), comment=comment(), intact=True
    )
    assert not any(key.startswith("nudge") for key in decide_pull(seen)[0].told)


# ends


def test_a_newer_version_supersedes_ours():
    sim = Sim(replace(settled(facts(checked=checked())), newer=9))
    assert decide_pull(sim.seen) == (do.Close("superseded"),)
    assert sim.settle()
    assert sim.seen.pull.labels == {"superseded"}
    assert not sim.seen.branch_left


def test_a_newer_version_does_not_close_what_a_contributor_opened():
    assert "Close" not in names(decided(newer=9, own=False))


def test_a_merge_is_published_thanked_for_told_and_cleaned_up_label_last():
    seen = replace(standing(branch_left=True), pull=pull(merged=True, state="closed"))
    actions = decide_pull(seen)
    assert names(actions) == ["RebuildCollection", "PostReport", "Tell", "DeleteBranch", "SetStage", "Wait"]
    assert "Accepted: this version is in the collection as `brave-otter`, version `1001`" in wait(actions)
    sim = Sim(seen)
    assert sim.settle()
    assert (sim.rebuilt, sim.told, sim.seen.pull.labels) == (1, {"mail:merged"}, {"merged"})


def test_the_branch_of_a_contributor_is_not_ours_to_delete():
    seen = replace(standing(own=False, branch_left=True), pull=pull(merged=True, state="closed"))
    assert "DeleteBranch" not in names(decide_pull(seen))


@pytest.mark.parametrize(
    ("closer", "label", "said"),
    [
        (CURATOR, "declined", "Declined: `curator` closed"),
        (User(1, "renamed"), "declined", "Declined: `renamed` closed"),
        (User(99, "curator"), "withdrawn", "Withdrawn: `curator` closed"),
        (None, "withdrawn", "Withdrawn: `ghost` closed"),
        (BOT, "superseded", "Superseded: a newer version"),
    ],
    ids=["maintainer", "maintainer with a new login", "stranger with an old login", "nobody", "the bot"],
)
def test_who_closed_it_decides_what_it_means(closer, label, said):
    sim = Sim(replace(standing(), pull=pull(state="closed", closed_by=closer)))
    assert sim.settle()
    assert sim.seen.pull.labels == {label}
    assert wait(decide_pull(replace(sim.seen, state=None)))
    posted = next(
        a
        for a in decide_pull(replace(standing(), pull=pull(state="closed", closed_by=closer)))
        if isinstance(a, do.PostReport)
    )
    assert posted.wait.startswith(said)


def test_duplicates_of_the_report_are_dropped_first_whatever_the_stage():
    for seen in (facts(), standing(), facts(pull=pull(state="closed")), facts(pull=pull(state="closed", merged=True))):
        assert decide_pull(replace(seen, duplicates=(12, 13)))[0] == do.DropDuplicates((12, 13))


def test_a_mark_is_named_after_what_was_checked():
    assert mark_id(facts()) == KEY[:12]


# properties

users = st.sampled_from([CURATOR, SECOND, STRANGER, BOT, User(1, "renamed"), User(50, "ada"), User(51, "CURATOR")])
times = st.sampled_from([NOW - timedelta(hours=h) for h in (0, 1, 2)] + [NOW + timedelta(minutes=1)])
heads = st.sampled_from([HEAD, OLD_HEAD])
outcomes = st.sampled_from(["passed", "failed", "errored"])
retries = st.sampled_from(["", NOW.isoformat(), (NOW + timedelta(hours=1)).isoformat()])
reviews = st.lists(
    st.builds(
        approved,
        users,
        id=st.integers(1, 9),
        state=st.sampled_from(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]),
        commit=heads,
        submitted_at=times,
    ),
    max_size=4,
).map(tuple)
labels = st.frozensets(st.sampled_from([*sorted(STAGE_LABELS), "bug"]), max_size=3)
pulls = st.builds(
    pull,
    state=st.just("open"),
    mergeable=st.sampled_from([True, True, False, None]),
    labels=labels,
    head_sha=st.just(HEAD),
    author=users,
) | st.builds(
    pull, state=st.just("closed"), merged=st.booleans(), closed_by=st.none() | users, labels=labels, mergeable=st.none()
)
logins = st.sampled_from([(), ("ada",), ("curator",), ("ada", "second")])
states = st.none() | st.builds(
    state,
    head=heads,
    check_key=st.sampled_from([KEY, KEY, "0" * 64]),
    content_hash=st.sampled_from(["d" * 64, "8" * 64]),
    outcome=outcomes | st.just(""),
    completed_at=st.just("") | times.map(lambda t: t.isoformat()),
    stage=st.sampled_from(sorted(STAGE_LABELS)),
    excluded=logins,
    mentioned=logins,
    entry_sha=st.sampled_from(["", "e" * 40]),
    told=st.lists(st.sampled_from([f"nudge:{KEY[:12]}", "mail:merged", "nudge:000000000000"]), max_size=3).map(tuple),
    attempts=st.integers(0, 4),
    retry_at=retries,
    answered=st.integers(0, 40),
    offered=st.sampled_from(["", OFFERED, "0" * 64]),
    suggested=st.booleans(),
)
checks = st.none() | st.builds(
    checked,
    outcomes,
    mentions=logins,
    excluded=logins,
    attempts=st.integers(0, 4),
    retry_at=retries,
    answered=st.integers(0, 40),
    entry_sha=st.sampled_from(["", "e" * 40]),
)
any_facts = st.builds(
    facts,
    pull=pulls,
    own=st.booleans(),
    place=st.sampled_from([PLACE, PLACE, None]),
    trespass=st.sampled_from(["", "", "it has a link."]),
    content=st.builds(Content, st.just("f" * 40), st.sampled_from([None, "e" * 40, "0" * 40])),
    state=states,
    comment=st.sampled_from([None, comment()]),
    duplicates=st.sampled_from([(), (12, 13)]),
    intact=st.booleans(),
    checked=checks,
    reviews=reviews,
    committers=st.sampled_from([frozenset(), frozenset({"Second"})]),
    marks=st.sampled_from([(), (our_mark(),), (our_mark(OLD_HEAD),)]),
    newer=st.sampled_from([None, None, 9]),
    commands=st.lists(
        st.builds(recheck, st.integers(1, 50), may=st.booleans())
        | st.builds(ask, st.integers(1, 50), st.sampled_from(["all", "1", "7", "x"]), at=times, may=st.booleans()),
        max_size=2,
        unique_by=lambda command: command.comment,
    ).map(tuple),
    local=st.booleans(),
    shown=st.sampled_from([(), ((1, 20),)]),
    blocks=st.lists(st.builds(Block, st.integers(1, 9), st.sampled_from([FIRST, "0" * 32])), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda block: block.comment))
    ),
    blocks_refused=st.booleans(),
    applied=st.lists(st.builds(Applied, st.integers(1, 50), st.just(((1, 1),))), max_size=1).map(tuple),
    branch_left=st.booleans(),
    nudged=st.sampled_from([frozenset(), frozenset({KEY[:12]})]),
    merge_refused=st.sampled_from(["", "", "It is protected."]),
    rerun=st.sampled_from([0, 0, MARK]),
)


@given(any_facts)
@settings(max_examples=400, deadline=None)
def test_it_always_decides_and_always_the_same(seen):
    actions = decide_pull(seen)
    assert actions
    assert actions == decide_pull(seen)
    assert not {"Merge", "RunChecks"} <= set(names(actions))


@given(any_facts)
@settings(max_examples=600, deadline=None)
def test_nothing_is_merged_unless_it_was_checked_reported_and_approved_in_time(seen):
    if "Merge" not in names(decide_pull(seen)):
        return
    assert do.Apply not in {type(action) for action in decide_pull(seen)}
    assert decide_pull(seen)[-1] == do.Merge(seen.state.head)
    assert seen.pull.head_sha == seen.state.head
    assert seen.pull.mergeable
    assert seen.pull.state == "open"
    assert not seen.trespass
    assert seen.state.outcome == "passed"
    assert seen.checked is None or seen.checked.report.outcome == "passed"
    people = {person.id for person in seen.policy.people}
    counted = [
        review
        for review in seen.reviews
        if review.state == "APPROVED"
        and review.author.id in people
        and review.commit == seen.pull.head_sha
        and review.submitted_at.isoformat() > seen.state.completed_at
        and review.author.login.lower() not in seen.state.excluded
    ]
    assert len({review.author.id for review in counted}) >= seen.policy.approvals
    assert not approvals(seen).against


@given(any_facts, st.dictionaries(st.sampled_from([KEY]), outcomes))
@settings(max_examples=600, deadline=None)
def test_from_anywhere_it_settles_within_twelve_looks(seen, truth):
    sim = Sim(seen, truth)
    assert sim.settle()
    again = sim.seen
    assert sim.settle() == 1
    assert sim.seen == again


# events in any order and number


def noise(sim, kinds):
    """Lost, doubled and late looks, dying processes, a lost database, somebody's edits: nothing that changes the matter."""
    for kind in kinds:
        match kind:
            case "look":
                sim.step(decide_pull(sim.seen))
            case "die early" | "die late":
                sim.step(decide_pull(sim.seen), crash_after=1 if kind == "die early" else 2)
            case "lose database":
                sim.lose_database()
            case "press":
                sim.press()
            case "edit":
                sim.seen = replace(sim.seen, intact=False)
            case "delete":
                sim.seen = replace(sim.seen, comment=None, state=None, intact=False)
            case "label":
                sim.pull(labels=frozenset({"declined"}))
            case "double":
                sim.seen = replace(sim.seen, duplicates=(12,))


def play(script, noises):
    sim = Sim(facts(), {"1" * 64: "failed", "2" * 64: "passed", "3" * 64: "errored"})
    for (act, settles), kinds in zip(script, noises, strict=True):
        act(sim)
        noise(sim, kinds)
        if settles:
            assert sim.settle()
    noise(sim, [])
    assert sim.settle()
    return sim


def push(key):
    return lambda sim: sim.head(content=key * 64)


def approve(sim):
    sim.seen = replace(
        sim.seen,
        reviews=(
            *sim.seen.reviews,
            approved(commit=sim.seen.pull.head_sha, submitted_at=after(sim.seen.state.completed_at)),
        ),
    )


def decline(sim):
    if sim.seen.pull.state == "open":
        sim.pull(state="closed", closed_by=CURATOR)


SCRIPTS = {
    "accepted at once": [(push("2"), True), (approve, True)],
    "mended, then accepted": [(push("1"), True), (push("2"), True), (approve, True)],
    "approved, then pushed to": [(push("2"), True), (push("1"), True)],
    "declined": [(push("2"), True), (decline, True)],
    "declined while it was failing": [(push("1"), False), (decline, False)],
    "ours": [(push("3"), True)],
    "pushed twice quickly": [(push("1"), False), (push("2"), False)],
}
kinds = st.lists(
    st.sampled_from(["look", "look", "die early", "die late", "lose database", "press", "edit", "label", "double"]),
    max_size=5,
)


@pytest.mark.parametrize("name", SCRIPTS)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_order_and_repetition_of_events_ends_the_same(name, data):
    script = SCRIPTS[name]
    quiet = play(script, [[]] * len(script))
    noisy = play(script, [data.draw(kinds) for _ in script])
    assert noisy.seen.pull.labels == quiet.seen.pull.labels
    assert noisy.seen.pull.merged == quiet.seen.pull.merged
    assert noisy.seen.state.stage == quiet.seen.state.stage
    assert noisy.seen.state.wait == quiet.seen.state.wait
    assert noisy.told >= quiet.told
    assert len(noisy.nudges) == len(set(noisy.nudges))


@given(st.permutations(["push", "decline", "lose", "look", "look", "approve"]))
@settings(max_examples=120, deadline=None)
def test_what_a_maintainer_closed_stays_declined_whatever_comes_before_or_after(order):
    sim = Sim(settled(facts(checked=checked("failed"))), {"1" * 64: "failed", KEY: "failed"})
    for event in order:
        match event:
            case "push":
                sim.head(content="1" * 64)
            case "decline":
                decline(sim)
            case "lose":
                sim.lose_database()
            case "approve":
                sim.seen = replace(
                    sim.seen, reviews=(approved(commit=sim.seen.pull.head_sha, submitted_at=NOW + timedelta(days=1)),)
                )
            case "look":
                sim.settle()
    assert sim.settle()
    assert sim.seen.pull.labels == {"declined"}
    assert not sim.seen.pull.merged
