import io

import pytest

from workflows import frames

JOB = b"\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x02job{}"


def test_a_frame_has_the_bytes_of_the_protocol():
    stream = io.BytesIO()
    frames.write(stream, "job", b"{}")
    assert stream.getvalue() == JOB


def test_frames_are_read_in_order_until_the_end():
    stream = io.BytesIO(JOB + frames.head("ready", 0))
    assert [frames.read(stream, 10) for _ in range(3)] == [("job", b"{}"), ("ready", b""), None]


@pytest.mark.parametrize("name", ["", "x" * 129, "ü" * 65])
def test_a_name_has_1_to_128_bytes(name):
    with pytest.raises(frames.FrameError, match="1 to 128 bytes"):
        frames.head(name, 0)


def test_the_longest_name_is_read_back():
    name = "ü" * 64
    assert frames.read(io.BytesIO(frames.head(name, 0)), 0) == (name, b"")


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (JOB[:5], "inside a frame's head"),
        (JOB[:14], "1 bytes inside a frame"),
        (JOB[:-1], "1 bytes inside a frame"),
        (b"\x00\x00\x00\x00" + JOB[4:], "1 to 128 bytes, not 0"),
        (b"\xff\xff\xff\xff" + JOB[4:], "1 to 128 bytes, not 4294967295"),
        (b"\x00\x00\x00\x01" + b"\x00" * 8 + b"\xff", "not UTF-8"),
        (b"\x00\x00\x00\x01" + b"\xff" * 8 + b"x", "longer than the limit of 100"),
    ],
)
def test_a_broken_stream_is_refused(stream, words):
    with pytest.raises(frames.FrameError, match=words):
        frames.read(io.BytesIO(stream), 100)
