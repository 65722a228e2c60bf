"""Threads that ask at once share requests, and nobody gets an answer older than his question."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import looks
from bot.errors import GatewayError
from bot.gateways.coalesce import Coalescer
from tests.gateways.github_doors import ZOO, doors

R = f"/repos/{ZOO}"


class Door:
    """Answers with how often it was asked; the first one waits until it is let go."""

    def __init__(self):
        self.asked = 0
        self.first = threading.Event()
        self.go = threading.Event()

    def __call__(self):
        self.asked += 1
        number = self.asked
        if number == 1:
            self.first.set()
            self.go.wait(60)
        return number


def waiting(coalescer, key, users):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        turn = coalescer._turns.get(key)
        if turn and turn.users == users:
            return
        time.sleep(0.001)
    raise AssertionError("they did not come")


def test_who_asks_during_a_request_shares_the_next_one():
    coalescer, door = Coalescer(), Door()
    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(coalescer.ask, "url", door)
        door.first.wait(60)
        others = [pool.submit(coalescer.ask, "url", door) for _ in range(15)]
        waiting(coalescer, "url", 16)
        door.go.set()
        assert first.result() == (1, True)
        found = [other.result() for other in others]
    assert door.asked == 2
    assert {answer for answer, _ in found} == {2}, "the first request was under way before they asked"
    assert sum(sent for _, sent in found) == 1
    assert coalescer._turns == coalescer._boarding == {}


def test_other_keys_do_not_wait():
    coalescer, door = Coalescer(), Door()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(coalescer.ask, "url", door)
        door.first.wait(60)
        assert coalescer.ask("other", lambda: "at once") == ("at once", True)
        door.go.set()
        first.result()


def test_trouble_is_told_to_all_whom_the_request_served():
    coalescer, door = Coalescer(), Door()
    trouble = GatewayError("Away.", reason="github-unreachable", transient=True)

    def failing():
        door()
        if door.asked > 1:
            raise trouble
        return 1

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(coalescer.ask, "url", failing)
        door.first.wait(60)
        others = [pool.submit(coalescer.ask, "url", failing) for _ in range(5)]
        waiting(coalescer, "url", 6)
        door.go.set()
        assert first.result() == (1, True)
        for other in others:
            with pytest.raises(GatewayError):
                other.result()
    assert door.asked == 2


def test_a_fault_of_ours_fails_one_and_the_next_one_asks():
    coalescer = Coalescer()
    with pytest.raises(ZeroDivisionError):
        coalescer.ask("url", lambda: 1 / 0)
    assert coalescer.ask("url", lambda: 1) == (1, True)


def test_many_threads_get_each_its_own_answer_and_few_requests_are_sent(tmp_path):
    """PyGithub's connection object, shared by threads, hands one the answer of another."""
    with doors(tmp_path) as hub:
        numbers = [hub.submission(f"add/{n}") for n in range(6)]
        for number in numbers:
            hub.world.comment(ZOO, number, login="ada", body=f"on {number}")
        before = len(hub.world.requests)

        def read(number):
            return number, [c["body"] for c in hub.transport.pages(f"{R}/issues/{number}/comments")]

        with ThreadPoolExecutor(12) as pool:
            found = list(pool.map(read, numbers * 20))
        assert all(bodies == [f"on {number}"] for number, bodies in found)
        sent = len(hub.world.requests) - before
        calls = hub.transport.calls
        assert sent == calls["read"] + calls["unchanged"]
        assert sent + calls["coalesced"] == 120
        assert calls["coalesced"] > 0


def test_one_look_asks_each_url_once_until_it_writes_or_observes_again(tmp_path):
    with doors(tmp_path) as hub:
        number = hub.submission()
        url = f"{R}/issues/{number}/comments"
        before = len(hub.world.requests)
        with looks.look("pull 1") as look:
            for _ in range(3):
                assert list(hub.transport.pages(url)) == []
            assert len(hub.world.requests) - before == 1
            hub.api.create_comment(number, "Hello")
            assert [c["body"] for c in hub.transport.pages(url)] == ["Hello"]
            hub.world.comment(ZOO, number, login="ada", body="Hi")
            looks.renew()
            assert [c["body"] for c in hub.transport.pages(url)] == ["Hello", "Hi"]
            hub.world.comment(ZOO, number, login="ada", body="Ho")
            assert len(list(hub.transport.pages(url, fresh=True))) == 3
        assert dict(look.calls) == {"read": 4, "cached": 2, "write": 1}


def test_outside_of_a_look_everything_is_asked(tmp_path):
    with doors(tmp_path) as hub:
        before = len(hub.world.requests)
        hub.transport.get(R)
        hub.transport.get(R)
        assert len(hub.world.requests) - before == 2
