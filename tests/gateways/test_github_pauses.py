"""How long GitHub is left alone: as long as it says, and where it says nothing about this limit, a minute and then longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import GatewayError
from bot.gateways.github_pauses import FIRST, LONGEST, Pauses
from tests.fakes.clock import FakeClock
from tests.gateways.github_doors import Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = "Wed, 01 May 2024 12:00:00 GMT"
IN_AN_HOUR = {"date": NOON, "x-ratelimit-limit": "5000", "x-ratelimit-reset": "1714568400"}
SECONDARY = {**IN_AN_HOUR, "x-ratelimit-remaining": "4100"}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({**SECONDARY, "retry-after": "30"}, 30.0),
        ({**IN_AN_HOUR, "x-ratelimit-remaining": "0", "retry-after": "30"}, 30.0),
        ({**IN_AN_HOUR, "x-ratelimit-remaining": "0"}, 3600.0),
        (SECONDARY, FIRST),
        (IN_AN_HOUR, FIRST),
        ({"x-ratelimit-remaining": "0"}, FIRST),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, FIRST),
        ({}, FIRST),
    ],
)
def test_what_is_said_counts_and_the_renewal_only_where_nothing_is_left(headers, pause):
    assert Pauses(FakeClock()).after(headers) == pause


def test_a_limit_that_is_met_again_is_left_alone_for_longer_and_in_the_end_no_longer():
    clock = FakeClock()
    pauses, waited = Pauses(clock), []
    for _ in range(7):
        waited.append(pauses.after(SECONDARY))
        clock.pass_by(waited[-1])
    assert waited == [60, 120, 240, 480, 960, 960, 960]
    clock.pass_by(LONGEST)
    assert pauses.after(SECONDARY) == FIRST, "after a time without it"


def test_who_meets_it_during_the_pause_waits_for_the_same_end():
    clock = FakeClock()
    pauses = Pauses(clock)
    assert [pauses.after(SECONDARY) for _ in range(5)] == [60] * 5
    clock.pass_by(45)
    assert pauses.after(SECONDARY) == 15
    clock.pass_by(15)
    assert pauses.after(SECONDARY) == 120


def test_a_secondary_limit_that_names_no_time_stops_nobody_for_an_hour(hub):
    hub.world.faults.secondary_points, hub.world.faults.silent_limits = 1, True
    hub.api.user("ada")
    for pause in (60, 120):
        with pytest.raises(GatewayError) as found:
            hub.api.user("ada")
        assert (found.value.reason, found.value.transient) == ("rate-limited", True)
        assert found.value.retry_after == pause
        hub.clock.pass_by(pause)
    hub.world.faults.secondary_points = 0
    assert hub.api.user("ada").login == "ada"
