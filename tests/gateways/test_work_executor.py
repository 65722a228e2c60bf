"""Which workers are dead: by signs that stand still, with a clock that a test moves, and by what a name proves."""

import subprocess
import sys

import pytest

from bot.gateways import engine_dbos_lease, work_executor
from bot.gateways.work_executor import Others, new_name

LEASE = 20.0


class Clock:
    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(engine_dbos_lease, "time", made)
    return made


@pytest.fixture
def ended():
    """The name of a worker that was."""
    program = "from bot.gateways.work_executor import new_name; print(new_name())"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def watch(others, clock, signs, seconds, step=4.0):
    found = set()
    for _ in range(round(seconds / step)):
        clock.now += step
        found |= others.dead(signs())
    return found


def test_whose_sign_stands_still_for_a_lease_is_dead_and_not_before(clock):
    others = Others(LEASE)
    others.dead({"silent": 1, "unknown": None})
    assert watch(others, clock, lambda: {"silent": 1, "unknown": None}, 16) == set()
    assert watch(others, clock, lambda: {"silent": 1, "unknown": None}, 4) == {"silent", "unknown"}


def test_who_gives_signs_lives(clock):
    others = Others(LEASE)
    assert watch(others, clock, lambda: {"beats": clock.now}, 400) == set()


def test_a_pause_of_our_own_is_nobodys_death(clock):
    """A machine that slept wakes all of its workers; none may take the others' work only because it looks first."""
    others = Others(LEASE)
    watch(others, clock, lambda: {"other": 1}, 8)
    clock.now += 3600
    assert others.dead({"other": 1}) == set()
    assert watch(others, clock, lambda: {"other": 1}, 12) == {"other"}


def test_who_certainly_ended_is_dead_at_the_first_look(clock, ended):
    assert Others(LEASE).dead({ended: 1}) == {ended}


def test_who_lives_beside_us_is_not(clock):
    assert Others(LEASE).dead({new_name(): 1}) == set()


def test_two_starts_have_two_names():
    assert new_name() != new_name()


@pytest.mark.parametrize("name", ["", "3f2a", "x {}", "x [1]", 'x {"pid": 1', f"x {'[' * 100_000}", 'x {"kernel": {}}'])
def test_a_name_of_another_make_proves_nothing(clock, name):
    assert Others(LEASE).dead({name: 1}) == set()


def test_where_the_system_does_not_say_nothing_is_proven(clock, ended, monkeypatch):
    monkeypatch.setattr(work_executor, "place", dict)
    assert Others(LEASE).dead({ended: 1, new_name(): 1}) == set()
