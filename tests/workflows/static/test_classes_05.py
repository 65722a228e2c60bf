"""Which lists of values a data type can hold; each verdict is bioimageio.spec's."""

import pytest

from workflows.static.classes_05 import misfits


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0, 1, 255], "uint8"),
        ([-128, 127], "int8"),
        ([2**64 - 1], "uint64"),
        ([2**64], "float64"),
        ([True, False], "bool"),
        ([True, False], "uint8"),
        ([True, False], "float32"),
        ([0.5, 1], "float32"),
        ([1e30], "float32"),
        (["background", "cell"], "uint8"),
        (["1", "2"], "uint16"),
        ([True, 1], "uint8"),
        ([1.0, True], "uint8"),
        ([1, "0"], "uint8"),
        ([0.5, "1"], "float32"),
        (["yes", True], "bool"),
        (["no", False], "uint8"),
    ],
)
def test_values_that_fit(values, dtype):
    assert misfits(values, dtype) == []


@pytest.mark.parametrize(
    ("values", "dtype", "odd"),
    [
        ([0, 256, -1], "uint8", [256, -1]),
        ([0, 1], "bool", [0, 1]),
        ([1.0, 2.0], "uint8", [1.0, 2.0]),
        ([0.5, 1], "uint8", [0.5, 1.0]),
        ([1e39], "float32", [1e39]),
        (["a"], "float32", ["a"]),
        (["a"], "int8", ["a"]),
        ([True, 1], "bool", [1, 1]),
        (["true", "no"], "bool", ["true", "no"]),
        ([1, "a"], "uint8", [1, "a"]),
        ([False, "x"], "uint8", [False, "x"]),
        ([0, 2, "yes"], "uint8", [0, 2, "yes"]),
    ],
)
def test_values_that_do_not(values, dtype, odd):
    assert misfits(values, dtype) == odd
