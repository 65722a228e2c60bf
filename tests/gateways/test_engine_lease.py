"""Who is alive, who was taken over, and the fence before each write: with clocks that a test moves."""

import threading

import pytest

from bot.errors import GatewayError, LostLeaseError
from bot.gateways import engine_dbos_lease
from bot.gateways.clock import SystemClock
from bot.gateways.engine_dbos_lease import ROOM, Lease, Strangers
from bot.gateways.store_sqlite import SqliteStore


class Time:
    """The three clocks of the module; `pass_` moves them all, as time does."""

    CLOCK_BOOTTIME = 7

    def __init__(self):
        self.boot = self.mono = 1000.0
        self.wall = 1_700_000_000.0

    def pass_(self, seconds):
        self.boot += seconds
        self.mono += seconds
        self.wall += seconds

    def clock_gettime(self, _clock):
        return self.boot

    def monotonic(self):
        return self.mono

    def time(self):
        return self.wall


class Counting:
    """A store that counts changes, and can be broken."""

    def __init__(self, below):
        self.below, self.changes, self.broken = below, 0, False

    def change(self, *arguments):
        self.changes += 1
        if self.broken:
            raise OSError("database is locked")
        return self.below.change(*arguments)

    def __getattr__(self, name):
        return getattr(self.below, name)


@pytest.fixture
def passing(monkeypatch):
    made = Time()
    monkeypatch.setattr(engine_dbos_lease, "time", made)
    return made


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "store.sqlite")
    yield Counting(made)
    made.close()


@pytest.fixture
def first(passing, store):
    made = Lease(store, SystemClock(), "first", seconds=20)
    made.join()
    return made


@pytest.fixture
def second(passing, store):
    made = Lease(store, SystemClock(), "second", seconds=20)
    made.join()
    return made


@pytest.fixture
def end(monkeypatch, store):
    """Says of a process that it certainly ended."""
    monkeypatch.setattr(engine_dbos_lease, "gone", lambda there, _here: there == "ended")
    return lambda name: store.change(ROOM, name, lambda row: {**row, "place": "ended"})


def watch(observer, passing, seconds, *, living=(), step=2.5):
    """Time passes, and the observer looks as often as its pulse does; whom it finds dead."""
    found = []
    for _ in range(int(seconds / step)):
        passing.pass_(step)
        for lease in living:
            lease.renew()
        observer.renew()
        found += observer.dead()
    return found


def test_who_beats_lives(first, second, passing):
    assert watch(second, passing, 300, living=[first]) == []


def test_who_is_silent_for_a_lease_is_dead_and_not_before(first, second, passing):
    assert watch(second, passing, 20) == []
    assert watch(second, passing, 2.5) == ["first"]


def test_who_certainly_ended_is_taken_over_after_a_quarter_of_the_lease(first, second, passing, end):
    end("first")
    assert watch(second, passing, 5) == []
    assert watch(second, passing, 2.5) == ["first"]


def test_who_was_taken_for_ended_and_lives_writes_nothing_any_more(first, second, passing, end):
    """The fence costs nothing for exactly as long as nobody is taken over, so that a mistake costs no write."""
    first.fence()
    end("first")
    watch(second, passing, 7.5)
    with pytest.raises(LostLeaseError):
        first.fence()


def test_who_beats_is_not_taken_over_whatever_is_said_of_it(first, second, passing, end):
    end("first")
    assert watch(second, passing, 300, living=[first]) == []


def test_a_dead_one_is_named_until_it_is_buried(first, second, passing, store):
    watch(second, passing, 25)
    assert second.dead() == ["first"]
    third = Lease(store, SystemClock(), "third", seconds=20)
    assert "first" in third.dead(), "whoever comes finishes a takeover that was begun"
    second.bury("first")
    assert second.dead() == third.dead() == []


def test_one_of_two_survivors_marks(first, second, passing, store):
    third = Lease(store, SystemClock(), "third", seconds=20)
    third.join()
    watch(second, passing, 25, living=[third])
    assert store.get(ROOM, "first")["taken"] == "second"


@pytest.mark.parametrize("buried", [False, True])
def test_who_was_taken_over_is_lost_for_ever(first, second, passing, buried):
    watch(second, passing, 25)
    if buried:
        second.bury("first")
    with pytest.raises(LostLeaseError):
        first.fence()
    assert first.lost.is_set()
    with pytest.raises(LostLeaseError):
        first.renew()
    with pytest.raises(LostLeaseError):
        first.fence()


def test_who_beats_in_the_last_moment_is_not_taken_over(first, second, passing, store):
    watch(second, passing, 20)
    seen = dict(store.items(ROOM))["first"]
    first.renew()
    assert not second._mark("first", seen)
    first.fence()
    assert not first.lost.is_set()


def test_a_pause_without_a_takeover_is_no_loss(first, passing):
    passing.pass_(3600)
    first.fence()
    assert not first.lost.is_set()


def test_the_fence_is_free_while_the_beat_is_young_and_beats_when_it_is_not(first, passing, store):
    for _ in range(1000):
        first.fence()
    assert store.changes == 0
    passing.pass_(4.9)
    first.fence()
    assert store.changes == 0
    passing.pass_(0.2)
    first.fence()
    first.fence()
    assert store.changes == 1
    assert store.get(ROOM, "first")["beat"] == 1


def test_many_writers_at_the_fence_cost_one_beat(first, passing, store):
    passing.pass_(15)
    threads = [threading.Thread(target=first.fence) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.changes == 1


def test_without_the_store_the_fence_holds_for_half_a_lease_and_no_longer(first, passing, store):
    store.broken = True
    passing.pass_(9.9)
    first.fence()
    passing.pass_(0.2)
    with pytest.raises(GatewayError) as found:
        first.fence()
    assert (found.value.reason, found.value.transient) == ("database", True)
    assert not first.lost.is_set()
    store.broken = False
    first.fence()


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 1e9])
def test_a_wall_clock_that_jumps_kills_and_wakes_nobody(first, second, passing, jump):
    watch(second, passing, 10, living=[first])
    passing.wall += jump
    first.fence()
    first.renew()
    assert watch(second, passing, 20) == []
    assert watch(second, passing, 2.5) == ["first"]
    passing.wall -= 2 * jump
    with pytest.raises(LostLeaseError):
        first.fence()


def test_a_machine_that_slept_asks_before_it_writes(first, second, passing):
    """Only one of its clocks shows it: the monotonic one may stand still while a machine is suspended."""
    watch(second, passing, 25)
    first._renewed = engine_dbos_lease._Moment()
    passing.boot += 60
    with pytest.raises(LostLeaseError):
        first.fence()


def test_an_observer_does_not_take_its_own_pause_for_anothers_death(first, second, passing):
    assert watch(second, passing, 15) == []
    passing.pass_(3600)
    assert second.dead() == []
    first.renew()
    assert watch(second, passing, 15) == []


def test_a_row_of_another_version_does_no_harm(second, passing, store):
    store.put(ROOM, "odd", {})
    store.put(ROOM, "future", {"beat": "x", "pid": "7", "more": [1]})
    watch(second, passing, 10)
    assert {process.name for process in second.processes()} == {"second", "odd", "future"}


def test_leaving_is_no_death_and_shutting_stops_writes(first, second, store):
    first.shut()
    with pytest.raises(LostLeaseError):
        first.fence()
    assert not first.lost.is_set()
    first.leave()
    assert second.known() == {"second"}


def test_who_leaves_after_a_takeover_leaves_the_mark_to_the_survivor(first, second, passing, store):
    watch(second, passing, 25)
    first.leave()
    assert store.get(ROOM, "first")["taken"] == "second"


def test_processes_are_shown_with_their_silence(first, second, passing):
    watch(second, passing, 10)
    shown = {process.name: process.quiet for process in second.processes()}
    assert shown == {"first": 7.5, "second": 0.0}


def test_strangers_are_those_seen_for_a_lease(passing):
    strangers = Strangers(20)
    for _ in range(8):
        assert strangers.look(["gone"]) == []
        passing.pass_(2.5)
    assert strangers.look(["gone", "new"]) == ["gone"]
    assert strangers.look([]) == []
    assert strangers.look(["gone"]) == []
