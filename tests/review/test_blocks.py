"""Which suggestions are posted on lines, once each, and which threads are open."""

from dataclasses import replace

import pytest

from bot.records import decision as do
from bot.records.suggestions import Block, offers
from bot.records.verdict import Suggestion
from bot.review.blocks import settle, suggest
from bot.review.decision import decide_pull
from tests.fakes.facts import approved, checked, comment, facts, finding, our_mark, pull, state, verdict
from tests.review.simulation import Sim

FINDINGS = tuple(finding(n, suggestion=Suggestion(n, n + 1, f"line: {n}")) for n in (1, 4, 7))
REPORT = replace(verdict("failed"), findings=FINDINGS)
KEYS = tuple(offer.key for offer in offers(REPORT))
WHOLE = ((1, 20),)


def seen(report=REPORT, **changes):
    return replace(facts(checked=checked(report=report), shown=WHOLE), **changes)


def blocks(*keys):
    return tuple(Block(900 + number, key) for number, key in enumerate(keys, 1))


def names(actions):
    return [type(action).__name__ for action in actions]


# posting


def test_all_are_posted_right_after_the_report():
    actions = decide_pull(seen())
    assert names(actions) == ["PostReport", "Suggest", "SetStage", "MarkCommit", "Wait"]
    assert actions[1] == do.Suggest(KEYS)


def test_once_for_each_finding_on_whatever_commit():
    assert suggest(seen(blocks=blocks(KEYS[1], "0" * 32))) == (do.Suggest((KEYS[0], KEYS[2])),)
    assert suggest(seen(blocks=blocks(*KEYS))) == ()


def test_doubles_converge_to_the_lowest():
    twice = (Block(901, KEYS[0]), Block(902, KEYS[1]), Block(903, KEYS[0]), Block(904, KEYS[0]), Block(905, KEYS[2]))
    assert suggest(seen(blocks=twice)) == (do.DropBlocks((903, 904)),)
    assert suggest(seen(blocks=twice, checked=None)) == (do.DropBlocks((903, 904)),)


@pytest.mark.parametrize(
    ("shown", "posted"),
    [(((1, 20),), KEYS), (((1, 5),), KEYS[:2]), (((1, 4), (5, 8)), (KEYS[0], KEYS[2])), (((5, 5),), ()), ((), ())],
    ids=["all", "the first lines", "never over two parts", "a line that none fits", "nothing"],
)
def test_only_where_the_diff_shows_all_of_its_lines(shown, posted):
    assert suggest(seen(shown=shown)) == ((do.Suggest(posted),) if posted else ())


@pytest.mark.parametrize("text", ["a: \u202egnp", "a: \r", "a: \ud800", "a: \x85", "a: \u2028", "a: \x00", "a: \u200b"])
def test_what_a_comment_cannot_carry_exactly_is_in_the_list_only(text):
    one = replace(REPORT, findings=(finding(1, suggestion=Suggestion(1, 1, text)),))
    assert suggest(seen(one)) == ()
    assert len(offers(one)) == 1


def test_what_github_refused_is_not_tried_again_on_this_head():
    assert suggest(seen(blocks_refused=True)) == ()


def test_nothing_is_posted_without_a_verdict_or_for_human_eyes():
    assert suggest(seen(checked=None)) == ()
    assert "Suggest" not in names(decide_pull(seen(trespass="it has a link.")))


# threads


def test_what_is_done_is_resolved_and_the_rest_open():
    (action,) = settle(seen(blocks=blocks(*KEYS, "0" * 32)))
    assert action.open == frozenset(KEYS)
    assert settle(seen(blocks=blocks(*KEYS, "0" * 32), threads_settled=action.name)) == ()


@pytest.mark.parametrize(
    "changes",
    [{"blocks": blocks(*KEYS[:2])}, {"checked": checked(report=replace(REPORT, findings=FINDINGS[:2]))}],
    ids=["other blocks", "other suggestions"],
)
def test_it_is_looked_at_again_when_something_changed(changes):
    (action,) = settle(seen(blocks=blocks(*KEYS)))
    (again,) = settle(replace(seen(blocks=blocks(*KEYS), threads_settled=action.name), **changes))
    assert again.name != action.name


def test_where_nothing_was_posted_nothing_is_asked():
    assert settle(seen()) == ()
    assert settle(seen(blocks=blocks(*KEYS), checked=None)) == ()


def test_once_approved_advice_does_not_stand_in_the_way():
    advice = replace(verdict("passed"), findings=(replace(FINDINGS[0], level="warning"),))
    sim = Sim(seen(advice))
    assert sim.settle()
    assert sim.open == {901: True}
    assert sim.seen.pull.labels == {"awaiting review"}
    sim.later()
    sim.seen = replace(sim.seen, reviews=(approved(submitted_at=sim.seen.now),))
    actions = decide_pull(sim.seen)
    assert names(actions) == ["SettleThreads", "Merge"]
    assert actions[0].open == frozenset()
    assert sim.settle()
    assert sim.open == {901: False}
    assert sim.seen.pull.merged


def test_also_without_the_report_at_hand():
    ready = facts(
        state=state(suggested=True), comment=comment(), intact=True, marks=(our_mark(),), blocks=blocks(*KEYS),
        reviews=(approved(),),
    )  # fmt: skip
    assert names(decide_pull(ready)) == ["SettleThreads", "Merge"]


def test_a_merge_that_is_refused_leaves_them_resolved():
    advice = replace(verdict("passed"), findings=(replace(FINDINGS[0], level="warning"),))
    sim = Sim(seen(advice))
    assert sim.settle()
    sim.later()
    sim.seen = replace(sim.seen, reviews=(approved(submitted_at=sim.seen.now),), merge_refused="It is protected.")
    assert sim.settle()
    assert sim.seen.pull.labels == {"approved"}
    assert sim.open == {901: False}


def test_a_finding_that_comes_back_opens_its_thread_and_is_not_posted_again():
    sim = Sim(seen())
    assert sim.settle()
    assert sim.open == {901: True, 902: True, 903: True}
    sim.seen = replace(sim.seen, checked=checked(report=replace(REPORT, findings=FINDINGS[1:])))
    assert sim.settle()
    assert sim.open == {901: False, 902: True, 903: True}
    sim.seen = replace(sim.seen, checked=checked(report=REPORT))
    assert sim.settle()
    assert sim.open == {901: True, 902: True, 903: True}
    assert len(sim.seen.blocks) == 3


def test_closed_pull_requests_are_left_alone():
    closed = seen(blocks=blocks("0" * 32), pull=pull(state="closed", merged=True))
    assert not {"Suggest", "SettleThreads", "DropBlocks"} & set(names(decide_pull(closed)))
