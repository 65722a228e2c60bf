"""The fence is asked as the bytes leave, not only before: whoever was paused in between has written nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.gateways.github_transport import Transport, token_requester
from bot.gateways.last_word import last_word
from bot.gateways.pacer import Pacer
from tests.gateways.github_doors import TOKENS, ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, HEADERS, BODY = 1, 2, 3
"""The questions of one write."""


class TakenOverError(Exception):
    """What the fence says."""


class Fence:
    """Falls at the question of that number, until it is opened; 0 is never."""

    def __init__(self) -> None:
        self.falls, self.asked = 0, 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked == self.falls:
            raise TakenOverError


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.fixture
def fenced(hub: Doors) -> Iterator[tuple[Transport, Fence]]:
    fence = Fence()
    made = Transport(
        token_requester(hub.url, TOKENS["personal"]),
        hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock, fence=fence,
    )  # fmt: skip
    yield made, fence
    made.close()


def comment(transport: Transport, number: int, body: str) -> Any:
    return transport.write("POST", f"/repos/{ZOO}/issues/{number}/comments", {"body": body})


@pytest.mark.parametrize("falls", [BEFORE, HEADERS, BODY])
@pytest.mark.parametrize("used", [False, True], ids=["a new connection", "a kept connection"])
def test_a_fence_that_falls_while_a_write_leaves_stops_it(hub: Doors, fenced: Any, *, falls: int, used: bool) -> None:
    transport, fence = fenced
    number = hub.submission()
    if used:
        comment(transport, number, "before")
    fence.asked, fence.falls = 0, falls
    with pytest.raises(TakenOverError):
        comment(transport, number, "never")
    assert fence.asked == falls
    comment(transport, number, "after")
    bodies = [one.body for one in hub.world.comments(ZOO, number)]
    assert bodies == (["before"] if used else []) + ["after"]


def test_reads_ask_nobody(fenced: Any) -> None:
    transport, fence = fenced
    transport.get(f"/repos/{ZOO}")
    assert fence.asked == 0


def test_it_ends_with_its_block_also_after_an_error(hub: Doors, fenced: Any) -> None:
    transport, _ = fenced
    fence = Fence()
    fence.falls = 1
    with pytest.raises(TakenOverError), last_word(fence):
        transport.get(f"/repos/{ZOO}")
    transport.get(f"/repos/{ZOO}")
    assert fence.asked == 1
