"""Axes of one letter each, as 0.5 writes them."""

import pytest

from workflows.static.letters_05 import axis_lines


def test_axes_with_their_sizes():
    shape = {"min": [1, 2, 1, 64, 32], "step": [1, 0, 0, 16, 8]}
    assert axis_lines("bcizy", {"shape": shape}) == [
        "{type: batch}",
        "{type: channel, channel_names: [channel0, channel1]}",
        "{type: index, size: 1}",
        "{type: space, id: z, size: {min: 64, step: 16}}",
        "{type: space, id: y, size: {min: 32, step: 8}}",
    ]
    assert axis_lines("tx", {"shape": [5, "7"]}) == ["{type: time, size: 5}", "{type: space, id: x, size: 7}"]


@pytest.mark.parametrize(
    ("letters", "shape"),
    [
        ("", []),
        ("yx", None),
        ("yx", [1]),
        ("yx", [1, 0]),
        ("yx", [1, None]),
        ("qx", [1, 1]),
        ("yx", {"reference_tensor": "raw"}),
        ("yx", {"min": [1, 1], "step": [1]}),
        ("cx", [17, 1]),
        ("cx", {"min": [1, 1], "step": [1, 1]}),
    ],
)
def test_sizes_that_are_not_known(letters, shape):
    assert axis_lines(letters, {"shape": shape}) is None
