"""Whose question is next: the rules one by one, and the bound that nobody falls behind."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.queueing import fair
from bot.queueing.fair import PATIENCE, QUOTA, choose, order
from bot.records.backlog import Backlog, Question


def asked(name, who="", kind="new", *, at=0.0, verb="check", came=0):
    return Question(name, verb, who, kind, asked=at, came=came)


def many(who, count, kind="new", *, start=0.0):
    return tuple(asked(f"{who}{number}", who, kind, at=start + number) for number in range(count))


def names(backlog):
    return [question.id for question in order(backlog)]


def test_contributors_take_turns_however_many_one_has():
    backlog = Backlog((*many("a", 3), *many("b", 2, start=10), *many("c", 1, start=20)))
    assert names(backlog) == ["a0", "b0", "c0", "a1", "b1", "a2"]


def test_whose_turn_was_longest_ago_is_next():
    backlog = Backlog((*many("a", 1), *many("b", 1, start=1), *many("c", 1, start=2)), served={"a": 9, "b": 7}, given=9)
    assert names(backlog) == ["c0", "b0", "a0"]


def test_new_ones_go_before_re_tests():
    backlog = Backlog((*many("r", 2, "retest"), *many("a", 2, start=10)), lanes=4)
    assert names(backlog) == ["a0", "a1", "r0", "r1"]


def test_what_a_command_asked_for_goes_first_among_those_of_one_contributor_and_before_no_other():
    waiting = (asked("a0", "a"), asked("a-recheck", "a", "again", at=5), asked("b0", "b", at=9))
    assert names(Backlog(waiting)) == ["a-recheck", "b0", "a0"]


def test_what_another_question_waits_for_goes_before_all_and_counts_for_nobody():
    waiting = (*many("a", 2), asked("blob", verb="blob", at=99))
    assert choose(Backlog(waiting, many("a", QUOTA), lanes=8), 8) == ("blob",)


def test_a_contributor_has_so_many_under_way_and_no_more():
    assert choose(Backlog(many("a", 9), lanes=8), 8) == ("a0", "a1")
    assert choose(Backlog((*many("a", 9), *many("b", 9)), many("a", 1), {"a": 1}, 1, 8), 8) == ("b0", "a0", "b1")


def test_whom_nobody_knows_is_held_to_no_quota():
    assert len(choose(Backlog(many("", 9), lanes=8), 8)) == 8


def test_re_tests_leave_a_lane_to_who_comes_next():
    waiting = many("r", 9, "retest")
    assert len(choose(Backlog(waiting, lanes=4), 4)) == 3
    assert choose(Backlog(waiting, many("x", 3, "retest"), lanes=4), 1) == ()
    assert choose(Backlog(waiting, lanes=1), 1) == ("r0",)


def test_who_let_enough_others_go_first_goes_before_all():
    old = asked("r", "r", "retest")
    fresh = asked("a", "a", came=PATIENCE - 1)
    assert choose(Backlog((fresh, old), many("x", 3, "retest"), lanes=4, given=PATIENCE - 1), 1) == ("a",)
    assert choose(Backlog((fresh, old), many("x", 3, "retest"), lanes=4, given=PATIENCE), 1) == ("r",)


def test_an_endless_stream_of_newcomers_starves_neither_re_tests_nor_who_was_served_before():
    backlog = Backlog((asked("r", "r", "retest"), asked("old", "a")), served={"a": 1}, given=1, lanes=1)
    seen = []
    for number in range(PATIENCE + 3):
        fresh = asked(f"n{number}", f"n{number}", at=number, came=backlog.given)
        backlog = replace(backlog, waiting=(*backlog.waiting, fresh), under_way=())
        (name,) = choose(backlog, 1)
        seen.append(name)
        backlog = fair._given(backlog, next(one for one in backlog.waiting if one.id == name))
    assert {seen.index("r"), seen.index("old")} == {PATIENCE - 1, PATIENCE}


def test_no_more_than_there_is_room_for():
    assert choose(Backlog((*many("a", 9), *many("b", 9)), lanes=8), 3) == ("a0", "b0", "a1")
    assert choose(Backlog(lanes=8), 3) == ()


COMING = st.tuples(
    st.sampled_from("abcdefgh"), st.sampled_from(["new", "again", "retest"]), st.integers(min_value=1, max_value=6)
)
"""Whose, why, and after how many others that are given out it is done."""


@settings(max_examples=40)
@given(
    st.lists(st.lists(COMING, max_size=4), min_size=1, max_size=8),
    st.integers(min_value=1, max_value=4),
    st.sampled_from([0, 150]),
)
def test_every_question_is_given_out_after_a_bounded_number_of_others(rounds, lanes, flood):
    """Also when afterwards somebody comes in every round who was never there before, and who would always go first."""
    backlog, ends, waited = Backlog(lanes=lanes), {}, {}
    coming = [*rounds, *([[]] * flood)]
    step = 0
    while step < len(coming) or backlog.waiting:
        if step < len(coming):
            backlog, ends = _arrive(backlog, ends, coming[step], step, flood=bool(flood))
        backlog, waited = _one_round(backlog, ends, waited, lanes)
        step += 1
        assert step < 20_000
    assert {name: found for name, found in waited.items() if found[0] > found[1]} == {}


def _arrive(backlog, ends, coming, step, *, flood):
    found = [*coming, *([(f"flood{step}", "new", 1)] if flood else [])]
    fresh = [
        Question(f"{step}-{i}", "check", who, kind, asked=float(step), came=backlog.given)
        for i, (who, kind, _) in enumerate(found)
    ]
    times = {one.id: done for one, (_, _, done) in zip(fresh, found, strict=True)}
    open_now = len(backlog.waiting) + len(backlog.under_way) + len(fresh)
    own = {one.id: sum(other.contributor == one.contributor for other in (*backlog.waiting, *fresh)) for one in fresh}
    # whoever came before, and who is given out while the quota holds it back: each of its own takes at most 6 rounds
    older = {f"{one.id} older": open_now + own[one.id] * 6 * backlog.lanes for one in fresh}
    return replace(backlog, waiting=(*backlog.waiting, *fresh)), ends | times | older


def _one_round(backlog, ends, waited, lanes):
    """What is done leaves, then what may be given out is; a question in a lane is done after so many rounds."""
    left = tuple(one for one in backlog.under_way if one.seconds > 1)
    backlog = replace(backlog, under_way=tuple(replace(one, seconds=one.seconds - 1) for one in left))
    before = {one.id: one for one in backlog.waiting}
    for name in choose(backlog, lanes - len(backlog.under_way)):
        question = before[name]
        waited[name] = (backlog.given - question.came, PATIENCE + ends[f"{name} older"])
        backlog = fair._given(backlog, question)
        backlog = replace(
            backlog,
            under_way=tuple(replace(one, seconds=ends[name]) if one.id == name else one for one in backlog.under_way),
        )
    return backlog, waited
