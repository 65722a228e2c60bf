"""A conversation over a link that says what a test wants: which limit it is that somebody is late for."""

import pytest

from bot.gateways.boxes_frames import BoxBrokeError, encode
from bot.gateways.boxes_talk import Talk
from bot.records.box import BoxEnd, BoxLimits


class Scripted:
    """Hands out the pieces it has, then nothing ever again."""

    def __init__(self, *pieces):
        self._pieces = list(pieces)

    def recv(self, seconds):
        if not self._pieces:
            raise TimeoutError
        return self._pieces.pop(0)

    def send(self, data, seconds):
        pass


def talk(*pieces):
    return Talk(Scripted(*pieces), "produce", BoxLimits(seconds=7))


def test_late_with_its_libraries():
    with pytest.raises(BoxBrokeError, match="not loaded its libraries after 120 s") as raised:
        talk().hear_ready()
    assert (raised.value.end, raised.value.cut) == (BoxEnd.TIME, False)


def test_late_with_its_job():
    late = talk(encode("ready", b""))
    assert late.hear_ready()
    late.give({"verb": "produce"})
    with pytest.raises(BoxBrokeError, match="still running after 7 s") as raised:
        late.hear(lambda name, chunks, size: None)
    assert (raised.value.end, raised.value.cut) == (BoxEnd.TIME, False)


@pytest.mark.parametrize("piece", [encode("tensor-0", b"whole")[:5], encode("tensor-0", b"whole")[:-1]])
def test_a_stream_that_ends_in_a_frame_may_have_been_ended(piece):
    cut = talk(encode("ready", b""), piece, b"")
    cut.hear_ready()
    with pytest.raises(BoxBrokeError) as raised:
        cut.hear(lambda name, chunks, size: b"".join(chunks))
    assert (raised.value.end, raised.value.cut) == (BoxEnd.FAILED, True)
