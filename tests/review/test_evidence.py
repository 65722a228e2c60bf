"""When pictures and tensors are published and shown: after the report, once, and never for ever."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.records import decision as do
from bot.records.evidence import DUE, missing, remembered, shown
from bot.review.decision import decide_pull
from bot.words.sentences import wait_changes
from tests.fakes.facts import KEY, facts, state
from tests.fakes.failing import ARCHIVE, PICTURE
from tests.review.simulation import Sim

FAILED = {KEY: "failed"}


def sim(**changes):
    return Sim(truth=dict(FAILED), pictured=True, **changes)


def names(actions):
    return [type(action).__name__ for action in actions]


def look(sim):
    actions = decide_pull(sim.seen)
    sim.step(actions)
    return names(actions)


def test_the_report_comes_first_then_the_evidence_then_the_report_that_shows_it():
    little = sim()
    assert look(little) == ["RunChecks"]
    assert look(little) == ["PostReport", "SetStage", "MarkCommit", "Wait"]
    assert little.seen.state.evidence == DUE
    assert look(little) == ["PublishEvidence", "Wait"]
    assert set(shown(little.seen)) == {PICTURE, ARCHIVE}
    assert decide_pull(little.seen)[0] == do.PostReport(decide_pull(little.seen)[0].stage, wait_changes())
    assert look(little) == ["PostReport", "Wait"]
    assert little.seen.state.evidence == remembered(little.seen) not in {"", DUE}
    assert look(little) == ["Wait"]


def test_what_cannot_be_had_is_tried_once_and_the_state_says_so():
    little = sim(evicted=True)
    assert little.settle()
    assert len(little.published) == 1
    assert little.seen.state.evidence == ""
    little.lose_database()
    little.seen = replace(little.seen, evidence_lost=frozenset())
    assert look(little) == ["Wait"], "nothing is checked again for it"


def test_after_the_loss_of_the_database_evidence_that_was_due_is_made_again():
    little = sim()
    look(little)
    look(little)
    little.lose_database()
    assert look(little) == ["RunChecks"]
    assert little.settle()
    assert set(shown(little.seen)) == {PICTURE, ARCHIVE}
    assert little.checks == 2


def test_evidence_that_is_shown_needs_no_check_when_the_database_is_lost():
    little = sim()
    assert little.settle()
    little.lose_database()
    assert look(little) == ["Wait"]


def test_once_its_days_are_over_the_report_is_written_without_it_and_that_is_all():
    little = sim()
    little.seen = replace(little.seen, policy=replace(little.seen.policy, contributor_days=0))
    assert little.settle()
    little.later(31 * 86_400)
    assert look(little) == ["PostReport", "Wait"]
    assert little.seen.state.evidence == ""
    assert look(little) == ["Wait"]
    assert len(little.published) == 1


def test_what_vanished_from_the_branch_is_published_again_without_an_edit():
    little = sim()
    assert little.settle()
    little.seen = replace(little.seen, evidence=frozenset())
    assert look(little) == ["PublishEvidence", "Wait"]
    assert look(little) == ["Wait"]


def test_other_content_has_evidence_of_its_own():
    little = sim()
    assert little.settle()
    other = "9" * 64
    little.truth[other] = "failed"
    little.head(content=other)
    assert little.settle()
    first, second = little.published
    assert set(first).isdisjoint(second)
    assert all(f"/{other[:12]}/" in path for path in second)


@pytest.mark.parametrize("outcome", ["passed", "errored"])
def test_nothing_is_published_for_a_pass_or_for_our_own_trouble(outcome):
    little = Sim(truth={KEY: outcome}, pictured=True)
    little.settle()
    assert little.published == []
    assert little.seen.state.evidence == ""


def test_a_pull_request_for_human_eyes_publishes_nothing():
    little = sim(seen=facts(trespass="it touches `a`."))
    assert little.settle()
    assert little.published == []


def test_without_a_report_that_stands_nothing_is_missing():
    assert missing(facts(state=state())) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["crash", "lose", "vanish", "step", "edit"]), max_size=8),
    st.booleans(),
    st.integers(0, 3),
)
def test_whatever_happens_in_between_it_settles_with_everything_shown_that_can_be_had(events, evicted, crash_after):
    little = sim(evicted=evicted)
    for event in events:
        match event:
            case "crash":
                little.step(decide_pull(little.seen), crash_after=crash_after)
            case "lose":
                little.lose_database()
                little.seen = replace(little.seen, evidence_lost=frozenset())
            case "vanish":
                little.seen = replace(little.seen, evidence=frozenset())
            case "edit":
                little.seen = replace(little.seen, intact=False)
            case _:
                little.step(decide_pull(little.seen))
    assert little.settle()
    if little.seen.checked is not None:
        assert set(shown(little.seen)) == (set() if evicted else {PICTURE, ARCHIVE})
    assert little.seen.state.evidence != DUE
    assert (little.seen.state.evidence == "") is evicted
