"""Whether a process is gone is said only where it is certain."""

import os
import subprocess
import sys

import pytest

from bot.gateways import process_place
from bot.gateways.process_place import gone, place


@pytest.fixture
def other():
    """A process that lives until it is killed, and the place that it names."""
    program = "from bot.gateways.process_place import place; print(place(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process, eval(process.stdout.readline())
        process.kill()


def test_a_process_that_lives_is_not_gone(other):
    assert not gone(other[1], place())
    assert not gone(place(), other[1])


def test_a_process_that_was_killed_is_gone_once_nothing_of_it_is_left(other):
    process, there = other
    process.kill()
    process.wait()
    assert gone(there, place())


def test_a_number_that_is_somebody_elses_by_now_is_no_sign_of_life(other):
    assert gone({**other[1], "began": other[1]["began"] - 1}, place())


@pytest.mark.parametrize(
    "change",
    [
        {"kernel": "another boot, another machine, another container"},
        {"pid": None},
        {"pid": -1},
        {"pid": 0},
        {"pid": 2**40},
        {"pid": True},
        {"began": "1"},
    ],
)
def test_what_is_not_known_for_certain_is_not_gone(other, change):
    process, there = other
    process.kill()
    process.wait()
    assert not gone({**there, **change}, place())


def test_rows_of_other_versions_and_other_systems_prove_nothing(other):
    process, there = other
    process.kill()
    process.wait()
    assert not gone(None, place())
    assert not gone({}, place())
    assert not gone(there, {})


def test_a_process_that_is_hidden_is_not_gone(other, monkeypatch, tmp_path):
    """Mounted so that users see their own processes only, the kernel still says that the number is somebody's."""
    here = place()
    monkeypatch.setattr(process_place, "_PROC", tmp_path)
    assert not gone(other[1], here)


def test_without_the_system_telling_there_is_no_place(monkeypatch, tmp_path):
    monkeypatch.setattr(process_place, "_PROC", tmp_path)
    assert place() == {}
    (tmp_path / "self").symlink_to(str(os.getpid() + 1))
    assert place() == {}
