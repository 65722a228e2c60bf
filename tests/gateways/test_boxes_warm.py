"""The pool of boxes that wait, without an engine: how many, which go, and that each is used once."""

import threading
import time

import pytest

from bot.errors import GatewayError
from bot.gateways import boxes_warm
from bot.gateways.boxes_warm import Kind, WarmBoxes, most_warm
from bot.records.box import BoxLimits, Machine

GIB = 1024**3
ONE, TWO, THREE = (Kind("sha256:a", verb, BoxLimits()) for verb in ("produce", "judge", "static"))


class Box:
    def __init__(self, kind, preload):
        self.kind, self.preload, self.up, self.removed = kind, preload, True, False

    def alive(self):
        return self.up and not self.removed

    def remove(self):
        self.removed = True


class Starter:
    def __init__(self):
        self.boxes = []
        self.trouble = None

    def __call__(self, kind, preload):
        if self.trouble:
            raise self.trouble
        box = Box(kind, preload)
        self.boxes.append(box)
        return box

    def left(self):
        return [box for box in self.boxes if not box.removed]


@pytest.fixture
def start():
    return Starter()


@pytest.fixture
def pool(start):
    made = WarmBoxes(start, spare=lambda kind: f"all for {kind.verb}", most=3, refill=True)
    yield made
    made.close()


def wait_until(holds):
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


@pytest.mark.parametrize(("memory", "most"), [(1, 2), (4, 2), (8, 2), (24, 8), (12, 4), (512, 8)])
def test_how_many_wait_follows_the_machines_memory(memory, most):
    assert most_warm(Machine(4, memory * GIB)) == most


def test_each_is_taken_once(pool):
    pool.prewarm(ONE)
    first = pool.take(ONE)
    assert first.alive()
    assert pool.take(ONE) is None


def test_one_of_another_kind_is_not_taken(pool):
    pool.prewarm(ONE)
    assert pool.take(TWO) is None
    assert pool.take(Kind("sha256:b", "produce", BoxLimits())) is None
    assert pool.take(Kind("sha256:a", "produce", BoxLimits(seconds=1))) is None


def test_as_many_wait_as_were_asked_for_and_no_more_by_asking_twice(pool, start):
    pool.prewarm(ONE, ("onnx", "torchscript"))
    [future.result() for future in pool.prewarm(ONE)]
    assert len(start.boxes) == 2
    assert pool.take(ONE) is not pool.take(ONE)


def test_each_of_those_asked_for_loads_its_own_and_is_taken_in_turn(pool, start):
    pool.prewarm(ONE)
    [future.result() for future in pool.prewarm(ONE, ("onnx", "torchscript"))]
    assert [pool.take(ONE).preload for _ in range(2)] == ["", "torchscript"]


def test_beyond_the_most_the_kind_asked_for_longest_ago_goes(pool, start):
    pool.prewarm(ONE)
    pool.prewarm(TWO, ("", ""))
    pool.prewarm(ONE)
    pool.prewarm(THREE)
    wait_until(lambda: len(start.boxes) == 4 and len(start.left()) == 3)
    assert sorted(box.kind.verb for box in start.left()) == ["judge", "produce", "static"]


def test_no_kind_has_more_than_the_most(pool, start):
    assert len(pool.prewarm(ONE, [""] * 9)) == 3
    wait_until(lambda: len(start.boxes) == 3)


def test_a_dead_one_is_removed_and_the_next_is_taken(pool, start):
    dead, alive = [future.result() for future in pool.prewarm(ONE, ("onnx", "torchscript"))]
    dead.up = False
    assert pool.take(ONE) is alive
    assert dead.removed


def test_one_that_could_not_be_started_is_left_to_the_cold_start(pool, start):
    start.trouble = GatewayError("engine down", reason="engine-down", transient=True)
    pool.prewarm(ONE)
    assert pool.take(ONE) is None


def test_when_it_is_quiet_what_ran_waits_again_with_more_loaded(pool, start, monkeypatch):
    monkeypatch.setattr(boxes_warm, "QUIET_SECONDS", 0.01)
    with pool.working(ONE), pool.working(TWO):
        assert start.boxes == []
    wait_until(lambda: len(start.boxes) == 2)
    assert {(box.kind, box.preload) for box in start.boxes} == {(ONE, "all for produce"), (TWO, "all for judge")}


def test_what_ran_once_and_for_all_does_not_wait_again(pool, start, monkeypatch):
    monkeypatch.setattr(boxes_warm, "QUIET_SECONDS", 0.01)
    with pool.working(ONE), pool.working(TWO, again=False):
        pass
    wait_until(lambda: len(start.boxes) == 1)
    threading.Event().wait(0.05)
    assert [box.kind for box in start.boxes] == [ONE]


def test_nothing_is_started_while_a_box_runs(pool, start, monkeypatch):
    monkeypatch.setattr(boxes_warm, "QUIET_SECONDS", 0.01)
    with pool.working(ONE):
        with pool.working(TWO):
            pass
        threading.Event().wait(0.05)
        assert start.boxes == []


def test_none_is_left_in_the_end_and_none_is_started_afterwards(pool, start):
    pool.prewarm(ONE, ("onnx", "torchscript"))
    pool.prewarm(TWO)
    pool.close()
    assert start.left() == []
    assert pool.prewarm(ONE) == []
