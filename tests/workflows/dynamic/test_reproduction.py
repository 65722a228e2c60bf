"""Does an output reproduce? Every answer in its own words, and with its numbers."""

import math

import numpy as np
import pytest

from workflows.dynamic import partition


def words(tensor):
    return tensor["outcome"]["outcome"], tensor["outcome"]["message"]


def ramp():
    return np.linspace(0, 1, 1000).reshape(1, 1, 20, 50)


def test_it_reproduces(judged):
    tensor = judged(ramp(), ramp() + 5e-6)
    assert words(tensor) == (
        "passed",
        (
            "output `probability`: all 1,000 elements agree within the tolerance (atol 1e-05, rtol 0.001), "
            "largest absolute difference 5e-06"
        ),
    )
    assert (tensor["elements"], tensor["mismatched"], tensor["mismatch_ppm"]) == (1000, 0, 0)
    assert tensor["tolerance"] == {"atol": 1e-5, "rtol": 1e-3, "ppm": 0, "source": "test"}
    assert tensor["expected_shape"] == tensor["produced_shape"] == [1, 1, 20, 50]
    assert tensor["expected_dtype"] == "float64"


def test_it_does_not_by_how_much_and_where(judged):
    produced = ramp()
    produced[0, 0, 12, 40:43] += [0.25, 0.5, 0.125]
    tensor = judged(ramp(), produced)
    assert words(tensor) == (
        "failed",
        (
            "output `probability`: 3 of 1,000 elements (3,000 ppm) differ by more than the tolerance "
            "(atol 1e-05, rtol 0.001); worst at [0, 0, 12, 41]: expected 0.641642, got 1.14164"
        ),
    )
    assert tensor["worst"] == {
        "index": [0, 0, 12, 41],
        "expected": ramp()[0, 0, 12, 41],
        "produced": produced[0, 0, 12, 41],
    }
    assert tensor["max_abs"] == pytest.approx(0.5)


def test_some_elements_may_differ(judged):
    produced = ramp()
    produced[0, 0, 0, 0] = 9
    tensor = judged(ramp(), produced, ppm=1000)
    assert words(tensor) == (
        "passed",
        (
            "output `probability`: 1 of 1,000 elements (1,000 ppm) differ by more than the tolerance "
            "(atol 1e-05, rtol 0.001, 1000 ppm), as tolerated, largest absolute difference 9"
        ),
    )


def test_a_tolerance_of_a_billion_is_no_pass(judged):
    tensor = judged(ramp(), ramp() + 0.05, atol=1e9)
    assert words(tensor) == (
        "failed",
        (
            "output `probability`: reproduces only within 0.05 (declared: atol 1e+09, rtol 0.001): for human eyes; "
            "1,000 of 1,000 elements (1,000,000 ppm) differ by more than the tolerance (atol 0.0098, rtol 0.001, "
            "at most 0.0098 by the collection's ceiling); worst at [0, 0, 9, 2]: expected 0.452452, got 0.502452"
        ),
    )
    assert tensor["tolerance"]["atol"] == pytest.approx(0.0098)
    assert tensor["tolerance"]["source"] == "test, up to the collection's ceiling"


def test_too_many_elements_for_the_collection_are_for_human_eyes(judged):
    produced = ramp()
    produced[0, 0, 0, :10] += 1
    tensor = judged(ramp(), produced, ppm=20_000)
    assert "reproduces only within 1 (declared: atol 1e-05, rtol 0.001, 20000 ppm): for human eyes" in words(tensor)[1]
    assert tensor["tolerance"]["ppm"] == 1000


def test_beyond_even_the_declared_it_is_just_wrong(judged):
    tensor = judged(ramp(), ramp() + 5, atol=1)
    assert words(tensor)[0] == "failed"
    assert "for human eyes" not in words(tensor)[1]
    assert "at most 0.0098 by the collection's ceiling" in words(tensor)[1]


def test_within_the_ceiling_a_large_tolerance_passes(judged):
    tensor = judged(ramp(), ramp() + 0.005, atol=1e9)
    assert words(tensor)[0] == "passed"


def test_nan_where_a_number_is_expected(judged):
    produced = ramp()
    produced[0, 0, 1, 2] = math.nan
    produced[0, 0, 1, 3] = math.inf
    tensor = judged(ramp(), produced, atol=1e9)
    assert words(tensor) == (
        "failed",
        (
            "output `probability`: 2 of 1,000 elements (2,000 ppm) differ by more than the tolerance (atol 0.0098, "
            "rtol 0.001, at most 0.0098 by the collection's ceiling); worst at [0, 0, 1, 2]: expected 0.0520521, got nan; "
            "it holds 1 NaN and 1 infinite elements"
        ),
    )
    assert (tensor["nan"], tensor["inf"], tensor["worst"]["produced"]) == (1, 1, "NaN")


@pytest.mark.parametrize("kind", ["float", "label", "binary"])
@pytest.mark.parametrize(
    ("expected", "produced", "said"),
    [
        ([math.nan, math.nan], [math.nan, math.nan], "every element is NaN"),
        ([1.0, 2.0], [math.nan, math.nan], "every element is NaN"),
        (
            [math.inf, math.nan],
            [math.inf, math.nan],
            "the expected tensor has no finite element, so nothing is compared",
        ),
        ([], [], "it has no elements, so nothing is compared"),
    ],
)
def test_nothing_to_compare_is_no_pass(judged, kind, expected, produced, said):
    assert words(judged(expected, produced, kind, atol=1e9)) == ("failed", f"output `probability`: {said}")


@pytest.mark.parametrize(
    ("produced", "said"),
    [
        (
            np.zeros((1, 20, 50)),
            "its shape is [1, 20, 50], expected [1, 1, 20, 50] (3 instead of 4 axes); only axes of length 1 differ",
        ),
        (np.zeros(1000), "its shape is [1000], expected [1, 1, 20, 50] (1 instead of 4 axes)"),
        (np.zeros((1, 1, 20, 49)), "its shape is [1, 1, 20, 49], expected [1, 1, 20, 50] (axis 3 differs)"),
        (
            np.zeros((1, 1, 50, 20), np.uint8),
            "its shape is [1, 1, 50, 20], expected [1, 1, 20, 50] (axes 2, 3 differ); its data type is uint8, expected float64",
        ),
    ],
)
def test_another_shape(judged, produced, said):
    tensor = judged(ramp(), produced)
    assert words(tensor) == ("failed", f"output `probability`: {said}")
    assert (tensor["elements"], tensor["max_abs"], tensor["worst"]) == (0, None, None)


def test_another_data_type_is_remarked_and_the_numbers_decide(judged):
    assert words(judged(ramp(), ramp().astype(np.float32)))[1].endswith("; its data type is float32, expected float64")
    assert "data type" not in words(judged(ramp(), ramp().astype(">f8")))[1]


def test_a_scalar(judged):
    tensor = judged(np.array(1.0), np.array(2.0))
    assert "worst at []: expected 1, got 2" in words(tensor)[1]
    assert tensor["worst"]["index"] == []


def test_binary_is_compared_exactly(judged):
    expected = np.zeros(2000, bool)
    produced = expected.copy()
    produced[7:9] = True
    assert words(judged(expected, expected, "binary"))[1].startswith(
        "output `probability`: all 2,000 elements agree exactly"
    )
    tensor = judged(expected, produced, "binary", atol=5)
    assert words(tensor) == (
        "failed",
        (
            "output `probability`: 2 of 2,000 elements (1,000 ppm) differ (binary: compared exactly); "
            "worst at [7]: expected 0, got 1"
        ),
    )
    assert words(judged(expected, produced, "binary", ppm=1e6))[0] == "passed"
    assert judged(expected, produced, "binary", ppm=1e6)["tolerance"]["ppm"] == 1000
    produced[10] = True
    assert words(judged(expected, produced, "binary", ppm=1e6))[0] == "failed"


def test_labels_are_compared_as_a_partition(judged):
    expected = np.repeat(np.arange(10), 100)
    tensor = judged(expected, (expected * 7 + 3).astype(np.int32), "label")
    assert words(tensor) == (
        "passed",
        (
            "output `probability`: all 1,000 elements carry the same labels (10 of 10 labels renumbered); "
            "its data type is int32, expected int64"
        ),
    )
    assert (tensor["max_abs"], tensor["max_rel"], tensor["worst"]) == (None, None, None)
    produced = expected.copy()
    produced[199] = 0
    produced[501] = 77
    assert words(judged(expected, produced, "label")) == (
        "failed",
        (
            "output `probability`: 2 of 1,000 elements (2,000 ppm) are labelled differently, whatever the numbers "
            "(0 of 10 labels renumbered); worst at [199]: expected 1, got 0"
        ),
    )


def test_noise_declared_as_labels(judged, monkeypatch):
    monkeypatch.setattr(partition, "MAX_PAIRS", 10)
    tensor = judged(np.arange(20), np.arange(20), "label")
    assert words(tensor) == (
        "failed",
        "output `probability`: it is declared as a label map, but has more than 10 pairs of labels",
    )
    assert tensor["elements"] == 20
