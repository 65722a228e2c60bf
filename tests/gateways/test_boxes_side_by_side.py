"""Boxes of one machine, against the real engine: no more at the same time than fit, and nobody pays for waiting."""

import threading
import time
from dataclasses import replace

import pytest

from bot.errors import GatewayError
from bot.gateways.boxes_leash import Leash
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.launcher_forms import Ceilings
from bot.records.box import FIRST, BoxEnd
from tests.gateways.launched import launched
from tests.gateways.sealed import LIMITS, Taken, ours
from tests.gateways.test_boxes_places import queued

pytestmark = pytest.mark.docker

NAPS = {"verb": "produce", "attack": "naps", "seconds": 1.5}
SECONDS = 4
"""Of a box: less than all of them take together."""


class Crowd:
    """Several boxes asked for at once, each as large as the machine."""

    def __init__(self, engine, boxes):
        self._engine, self._boxes = engine, boxes
        self.runs, self.side_by_side = [], []
        self.limits = replace(LIMITS, cpus=boxes.machine().cpus, seconds=SECONDS)

    def ask(self, run):
        def take(name, chunks, size):
            b"".join(chunks)
            there = ours(self._engine, self._boxes)
            self.side_by_side.append(sum(container["State"] == "running" for container in there))

        self.runs.append(run(NAPS, {}, self.limits, take))

    def all_at_once(self, *runs):
        threads = [threading.Thread(target=self.ask, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_one_after_the_other_where_each_is_as_large_as_the_machine(engine, boxes):
    crowd = Crowd(engine, boxes)
    began = time.monotonic()
    crowd.all_at_once(*[boxes.run] * 4)
    assert time.monotonic() - began > SECONDS
    assert [run.end for run in crowd.runs] == [BoxEnd.DONE] * 4
    assert max(run.seconds for run in crowd.runs) < SECONDS
    assert max(crowd.side_by_side) == 1


def test_so_too_for_all_clients_of_a_launcher(engine, hostile_image, tmp_path):
    with (
        DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes") as boxes,
        launched(boxes, Ceilings().on(boxes.machine())) as made,
    ):
        crowd = Crowd(engine, boxes)
        crowd.all_at_once(made.client().run, made.client().run, made.client().run)
    assert [run.end for run in crowd.runs] == [BoxEnd.DONE] * 3
    assert max(crowd.side_by_side) == 1


def test_whose_turn_it_is_goes_by_the_check_that_a_run_is_for(engine, boxes):
    crowd = Crowd(engine, boxes)
    order, threads = [], []

    def ask(whose):
        boxes.run(NAPS | {"seconds": 0}, {}, crowd.limits, lambda *_: order.append(whose), whose=whose)

    with boxes.places.hold(crowd.limits, lambda: False, whose="aa"):
        for number, whose in enumerate(("aa", "bb")):
            threads.append(threading.Thread(target=ask, args=(whose,)))
            threads[-1].start()
            queued(boxes.places, number + 1)
    for thread in threads:
        thread.join()
    assert list(dict.fromkeys(order)) == ["bb", "aa"]


def test_boxes_that_wait_keep_their_memory(boxes):
    half = replace(LIMITS, cpus=1, memory_bytes=boxes.machine().memory_bytes // 2)
    with boxes.places.hold(half, lambda: False):
        with pytest.raises(GatewayError, match="nobody waits"), boxes.places.hold(half, lambda: True):
            raise AssertionError
        with boxes.places.hold(replace(half, memory_bytes=half.memory_bytes // 2), lambda: True):
            pass


def test_whose_leash_is_cut_while_it_waits_gets_no_box(engine, boxes):
    crowd, leash, raised = Crowd(engine, boxes), Leash(), []

    def wait():
        try:
            boxes.run(NAPS, {}, crowd.limits, Taken(), leash=leash)
        except GatewayError as error:
            raised.append(error.reason)

    with boxes.places.hold(crowd.limits, lambda: False):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        leash.cut()
        waiting.join(10)
        assert raised == ["abandoned"]
        assert ours(engine, boxes) == []


def test_who_waits_when_it_ends_is_told_so(engine, hostile_image, tmp_path):
    boxes = DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes")
    crowd, raised = Crowd(engine, boxes), []

    def wait():
        with pytest.raises(GatewayError) as caught:
            boxes.run(NAPS, {}, crowd.limits, Taken())
        raised.append(caught.value.reason)

    with boxes.places.hold(crowd.limits, lambda: False):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(0.3)
        boxes.places.shut()
        waiting.join(10)
    boxes.close()
    assert raised == ["boxes-closed"]
