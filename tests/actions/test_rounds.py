"""Nobody is forgotten where one run cannot look at everything, whatever runs GitHub drops."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.actions.rounds import DAY, HALF_HOUR, ahead, number_of, turn, turns

YEAR = 365 * DAY
SIZES = [(n, most) for most in (1, 15, 20) for n in (2, 15, 16, 31, 45, 119, 600) if n <= 40 * most]
NOW = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


def blocks(n, most):
    return -(-n // most)


def seen(n, most, numbers):
    """Each item with the rounds in which it was looked at, as their places in the row of rounds that took place."""
    found = {item: [] for item in range(n)}
    for at, number in enumerate(numbers):
        for item in turn(range(n), most, number):
            found[item].append(at)
    return found


@pytest.mark.parametrize(("n", "most"), SIZES)
def test_a_regular_schedule_comes_by_everything_within_two_cycles(n, most):
    """A year's half hours, as far as a hundred cycles of them."""
    begin, cycle = NOW // HALF_HOUR, blocks(n, most)
    rounds = min(YEAR // HALF_HOUR, 100 * cycle)
    for looks in seen(n, most, range(begin, begin + rounds)).values():
        gaps = [later - earlier for earlier, later in zip([-1, *looks], [*looks, rounds], strict=True)]
        assert max(gaps) < 2 * cycle
        assert len(looks) >= rounds // cycle - 1


@pytest.mark.parametrize(("n", "most"), SIZES)
@pytest.mark.parametrize(("nth", "kept"), [(2, False), (3, False), (3, True)])
def test_with_every_second_or_third_run_dropped_or_alone_kept_nobody_starves(n, most, nth, kept):
    """In a year of half hours everything is looked at again and again: never later than after 60 cycles."""
    begin = NOW // HALF_HOUR
    numbers = [number for number in range(begin, begin + YEAR // HALF_HOUR) if (number % nth == 0) is kept]
    for looks in seen(n, most, numbers).values():
        gaps = [later - earlier for earlier, later in zip([0, *looks], [*looks, len(numbers)], strict=True)]
        assert max(gaps) < 60 * blocks(n, most)


@pytest.mark.parametrize("n", [16, 30, 48, 90, 720])
def test_a_daily_look_comes_by_everything_where_a_clock_of_half_hours_stood_still(n):
    """A day has 48 half hours: 15 items onwards in each of them end where they began, in all of these."""
    begin = NOW // DAY
    assert all(seen(n, 15, range(begin, begin + 2 * blocks(n, 15))).values())


def test_a_block_has_at_most_so_many_and_a_cycle_is_everything_once():
    begin = NOW // HALF_HOUR // 7 * 7
    cycle = [turn(range(100), 15, number) for number in range(begin, begin + 7)]
    assert sorted(item for block in cycle for item in block) == list(range(100))
    assert sorted(map(len, cycle)) == [10, *[15] * 6]


def test_the_order_is_another_in_each_cycle():
    orders = {tuple(turn(range(6), 1, 6 * cycle + place)[0] for place in range(6)) for cycle in range(50)}
    assert len(orders) > 40


def test_few_items_are_all_looked_at_and_none_is_no_error():
    assert list(turn(range(15), 15, 12345)) == list(range(15))
    assert list(turn((), 15, 12345)) == []
    assert len(turn(range(15), 0, 12345)) == 1


# --- some before others -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 2, 3, 20])
@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 300), (3, 300), (10, 1), (11, 300), (45, 4), (300, 0), (300, 300)])
def test_both_have_their_turns_however_many_the_others_are(n, m, most):
    """Within two cycles each; where there are places for half, the first wait for no more than their own."""
    first, others = [f"first {i}" for i in range(n)], [f"other {i}" for i in range(m)]
    half = most // 2
    cycle = blocks(n, most - half) if half else blocks(n + m, most)
    long = blocks(m, half) if half else cycle
    begin = NOW // HALF_HOUR
    rounds = [turns(first, others, most, begin + at) for at in range(2 * max(cycle, long, 1))]
    assert all(len(found) == len(set(found)) <= most for found in rounds)
    assert all(len(found) == n + m for found in rounds if n + m <= half)
    assert {item for found in rounds[: 2 * cycle] for item in found} >= set(first)
    assert {item for found in rounds for item in found} == {*first, *others}


def test_places_that_one_side_leaves_free_are_the_others():
    assert len(turns(range(3), range(100, 400), 20, NOW)) >= 17
    assert len(turns(range(300), range(400, 402), 20, NOW)) == 20
    assert len(turns(range(300), (), 20, NOW)) == 20


def owner(item):
    return item[0]


def test_the_newest_few_of_each_owner_are_ahead_by_their_place_among_their_owners():
    items = ["a1", "f1", "f2", "b1", "f3", "b2", "f4", "b3", "c1"]
    assert ahead(items, owner, 2) == (["a1", "f4", "b3", "c1", "f3", "b2"], ["f2", "b1", "f1"])
    assert ahead(items, owner, 0) == ([], ["a1", "f4", "b3", "c1", "f3", "b2", "f2", "b1", "f1"])
    assert ahead([], owner, 2) == ([], [])


def test_hundreds_of_one_owner_move_nobody_elses_place():
    few = [f"{who}{n}" for n in range(2) for who in "abc"]
    many = [f"f{n}" for n in range(200)]
    alone, _ = ahead(few, owner, 5)
    first, others = ahead([*many[:100], *few, *many[100:]], owner, 5)
    assert [item for item in first if owner(item) != "f"] == alone
    assert {owner(item) for item in others} == {"f"}
    assert len(first) == len(alone) + 5


@pytest.mark.parametrize("seconds", [HALF_HOUR, DAY])
def test_a_round_is_as_long_as_it_is_said(seconds):
    now = datetime(2026, 3, 1, 4, 23, tzinfo=UTC)
    first = number_of(now, seconds)
    assert number_of(datetime.fromtimestamp(now.timestamp() + seconds, UTC), seconds) == first + 1
    assert number_of(now, seconds) * seconds <= now.timestamp() < (first + 1) * seconds
