"""How fast writes may go out, on a clock that stands still: the pacer of one process and the one that all share."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading

import pytest

from bot.errors import GatewayError
from bot.gateways.clock import SystemClock
from bot.gateways.pace import Limits, Pace, full, pace_of
from bot.gateways.pacer import ALONE, BURST, PER_HOUR, Pacer, SharedPacer
from bot.gateways.store_sqlite import SqliteStore
from tests.conftest import ROOT
from tests.fakes.clock import FakeClock

YEAR = 366 * 86_400


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "db.sqlite")
    yield made
    made.close()


@pytest.fixture(params=["one process", "all processes"])
def make(request, clock, store):
    """A pacer of either kind."""

    def made(*, burst=BURST, per_hour=PER_HOUR, patience=float("inf")):
        if request.param == "one process":
            return Pacer(clock, burst=burst, per_hour=per_hour, patience=patience)
        return SharedPacer(store, clock, limits=Limits(burst=burst, per_hour=per_hour), patience=patience)

    return made


# both


def test_a_burst_goes_out_at_once_and_then_one_a_second(make, clock):
    pacer = make(burst=3)
    assert [pacer.wait() for _ in range(6)] == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert clock.slept == [1.0, 1.0, 1.0]


def test_a_rest_fills_the_burst_again_and_no_further(make, clock):
    pacer = make(burst=2)
    pacer.wait()
    pacer.wait()
    clock.sleep(100)
    assert [pacer.wait() for _ in range(3)] == [0.0, 0.0, 1.0]


def test_half_a_second_later_half_a_second_is_left(make, clock):
    pacer = make(burst=1)
    pacer.wait()
    clock.sleep(0.5)
    assert pacer.wait() == 0.5


def test_the_hour_is_kept(make, clock):
    pacer = make(burst=10, per_hour=3)
    start = clock.time
    assert [pacer.wait() for _ in range(3)] == [0.0] * 3
    assert pacer.wait() == 3600.0
    assert (clock.time - start).total_seconds() == 3600


def test_the_defaults_stay_below_what_github_allows(make, clock):
    pacer = make()
    start = clock.time
    moments = []
    for _ in range(600):
        pacer.wait()
        moments.append((clock.time - start).total_seconds())
    assert_kept(moments)
    assert moments[BURST - 1] == 0
    assert moments[PER_HOUR] == 3600


def assert_kept(moments):
    for window, most in ((60, 80), (3600, 500)):
        assert max(sum(m <= later < m + window for later in moments) for m in moments) <= most


def test_what_github_asks_for_holds_the_next_write(make, clock):
    pacer = make()
    pacer.hold(30)
    pacer.hold(10)
    assert pacer.held() == 30.0
    assert pacer.wait() == 30.0
    assert pacer.wait() == 0.0
    clock.pass_by(2)
    assert pacer.held() == 0.0


def test_the_longest_reason_counts(make):
    pacer = make(burst=1)
    pacer.wait()
    pacer.hold(0.25)
    assert pacer.wait() == 1.0


def test_what_is_longer_than_its_patience_is_handed_up_and_takes_no_place(make, clock):
    pacer = make(burst=2, per_hour=2, patience=30)
    pacer.wait()
    pacer.wait()
    for _ in range(2):
        with pytest.raises(GatewayError) as found:
            pacer.wait()
        assert (found.value.reason, found.value.transient, found.value.away) == ("rate-limited", True, True)
        assert found.value.retry_after == 3600.0
    assert clock.slept == []
    clock.pass_by(3600)
    assert pacer.wait() == 0.0


@pytest.mark.parametrize("seconds", [-YEAR, -3600, -30, 30, 3600, YEAR])
def test_a_clock_that_jumps_neither_blocks_nor_bursts(make, clock, seconds):
    pacer = make(burst=3)
    pacer.heard(clock.now().timestamp())
    for _ in range(3):
        pacer.wait()
    start, moments = clock.steady(), []
    for number in range(12):
        clock.jump(seconds if number % 2 == 0 else -seconds)
        pacer.wait()
        moments.append(clock.steady() - start)
    assert moments == [float(n) for n in range(1, 13)], "a second each, whatever the clock says"


@pytest.mark.parametrize("seconds", [-YEAR, 86_400])
def test_one_jump_lets_through_no_more_than_a_burst_and_a_full_hour_stays_an_hour(make, clock, seconds):
    pacer = make(burst=5, per_hour=20)
    for _ in range(20):
        pacer.wait()
    clock.jump(seconds)
    start = clock.steady()
    waits = [pacer.wait() for _ in range(5)]
    assert clock.steady() - start <= 3600 + 60
    assert seconds > 0 or max(waits) > 3000


def test_threads_take_their_places_one_after_the_other(make):
    pacer = make(burst=4)
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(pacer.wait())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits)[:4] == [0.0] * 4
    assert 1 <= len([wait for wait in waits if wait > 0]) <= 4, (
        "who sleeps moves this clock on for those who come later"
    )
    assert max(waits) <= 4


# shared


def test_three_processes_together_keep_the_limits(store, clock):
    pacers = [SharedPacer(store, clock) for _ in range(3)]
    start, moments = clock.steady(), []
    for number in range(600):
        pacers[number % 3].wait()
        moments.append(clock.steady() - start)
    assert_kept(moments)


def test_what_one_was_told_to_wait_all_wait(store, clock):
    one, other = SharedPacer(store, clock), SharedPacer(store, clock)
    assert other.held() == 0.0
    one.hold(20)
    assert one.held() == 20.0
    clock.pass_by(1.5)
    assert other.held() == 18.5
    assert other.wait() == 18.5


def test_processes_whose_clocks_differ_share_githubs(store):
    clocks = [FakeClock(), FakeClock()]
    clocks[1].jump(-7_200)
    pacers = [SharedPacer(store, clock, limits=Limits(burst=4)) for clock in clocks]
    for pacer in pacers:
        pacer.heard(1_800_000_000.0)
    assert [pacers[number % 2].wait() for number in range(6)] == [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]


def test_real_processes_share_one_pace(tmp_path):
    script = (
        "import sys; from pathlib import Path; from bot.gateways.store_sqlite import SqliteStore;"
        "from bot.gateways.clock import SystemClock; from bot.gateways.pacer import SharedPacer;"
        "from bot.errors import GatewayError; store = SqliteStore(Path(sys.argv[1])); taken = 0\n"
        "pacer = SharedPacer(store, SystemClock(), patience=0.0)\n"
        "for _ in range(40):\n"
        "    try:\n        pacer.wait(); taken += 1\n    except GatewayError:\n        pass\n"
        "print(taken); store.close()"
    )
    started = SystemClock().steady()
    command = [sys.executable, "-c", script, str(tmp_path / "db.sqlite")]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = sum(int(process.communicate()[0]) for process in running)
    assert BURST <= taken <= BURST + SystemClock().steady() - started + 1


class Away:
    """A database that does not answer."""

    def __init__(self, error):
        self.error = error

    def get(self, *_):
        raise self.error

    change = get


@pytest.mark.parametrize(
    "error", [GatewayError("Away.", reason="database", transient=True), sqlite3.OperationalError("locked")]
)
def test_without_the_database_it_goes_on_alone_and_slower(clock, error):
    pacer = SharedPacer(Away(error), clock)
    start, moments = clock.steady(), []
    for _ in range(30):
        pacer.wait()
        moments.append(clock.steady() - start)
    assert moments[int(ALONE.burst) - 1] == 0
    assert moments[-1] == (30 - ALONE.burst) / ALONE.per_second
    pacer.hold(50)
    assert pacer.held() == 50.0


@pytest.mark.parametrize("row", [{}, {"tokens": "x"}, {"tokens": 1, "at": None, "hour": 3, "hold": 0}])
def test_a_spoilt_row_is_an_empty_bucket(store, clock, row):
    store.put("pacer", "github", row)
    assert SharedPacer(store, clock).wait() == 1.0


def test_a_pace_is_read_as_it_was_written():
    pace, _ = Pace(3.0, 100.0, (90.0, 95.5), 120.0).taken(101.0, Limits())
    assert pace_of(pace.as_json(), 101.0, Limits()) == pace
    assert pace_of(None, 5.0, Limits()) == full(5.0, Limits())


def test_the_real_clock_is_aware_and_sleeps():
    clock = SystemClock()
    before, steady = clock.now(), clock.steady()
    clock.sleep(0.01)
    assert (clock.now() - before).total_seconds() >= 0.01
    assert clock.steady() - steady >= 0.01
    assert before.utcoffset().total_seconds() == 0
