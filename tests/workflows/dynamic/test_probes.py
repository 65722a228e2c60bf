import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.dynamic import probes

IMAGE = np.linspace(0, 1, 1200, dtype=np.float32).reshape(1, 1, 30, 40)


def noised(array, seed=7, **more):
    return probes.noised(array, np.random.default_rng(seed), **more)


def test_mirrored_along_the_given_axes():
    array = np.arange(6).reshape(2, 3)
    assert probes.flipped(array, [1]).tolist() == [[2, 1, 0], [5, 4, 3]]
    assert probes.flipped(array, [0, 1]).tolist() == [[5, 4, 3], [2, 1, 0]]
    assert probes.flipped(array, []).tolist() == array.tolist()
    assert probes.flipped(array, [0]).flags.c_contiguous


def test_an_axis_that_is_not_there():
    with pytest.raises(probes.UnfitPlanError, match="has 2 axes, fewer than the description has"):
        probes.flipped(np.zeros((2, 2)), [3])


def test_noise_is_a_fifth_of_the_deviation_and_the_same_for_the_same_seed():
    first, again, other = noised(IMAGE), noised(IMAGE), noised(IMAGE, seed=8)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first.dtype, first.shape) == (IMAGE.dtype, IMAGE.shape)
    free = noised(IMAGE) - IMAGE
    assert abs(free.mean()) < 0.01
    assert np.std(noised(np.tile(IMAGE, (1, 9, 1, 1))) - np.tile(IMAGE, (1, 9, 1, 1))) == pytest.approx(
        0.2 * IMAGE.std(), rel=0.02
    )


def test_noise_stays_in_the_declared_range():
    clipped = noised(IMAGE, span=(0.0, 1.0))
    assert (clipped.min(), clipped.max()) == (0, 1)
    assert noised(IMAGE).max() > 1


def test_a_range_that_the_input_itself_leaves_is_widened_to_it():
    clipped = noised(IMAGE * 100, span=(0.0, 1.0))
    assert clipped.max() == pytest.approx(100)
    assert clipped.min() >= 0
    assert np.std(clipped - IMAGE * 100) > 1


@pytest.mark.parametrize(("value", "sigma"), [(50.0, 0.5), (-50.0, 0.5), (0.0, 1.0)])
def test_noise_of_a_constant_input(value, sigma):
    array = np.full((1, 100, 100), value, np.float32)
    assert probes.deviation(array) == pytest.approx(sigma)
    assert np.std(noised(array)) == pytest.approx(sigma, rel=0.05)


def test_whole_numbers_stay_whole_and_in_their_type():
    array = np.tile(np.array([0, 255], np.uint8), 5000)
    changed = noised(array)
    assert changed.dtype == np.uint8
    assert (changed.min(), changed.max()) == (0, 255)
    assert 0.2 < np.mean(changed != array) < 0.8
    flat = np.full(10_000, 7, np.int16)
    assert set(np.unique(noised(flat))) >= {6, 7, 8}  # at least half a step, or rounding would undo it


def test_a_mask_is_turned_over_here_and_there():
    mask = np.zeros(10_000, bool)
    assert noised(mask).dtype == bool
    assert noised(mask).mean() == pytest.approx(0.05, abs=0.01)


def test_what_is_not_finite_stays_so():
    array = np.array([1, 2, np.nan, np.inf, 3], np.float32)
    changed = noised(array)
    assert np.isfinite(changed).tolist() == [True, True, False, True, True]  # clipped to what the rest reaches
    assert not np.array_equal(changed[:2], array[:2])
    assert np.isnan(noised(np.full(3, np.nan, np.float32))).all()


def test_half_precision_does_not_overflow():
    array = np.array([60_000, -60_000] * 50, np.float16)
    assert np.isfinite(noised(array)).all()


def test_cut_around_the_centre():
    assert probes.resized(np.arange(10), [4]).tolist() == [3, 4, 5, 6]


def test_continued_by_the_mirror_image_as_often_as_needed():
    assert probes.resized(np.arange(3), [10]).tolist() == [0, 1, 2, 2, 1, 0, 0, 1, 2, 2]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 12)), min_size=1, max_size=3))
def test_every_shape_can_be_had(lengths):
    array = np.arange(np.prod([have for have, _ in lengths])).reshape([have for have, _ in lengths])
    grown = probes.resized(array, [want for _, want in lengths])
    assert grown.shape == tuple(want for _, want in lengths)
    assert set(np.unique(grown)) <= set(np.unique(array))
    assert grown.flags.c_contiguous


@pytest.mark.parametrize(("array", "shape"), [(np.zeros((2, 2)), [2]), (np.zeros((0, 2)), [2, 2])])
def test_a_shape_that_cannot_be_had(array, shape):
    with pytest.raises(probes.UnfitPlanError, match="cannot become"):
        probes.resized(array, shape)
