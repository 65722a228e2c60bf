"""One budget for all boxes: never more promised than there is, few places go first, nobody waits for ever."""

import random
import threading
from contextlib import ExitStack

import pytest

from bot.errors import GatewayError
from bot.gateways.boxes_leash import Leash
from bot.gateways.boxes_places import Places
from bot.gateways.boxes_turns import PATIENCE
from bot.gateways.boxes_warm import WARM_BYTES, beside_warm, most_warm
from bot.records.box import BoxLimits, Machine

GIB = 1024**3
MACHINE = Machine(cpus=4, memory_bytes=16 * GIB)
SMALL, USUAL, LARGE = (BoxLimits(cpus=cpus, memory_bytes=gib * GIB) for cpus, gib in ((1, 1), (2, 4), (64, 512)))


class Asking(threading.Thread):
    """Asks for a place and stays in it until it is told to go."""

    def __init__(self, places, limits, order=None, whose=""):
        super().__init__(daemon=True)
        self.inside, self.leave, self.leash, self.error = threading.Event(), threading.Event(), Leash(), None
        self._places, self._limits, self._order = places, limits, order if order is not None else []
        self._whose = whose
        self.start()

    def run(self):
        try:
            with self._places.hold(self._limits, self.leash.is_cut, whose=self._whose):
                self._order.append(self)
                self.inside.set()
                self.leave.wait(20)
        except GatewayError as error:
            self.error = error

    def goes(self):
        self.leave.set()
        self.join(20)

    def waits(self):
        return not self.inside.wait(0.1)

    def ends(self):
        self.join(20)
        return self.error.reason if self.error else None


def came(true):
    """Wait until it is."""
    until = threading.Event()
    for _ in range(2000):
        if true():
            return
        until.wait(0.005)
    raise AssertionError


def queued(places, count):
    """Wait until so many ask in vain."""
    came(lambda: len(places._turns) == count)


@pytest.mark.parametrize(
    ("machine", "limits", "fit"),
    [
        (Machine(4, 16 * GIB), USUAL, 2),
        (Machine(8, 16 * GIB), USUAL, 4),
        (Machine(16, 16 * GIB), USUAL, 4),
        (Machine(4, 16 * GIB), SMALL, 4),
        (Machine(1, GIB), USUAL, 1),
        (Machine(4, 16 * GIB), LARGE, 1),
    ],
)
def test_so_many_are_let_in_and_the_next_one_waits(machine, limits, fit):
    places = Places(machine)
    inside = [Asking(places, limits) for _ in range(fit)]
    assert all(one.inside.wait(10) for one in inside)
    late = Asking(places, limits)
    assert late.waits()
    inside[0].goes()
    assert late.inside.wait(10)
    for one in (*inside, late):
        one.goes()
    assert places.empty(0)


def test_different_boxes_share_what_there_is():
    places = Places(MACHINE)
    first, second = Asking(places, USUAL), Asking(places, SMALL)
    assert first.inside.wait(10)
    assert second.inside.wait(10)
    third = Asking(places, USUAL)
    assert third.waits()
    second.goes()
    assert third.inside.wait(10)


def test_a_large_one_is_not_overtaken():
    places, order = Places(MACHINE), []
    first = Asking(places, SMALL, order)
    assert first.inside.wait(10)
    large = Asking(places, LARGE, order)
    queued(places, 1)
    small = Asking(places, SMALL, order)
    queued(places, 2)
    assert small.waits()
    first.goes()
    assert large.inside.wait(10)
    assert small.waits()
    large.goes()
    assert small.inside.wait(10)
    assert order == [first, large, small]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("end", [0, -1])
def test_a_new_check_is_next_when_a_box_ends_however_many_boxes_of_others_wait(count, end):
    """Three re-tests of four formats came before; whichever box ends, and for each box that the new one asks for."""
    places, order = Places(Machine(2 * count, 64 * GIB)), []
    for number in range(12):
        Asking(places, USUAL, order, whose="abc"[number % 3])
        came(lambda number=number: len(order) + len(places._turns) == number + 1)
    came(lambda: len(order) == count)
    inside = list(order)
    for _ in range(2 if count == 1 else 0):
        before = inside.pop()
        before.goes()
        came(lambda before=before: order[-1] is not before)
        inside.append(order[-1])
    for _ in range(3):
        waiting = len(places._turns)
        upload = Asking(places, USUAL, order, whose="upload")
        queued(places, waiting + 1)
        inside.pop(end).goes()
        came(upload.inside.is_set)
        assert order[-1] is upload
        upload.goes()
        came(lambda upload=upload: order[-1] is not upload)
        inside.append(order[-1])


def test_a_check_that_is_alone_has_all_places():
    places = Places(MACHINE)
    inside = [Asking(places, SMALL, whose="alone") for _ in range(4)]
    assert all(one.inside.wait(10) for one in inside)


def test_a_large_one_of_a_check_that_holds_a_place_gets_in_whoever_comes():
    places = Places(MACHINE)
    own = Asking(places, SMALL, whose="large")
    assert own.inside.wait(10)
    large = Asking(places, LARGE, whose="large")
    queued(places, 1)
    for number in range(PATIENCE * 3 - 1):
        new = Asking(places, SMALL, whose=f"new {number}")
        assert new.inside.wait(10)
        new.goes()
    new = Asking(places, SMALL, whose="one too many")
    queued(places, 2)
    assert new.waits()
    own.goes()
    assert large.inside.wait(10)
    assert new.waits()
    large.goes()
    assert new.inside.wait(10)


def test_whose_leash_is_cut_waits_no_more_and_holds_up_nobody():
    places = Places(MACHINE)
    first = Asking(places, LARGE)
    assert first.inside.wait(10)
    waiting = Asking(places, LARGE)
    queued(places, 1)
    behind = Asking(places, SMALL)
    queued(places, 2)
    waiting.leash.cut()
    assert waiting.ends() == "abandoned"
    first.goes()
    assert behind.inside.wait(10)


def test_more_than_the_most_are_not_let_in_whatever_is_free():
    places = Places(Machine(64, 512 * GIB), most=2)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(places.hold(SMALL, lambda: False))
        third = Asking(places, SMALL)
        assert third.waits()
    assert third.inside.wait(10)


def test_after_the_end_nobody_is_let_in_and_those_inside_are_waited_for():
    places = Places(MACHINE)
    inside = Asking(places, LARGE)
    assert inside.inside.wait(10)
    waiting = Asking(places, SMALL)
    queued(places, 1)
    places.shut()
    assert waiting.ends() == "boxes-closed"
    assert Asking(places, SMALL).ends() == "boxes-closed"
    assert not places.empty(0.05)
    inside.leave.set()
    assert places.empty(10)


def test_a_place_is_given_back_after_a_failure():
    places = Places(MACHINE)
    with pytest.raises(OSError, match="full"), places.hold(LARGE, lambda: False):
        raise OSError("full")
    with places.hold(LARGE, lambda: False):
        assert not places.empty(0)


def test_a_crowd_of_all_sizes_gets_through_and_is_never_promised_too_much():
    places, guard, now, most = Places(MACHINE), threading.Lock(), [], []

    def ask(seed):
        dice = random.Random(seed)
        for _ in range(30):
            limits = BoxLimits(cpus=dice.randint(1, 6), memory_bytes=dice.randint(1, 24) * GIB)
            need = min(limits.cpus, 4), min(limits.memory_bytes, 16 * GIB)
            with places.hold(limits, lambda: False):
                with guard:
                    now.append(need)
                    most.append((sum(one[0] for one in now), sum(one[1] for one in now)))
                with guard:
                    now.remove(need)

    threads = [threading.Thread(target=ask, args=(seed,), daemon=True) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 16 * 30
    assert max(cpus for cpus, _ in most) <= 4
    assert max(memory for _, memory in most) <= 16 * GIB
    assert places.empty(0)


@pytest.mark.parametrize("gib", [0.25, 1, 8, 24, 512])
def test_boxes_that_wait_have_their_memory_beside(gib):
    machine = Machine(4, int(gib * GIB))
    left = beside_warm(machine)
    assert left.cpus == 4
    assert left.memory_bytes >= 1
    assert gib <= 1 or left.memory_bytes + most_warm(machine) * WARM_BYTES == machine.memory_bytes
