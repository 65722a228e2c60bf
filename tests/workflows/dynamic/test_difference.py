import math

import numpy as np
import pytest

from workflows.dynamic import difference
from workflows.dynamic.difference import Worst, compare, per_million
from workflows.dynamic.npy import Tensor, open_tensor
from workflows.dynamic.tolerance import Tolerance

NAN, INF = math.nan, math.inf


@pytest.fixture
def pair(tmp_path):
    def make(expected, produced):
        np.save(tmp_path / "e.npy", np.asarray(expected))
        np.save(tmp_path / "p.npy", np.asarray(produced))
        return open_tensor(tmp_path / "e.npy"), open_tensor(tmp_path / "p.npy")

    return make


def counted(pair, expected, produced, atol=0.1, rtol=0.0, ceiling=None):
    return compare(*pair(expected, produced), Tolerance(atol, rtol, 0, "x"), ceiling)


def test_equal_tensors_have_no_worst(pair):
    found = counted(pair, [1.0, 2.0], [1.0, 2.0])
    assert (found.elements, found.mismatched, found.max_abs, found.max_rel, found.worst) == (2, 0, 0.0, 0.0, None)


def test_what_differs_is_counted_and_the_worst_shown(pair):
    found = counted(pair, [1.0, 2.0, 4.0, 0.0], [1.05, 2.5, 3.0, 0.0])
    assert (found.elements, found.mismatched, found.beyond_declared) == (4, 2, 2)
    assert found.max_abs == 1.0
    assert found.max_rel == 0.25
    assert found.worst == Worst(2, 4.0, 3.0)
    assert found.ppm == 500_000


def test_the_worst_is_beyond_what_is_allowed_not_just_far_away(pair):
    found = counted(pair, [1000.0, 1.0], [1050.0, 1.5], atol=0, rtol=0.1)
    assert (found.mismatched, found.max_abs, found.worst) == (1, 50.0, Worst(1, 1.0, 1.5))


def test_within_the_tolerance_the_worst_is_still_shown(pair):
    found = counted(pair, [1.0, 2.0], [1.05, 2.0])
    assert (found.mismatched, found.worst) == (0, Worst(0, 1.0, 1.05))


@pytest.mark.parametrize(
    ("expected", "produced", "mismatched"),
    [
        (NAN, NAN, 0),
        (INF, INF, 0),
        (INF, -INF, 1),
        (1.0, NAN, 1),
        (1.0, INF, 1),
        (NAN, 1.0, 1),
        (INF, 1.0, 1),
        (INF, NAN, 1),
    ],
)
def test_what_is_not_finite_must_be_the_same(pair, expected, produced, mismatched):
    found = counted(pair, [expected, 5.0], [produced, 5.0], atol=1e300, rtol=1e300)
    assert found.mismatched == found.beyond_declared == mismatched
    assert found.nan == int(math.isnan(produced))
    assert found.inf == int(math.isinf(produced))
    assert found.finite_expected == 1 + int(math.isfinite(expected))
    assert found.max_abs == 0.0
    assert (found.worst is None) == (mismatched == 0)


def test_nothing_finite_has_no_largest_difference(pair):
    found = counted(pair, [1.0], [NAN])
    assert (found.max_abs, found.max_rel, found.largest_expected) == (None, None, 1.0)


def test_blocks_are_added_up(pair, monkeypatch):
    whole = Tensor.blocks
    monkeypatch.setattr(Tensor, "blocks", lambda self: whole(self, 3))
    expected = np.arange(10.0)
    produced = expected.copy()
    produced[[2, 7]] += [0.5, 3]
    found = counted(pair, expected, produced)
    assert (found.elements, found.mismatched, found.max_abs, found.worst) == (10, 2, 3.0, Worst(7, 7.0, 10.0))
    assert found.largest_expected == 9.0


def test_the_first_of_equals_stays_the_worst_over_blocks(pair, monkeypatch):
    whole = Tensor.blocks
    monkeypatch.setattr(Tensor, "blocks", lambda self: whole(self, 1))
    assert counted(pair, [1.0, 1.0], [NAN, NAN]).worst.position == 0


def test_the_ceiling_counts_apart_from_the_declared(pair):
    found = counted(pair, [1.0, 2.0], [1.05, 2.0], atol=1e9, ceiling=0.01)
    assert (found.mismatched, found.beyond_declared) == (1, 0)


def test_other_orders_and_types_are_compared_by_value(pair):
    expected = np.arange(6, dtype=">i2").reshape(2, 3)
    found = counted(pair, expected, np.asfortranarray(expected.astype(np.float64)))
    assert (found.mismatched, found.max_abs) == (0, 0.0)


def test_no_elements(pair):
    found = counted(pair, np.zeros((0, 3)), np.zeros((0, 3)))
    assert (found.elements, found.ppm, found.max_abs) == (0, 0.0, None)
    assert per_million(1, 0) == 0.0


def test_plain_numbers():
    assert difference.plain(np.True_) == 1
    assert type(difference.plain(np.True_)) is int
    assert difference.plain(np.float32(0.5)) == 0.5
