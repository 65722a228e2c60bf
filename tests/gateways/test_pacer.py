"""How fast writes may go out, on a clock that stands still."""

import pytest

from bot.gateways.clock import SystemClock
from bot.gateways.pacer import BURST, PER_HOUR, Pacer
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


def test_a_burst_goes_out_at_once_and_then_one_a_second(clock):
    pacer = Pacer(clock, burst=3)
    assert [pacer.wait() for _ in range(6)] == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert clock.slept == [1.0, 1.0, 1.0]


def test_a_rest_fills_the_burst_again_and_no_further(clock):
    pacer = Pacer(clock, burst=2)
    pacer.wait()
    pacer.wait()
    clock.sleep(100)
    assert [pacer.wait() for _ in range(3)] == [0.0, 0.0, 1.0]


def test_half_a_second_later_half_a_second_is_left(clock):
    pacer = Pacer(clock, burst=1)
    pacer.wait()
    clock.sleep(0.5)
    assert pacer.wait() == 0.5


def test_the_hour_is_kept(clock):
    pacer = Pacer(clock, burst=10, per_hour=3)
    start = clock.time
    assert [pacer.wait() for _ in range(3)] == [0.0] * 3
    assert pacer.wait() == 3600.0
    assert (clock.time - start).total_seconds() == 3600


def test_the_defaults_stay_below_what_github_allows(clock):
    pacer = Pacer(clock)
    start = clock.time
    moments = []
    for _ in range(600):
        pacer.wait()
        moments.append((clock.time - start).total_seconds())
    for window, most in ((60, 80), (3600, 500)):
        assert max(sum(m <= later < m + window for later in moments) for m in moments) <= most
    assert moments[BURST - 1] == 0
    assert moments[PER_HOUR] == 3600


def test_what_github_asks_for_holds_the_next_write(clock):
    pacer = Pacer(clock)
    pacer.hold(30)
    pacer.hold(10)
    assert pacer.wait() == 30.0
    assert pacer.wait() == 0.0


def test_the_longest_reason_counts(clock):
    pacer = Pacer(clock, burst=1)
    pacer.wait()
    pacer.hold(0.25)
    assert pacer.wait() == 1.0


def test_the_real_clock_is_aware_and_sleeps():
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.01)
    assert (clock.now() - before).total_seconds() >= 0.01
    assert before.utcoffset().total_seconds() == 0
