"""What the clock names: each once in its interval, with any number of processes, whatever the clock does."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.errors import GatewayError
from bot.gateways.engine_dbos_ticks import AT_START, ROOM, SCHEDULES, Ticks
from bot.gateways.store_sqlite import SqliteStore
from bot.records.event import CHORES

HOUR = timedelta(hours=1)


class Hand:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self):
        return self.at


class Process:
    """Ticks of one process with a connection of its own; `alive` is shared by all."""

    def __init__(self, path, clock, name, alive, schedules):
        self.store, self.told, self.refuse = SqliteStore(path), [], False
        lease = SimpleNamespace(known=lambda: set(alive))
        alive.add(name)
        ground = SimpleNamespace(store=self.store, clock=clock, name=name, lease=lease)
        self.ticks = Ticks(ground, schedules, self._tell)

    def _tell(self, subject):
        if self.refuse:
            raise GatewayError("It is locked.", reason="database", transient=True)
        self.told.append(subject.name)


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def alive():
    return set()


@pytest.fixture
def processes(tmp_path, clock, alive):
    made = [
        Process(tmp_path / "store.sqlite", clock, name, alive, {"poll": HOUR, "retest": 7 * 24 * HOUR})
        for name in "abc"
    ]
    yield made
    for process in made:
        process.store.close()


def told(processes):
    return Counter(name for process in processes for name in process.told)


def test_every_chore_has_its_interval():
    assert set(SCHEDULES) == set(CHORES)
    assert {name: every.total_seconds() / 60 for name, every in SCHEDULES.items()} == {
        "poll": 5, "sweep": 15, "reminders": 1440, "retest": 10080, "clean-up": 1440,
    }  # fmt: skip


def test_a_tick_is_told_by_one_of_three_that_look_at_the_same_moment(processes, clock):
    for process in processes:
        process.ticks.look()
    assert told(processes) == {}
    for day in range(1, 21):
        clock.at += HOUR
        gate = threading.Barrier(3)

        def look(process, gate=gate):
            gate.wait()
            process.ticks.look()

        threads = [threading.Thread(target=look, args=(process,)) for process in processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told(processes) == {"poll": day}


def test_between_ticks_nothing_is_told_and_nothing_written(processes, clock):
    processes[0].ticks.look()
    before = processes[0].store.items(ROOM)
    clock.at += HOUR - timedelta(seconds=1)
    for process in processes * 3:
        process.ticks.look()
    assert told(processes) == {}
    assert processes[0].store.items(ROOM) == before


def test_a_start_tells_poll_and_sweep_and_begins_their_interval(tmp_path, clock, alive):
    process = Process(tmp_path / "store.sqlite", clock, "a", alive, SCHEDULES)
    process.ticks.start()
    process.ticks.look()
    assert sorted(process.told) == sorted(AT_START) == ["poll", "sweep"]
    clock.at += timedelta(minutes=5)
    process.ticks.look()
    assert Counter(process.told) == {"poll": 2, "sweep": 1}
    process.store.close()


def test_a_tick_that_fell_into_a_time_without_processes_is_told_once_afterwards(processes, clock):
    processes[0].ticks.look()
    clock.at += 30 * 24 * HOUR
    for process in processes:
        process.ticks.look()
    assert told(processes) == {"poll": 1, "retest": 1}


@pytest.mark.parametrize("jump", [400 * 24 * HOUR, -400 * 24 * HOUR])
def test_a_clock_that_jumps_costs_one_tick_and_silences_nothing(processes, clock, jump):
    processes[0].ticks.look()
    clock.at += jump
    for process in processes * 2:
        process.ticks.look()
    assert told(processes) == {"poll": 1, "retest": 1}
    clock.at += HOUR
    processes[1].ticks.look()
    assert told(processes)["poll"] == 2


def test_a_tick_that_could_not_be_told_is_told_by_the_next_look(processes, clock):
    first = processes[0]
    first.ticks.look()
    clock.at += HOUR
    first.refuse = True
    with pytest.raises(GatewayError):
        first.ticks.look()
    for process in processes[1:]:
        process.ticks.look()
    assert told(processes) == {}
    first.refuse = False
    first.ticks.look()
    first.ticks.look()
    assert told(processes) == {"poll": 1}


def test_a_tick_whose_teller_died_before_it_told_is_told_by_a_survivor(processes, clock, alive):
    first, second, third = processes
    first.ticks.look()
    clock.at += HOUR
    first.refuse = True
    with pytest.raises(GatewayError):
        first.ticks.look()
    alive.discard("a")
    for process in (second, third, second):
        process.ticks.look()
    assert told(processes) == {"poll": 1}


@pytest.mark.parametrize("row", [{}, {"at": 7}, {"at": "yesterday"}, {"at": "2026-03-01T00:00:00"}])
def test_a_row_that_says_no_time_is_due(processes, row):
    processes[0].store.put(ROOM, "poll", row)
    for process in processes:
        process.ticks.look()
    assert told(processes) == {"poll": 1}
