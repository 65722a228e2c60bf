"""A value that is asked for once, however many want it, and that is old rather than absent."""

import asyncio
import threading

from bot.serving.fresh import Fresh


class Source:
    def __init__(self):
        self.asked, self.now, self.error = 0, 0.0, None
        self.open = threading.Event()
        self.open.set()

    def __call__(self):
        self.asked += 1
        assert self.open.wait(20)
        if self.error:
            raise self.error
        return self.asked

    def fresh(self, **more):
        return Fresh(self, lambda: self.now, 5.0, **more)


def test_a_young_value_is_not_asked_for_again():
    source = Source()

    async def look():
        fresh = source.fresh()
        first = await fresh.get()
        source.now = 4.9
        second = await fresh.get()
        source.now = 5.0
        return first, second, await fresh.get()

    assert asyncio.run(look()) == ((1, True), (1, True), (2, True))


def test_many_at_once_ask_once():
    source = Source()

    async def look():
        fresh = source.fresh()
        return await asyncio.gather(*(fresh.get() for _ in range(20)))

    assert set(asyncio.run(look())) == {(1, True)}


def test_a_source_that_hangs_leaves_the_old_value():
    source = Source()

    async def look():
        fresh = source.fresh(patience=0.02)
        await fresh.get()
        source.now = 10.0
        source.open.clear()
        old = [await fresh.get() for _ in range(3)]
        asked = source.asked
        source.open.set()
        while not (found := await fresh.get())[1]:
            pass
        return old, asked, found

    assert asyncio.run(look()) == ([(1, False)] * 3, 2, (2, True))


def test_a_source_that_never_answered_has_no_value():
    source = Source()
    source.error = OSError("away")

    async def look():
        fresh = source.fresh()
        first = await fresh.get()
        source.error = None
        return first, await fresh.get()

    assert asyncio.run(look()) == ((None, False), (2, True))


def test_a_clock_that_goes_back_makes_nothing_young_for_ever():
    source = Source()
    source.now = 100.0

    async def look():
        fresh = source.fresh()
        await fresh.get()
        source.now = 0.0
        return await fresh.get()

    assert asyncio.run(look()) == (2, True)
