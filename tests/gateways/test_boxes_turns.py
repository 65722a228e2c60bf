"""Whose turn it is, as a function: few places before many, then who was not let in, then the order of asking; nobody starves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways import boxes_turns
from bot.gateways.boxes_turns import PATIENCE, Turn, first

NAMES = st.sampled_from(["", "a", "b", "c"])
HELD = st.dictionaries(NAMES, st.integers(1, 16))


def turns(most):
    numbers = st.lists(st.integers(0, most), min_size=1, max_size=40, unique=True)
    return numbers.flatmap(
        lambda those: st.tuples(*(st.builds(Turn, st.just(one), NAMES, st.booleans()) for one in those))
    )


@given(turns(10 * PATIENCE), HELD)
def test_nobody_is_overtaken_by_more_than_its_patience_whatever_the_others_are_called(waiting, held):
    chosen = first(waiting, held)
    for one in waiting:
        assert chosen.number - one.number <= PATIENCE * (2 * held.get(one.whose, 0) + one.had)


@given(turns(PATIENCE - 1), HELD)
def test_within_it_few_places_go_first_then_who_was_not_let_in_then_the_order_of_asking(waiting, held):
    assert first(waiting, held) == min(waiting, key=lambda one: (held.get(one.whose, 0), one.had, one.number))


@given(turns(10 * PATIENCE))
def test_of_those_that_came_new_it_is_the_order_of_asking_whatever_the_names(waiting):
    new = [Turn(one.number, one.whose) for one in waiting]
    assert first(new, {}) == min(new, key=lambda one: one.number)


@given(turns(100), HELD)
def test_who_is_let_in_waits_no_more_and_the_others_of_its_check_stand_back(waiting, held):
    chosen = first(waiting, held)
    left = boxes_turns.given(waiting, chosen)
    assert [one.number for one in left] == [one.number for one in waiting if one != chosen]
    assert all(one in waiting for one in left if one.whose != chosen.whose)
    assert all(one.had for one in left if one.whose == chosen.whose)


@pytest.mark.parametrize("places", [0, 1, 5])
def test_a_stream_of_ever_new_names_overtakes_so_often_and_no_more(places):
    patient, overtaken = Turn(0, "patient", had=True), 0
    while first([patient, Turn(overtaken + 1, f"new {overtaken}")], {"patient": places}) != patient:
        overtaken += 1
    assert overtaken == PATIENCE * (2 * places + 1) - 1


def test_nobody_waits():
    with pytest.raises(ValueError, match="empty"):
        first([], {})
