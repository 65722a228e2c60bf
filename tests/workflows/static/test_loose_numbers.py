"""Numbers as the specification's own reader takes them."""

import math

import pytest

from workflows.static.loose_numbers import real, reals, whole, wholes


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (15, 15),
        ("15", 15),
        (" +15 ", 15),
        ("15.00", 15),
        ("1_000", 1000),
        (15.0, 15),
        (True, 1),
        (2**70, 2**70),
        *(
            (odd, None)
            for odd in ("", "x", "1e3", "0x10", "15.5", "_1", "1__0", "1" * 401, 1.5, math.inf, math.nan, None, [])
        ),
    ],
)
def test_whole_numbers(given, number):
    assert whole(given) == number


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (0.5, 0.5),
        ("0.5", 0.5),
        (" .5 ", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("-inf", -math.inf),
        ("Infinity", math.inf),
        (False, 0),
        *((odd, None) for odd in ("", "x", "1e", "true", "9" * 401, 10**400, None, {})),
    ],
)
def test_numbers(given, number):
    assert real(given) == number


def test_lists_of_them():
    assert wholes([1, "2", 3.0]) == [1, 2, 3]
    assert wholes([]) == []
    assert wholes([1, None]) is wholes("12") is wholes(None) is None
    assert reals([1, "0.5"]) == [1, 0.5]
    assert reals(["x"]) is reals(3) is None
    assert math.isnan(real("nan"))
