"""How an end is read, without a box: whose kill it was decides before all else but memory."""

import pytest

from bot.errors import GatewayError
from bot.gateways.boxes_end import Exit, judge_end
from bot.gateways.boxes_frames import BoxBrokeError
from bot.records.box import BoxEnd, BoxLimits

DONE = {"peak_memory_bytes": 5}
LATE = BoxBrokeError(BoxEnd.TIME, "late")
CUT = BoxBrokeError(BoxEnd.FAILED, "in the middle", cut=True)


def judged(code, *, oom=False, killed=False, done=None, broke=None, silent=False):
    return judge_end(Exit(code, oom=oom, killed=killed), done, broke, BoxLimits(), silent=silent)


@pytest.mark.parametrize(
    ("code", "more", "end"),
    [
        (0, {"done": DONE}, BoxEnd.DONE),
        (0, {}, BoxEnd.FAILED),
        (0, {"silent": True}, BoxEnd.PROTOCOL),
        (3, {"done": DONE}, BoxEnd.FAILED),
        (0, {"broke": CUT}, BoxEnd.FAILED),
        (137, {"oom": True}, BoxEnd.MEMORY),
        (137, {"oom": True, "broke": CUT}, BoxEnd.MEMORY),
        (0, {"oom": True, "done": DONE}, BoxEnd.MEMORY),
        (137, {"killed": True, "broke": LATE}, BoxEnd.TIME),
        (137, {"killed": True, "done": DONE}, BoxEnd.DONE),
        (137, {"killed": True}, BoxEnd.FAILED),
        (159, {}, BoxEnd.FAILED),
    ],
)
def test_an_end(code, more, end):
    assert judged(code, **more).end is end


@pytest.mark.parametrize("more", [{}, {"broke": CUT}, {"done": DONE}, {"silent": True}])
def test_killed_by_neither_us_nor_its_memory_is_nobodys_verdict(more):
    with pytest.raises(GatewayError) as raised:
        judged(137, **more)
    assert (raised.value.reason, raised.value.transient) == ("box-killed", True)
