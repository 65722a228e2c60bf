"""Which plane is shown, and what becomes of it at the size of a picture."""

import numpy as np
import pytest

from workflows.dynamic.colours import GROUND, NONE, NOT_FINITE, OVER, UNDER, distinct, diverging, fitted, grey
from workflows.dynamic.histogram import BINS, Histogram, counted
from workflows.dynamic.npy import open_tensor
from workflows.dynamic.panels import Extent, codes, common, of_binary, of_labels, of_numbers
from workflows.dynamic.views import Grid, views


def places(shape, axes, place=None):
    return [(view.at, (view.rows, view.columns), view.caption) for view in views(shape, axes, place)]


@pytest.mark.parametrize(
    ("shape", "axes", "at", "sides", "caption"),
    [
        ((64, 64), "yx", (32, 32), (0, 1), ""),
        ((1, 1, 64, 32), "bcyx", (0, 0, 32, 16), (2, 3), ""),
        ((1, 9, 16, 64, 32), "bczyx", (0, 0, 8, 32, 16), (3, 4), "c 1 of 9, z 9 of 16"),
        ((4, 64, 32, 5), ["batch", "y", "x", "channel"], (0, 32, 16, 0), (1, 2), "batch 1 of 4, channel 1 of 5"),
        ((20, 64, 32), ["time", "y", "x"], (10, 32, 16), (1, 2), "time 11 of 20"),
        ((64, 32), "xy", (32, 16), (1, 0), ""),
        ((64, 32, 2), "zyx", (32, 16, 1), (0, 1), "x 2 of 2"),
        ((9, 8, 8), "yx", (4, 4, 4), (1, 2), "axis 0 5 of 9"),
    ],
)
def test_the_plane_is_in_the_middle(shape, axes, at, sides, caption):
    assert places(shape, axes) == [(at, sides, caption)]


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((), ""), ((5,), "x"), ((7, 64), "yx"), ((64, 64), "bc"), ((64, 64), "ti"), ((1, 64, 3), "byx"), ((0, 64), "yx")],
)
def test_what_is_no_image_is_not_shown(shape, axes):
    assert views(shape, axes, None) == []


def test_a_fault_is_shown_where_it_is():
    assert places((1, 2, 16, 64, 200), "bczyx", (0, 1, 3, 5, 6)) == [((0, 1, 3, 5, 6), (3, 4), "c 2 of 2, z 4 of 16")]
    assert places((64, 64), "yx", (1, 2, 3)) == places((64, 64), "yx")


def test_channels_of_small_images_stand_beside_each_other():
    found = places((1, 3, 9, 64, 64), "bczyx", (0, 2, 4, 0, 0))
    assert [at[1] for at, _, _ in found] == [0, 1, 2]
    assert {caption for _, _, caption in found} == {"c 1 to 3, z 5 of 9"}
    assert len(views((1, 3, 64, 131), "bcyx", None)) == 1
    assert len(views((1, 4, 64, 64), "bcyx", None)) == 1


def test_rows_are_y_whatever_the_order(tmp_path):
    array = np.arange(8 * 9.0).reshape(8, 9)
    np.save(tmp_path / "a.npy", array)
    tensor = open_tensor(tmp_path / "a.npy")
    assert np.array_equal(views((8, 9), "yx", None)[0].plane(tensor), array)
    assert np.array_equal(views((8, 9), "xy", None)[0].plane(tensor), array.T)


def test_a_large_plane_becomes_cells():
    plane = np.arange(100 * 40.0).reshape(100, 40)
    grid = Grid.within((100, 40), 25, 25)
    assert grid.means(plane).shape == (25, 10)
    assert grid.means(plane)[0, 0] == plane[:4, :4].mean()
    assert grid.corners(plane)[1, 1] == plane[4, 4]
    assert Grid.within((9, 9), 25, 25).means(plane[:9, :9]).tolist() == plane[:9, :9].tolist()
    assert Grid.within((1000, 1), 25, 25).means(np.ones((1000, 1))).shape == (25, 1)


def test_one_wrong_element_among_thousands_is_not_averaged_away():
    expected = np.zeros((101, 97))
    produced = expected.copy()
    produced[55, 66], produced[56, 66], produced[10, 20] = 1, -3, np.nan
    change = Grid.within((101, 97), 10, 10).extremes(expected, produced)
    assert np.nanmin(change) == -3
    assert np.isnan(change).sum() == 1
    assert np.count_nonzero(change == 0) == change.size - 2


def test_equal_infinities_are_no_difference():
    plane = np.full((9, 9), np.inf)
    assert not Grid.within((9, 9), 9, 9).extremes(plane, plane).any()


def test_numbers_as_colours():
    assert grey(np.array([[0.0, 1.0, np.nan, 5.0]]), 0, 1)[0].tolist() == [
        [0] * 3,
        [255] * 3,
        list(NOT_FINITE),
        [255] * 3,
    ]
    assert grey(np.array([[3.0]]), 3, 3)[0, 0].tolist() == [127] * 3
    found = diverging(np.array([[-2.0, 0.0, 2.0, 9.0, np.nan]]), 2)
    assert [tuple(one) for one in found[0].tolist()] == [UNDER, NONE, OVER, OVER, NOT_FINITE]
    assert tuple(diverging(np.zeros((1, 1)), 0)[0, 0].tolist()) == NONE
    assert distinct(np.array([[0]]))[0, 0].tolist() == list(GROUND)


def test_neighbouring_labels_have_distinct_colours():
    found = distinct(np.arange(1, 40)[None])[0].astype(int)
    apart = np.abs(np.diff(found, axis=0)).sum(1)
    assert apart.min() > 60
    assert len({tuple(one) for one in found.tolist()}) == 39


def test_extreme_numbers_have_colours_too():
    with np.errstate(all="raise", under="ignore"):
        grey(np.array([[-1.7e308, 1.7e308]]), -1.7e308, 1.7e308)
        diverging(np.array([[5e-324]]), 5e-324)


def test_a_picture_fills_its_box():
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3, 1).repeat(3, 2)
    assert fitted(picture, 9, 9).shape == (6, 9, 3)
    assert fitted(picture, 9, 9)[5, 8].tolist() == [5] * 3
    assert fitted(np.zeros((1, 500, 3), np.uint8), 9, 9).shape == (1, 9, 3)


@pytest.mark.parametrize(
    ("expected", "produced", "ends"),
    [
        (Extent(0, 1, 0), Extent(-0.5, 2, 0), (-0.5, 2)),
        (Extent(0, 1, 0), Extent(0, 255, 0), (0, 1)),
        (Extent(3, 3, 0), Extent(0, 255, 0), (0, 255)),
        (Extent(0, 1, 0), Extent(np.inf, -np.inf, 9), (0, 1)),
    ],
)
def test_both_are_drawn_on_one_scale_that_shows_the_expected(expected, produced, ends):
    assert common(expected, produced) == ends


def panels(make, expected, produced):
    return make([(expected, produced)], Grid.within(expected.shape, 186, 186))


def test_below_a_float_panel_stand_its_own_values():
    expected, produced = np.linspace(0, 1, 100).reshape(10, 10), np.linspace(0, 255, 100).reshape(10, 10)
    produced[0, 0] = np.nan
    found = panels(of_numbers, expected, produced)
    assert [one.below for one in found[:2]] == ["0 to 1", "2.58 to 255, white from 1"]
    assert [one.not_finite for one in found] == [0, 1, 0]
    assert found[2].scale == ("-254", "+254")
    assert panels(of_numbers, expected, expected)[2].below == "none"
    assert (
        panels(of_numbers, expected, np.where(expected > 0.9, np.nan, expected))[2].below
        == "none where both are finite"
    )
    assert panels(of_numbers, expected, np.full_like(expected, np.inf))[1].below == "no finite value"


def test_masks_are_black_and_white_and_their_difference_has_two_colours():
    expected, produced = np.zeros((8, 8), bool), np.zeros((8, 8), bool)
    expected[0, 0] = produced[7, 7] = True
    found = panels(of_binary, expected, produced)
    assert found[0].below == "1 of 64 set"
    assert found[0].pictures[0][0, 0].tolist() == [255] * 3
    assert tuple(found[2].pictures[0][0, 0].tolist()) == UNDER
    assert tuple(found[2].pictures[0][7, 7].tolist()) == OVER
    assert tuple(found[2].pictures[0][3, 3].tolist()) == NONE


def test_renumbered_labels_keep_their_colours():
    expected = np.repeat(np.arange(4), 16).reshape(8, 8)
    produced = np.array([0, 30, 10, 20])[expected]
    produced[7, 7] = 10
    first, second, third = panels(of_labels, expected, produced)
    assert np.array_equal(first.pictures[0][:7], second.pictures[0][:7])
    assert (first.below, second.below) == ("4 labels", "4 labels")
    assert [tuple(third.pictures[0][at].tolist()) for at in ((7, 7), (0, 0))] == [OVER, (235, 235, 235)]


def test_a_label_without_a_partner_has_a_colour_of_its_own():
    expected, produced = np.ones((8, 8)), np.ones((8, 8))
    produced[0, :3] = [2, np.nan, 0]
    _, second, third = panels(of_labels, expected, produced)
    colours = [tuple(second.pictures[0][0, at].tolist()) for at in range(4)]
    assert len(set(colours)) == 4
    assert colours[1] == NOT_FINITE
    assert colours[2] != GROUND, "0 is not the ground where it stands for nothing"
    assert np.count_nonzero((third.pictures[0] == OVER).all(-1)) == 3


def test_more_labels_than_are_followed(monkeypatch):
    monkeypatch.setattr("workflows.dynamic.panels.MAX_PAIRS", 10)
    noise = np.arange(64).reshape(8, 8)
    assert panels(of_labels, noise, noise)[2].below == "red: labelled differently"


def test_codes_of_labels():
    assert codes(np.array([[0, 1, -1, 2**53]])).tolist()[0][0] == 0
    assert 0 not in codes(np.array([[1, 9973, -1, 2**53]]))


def counts(tmp_path, expected, produced, most):
    for name, array in (("e", expected), ("p", produced)):
        np.save(tmp_path / f"{name}.npy", np.array(array))
    return counted(open_tensor(tmp_path / "e.npy"), open_tensor(tmp_path / "p.npy"), most)


def test_differences_are_counted_into_bins(tmp_path):
    found = counts(tmp_path, [0, 0, 0, 0, np.nan], [0, 1.0, -1, 0, 1], 1)
    assert (found[0], found[BINS // 2], found[-1], sum(found)) == (1, 2, 1, 4)
    assert counts(tmp_path, [1.0, 2], [1.0, 2], 0)[BINS // 2] == 2
    assert sum(counts(tmp_path, [0.0], [5e-324], 5e-324)) == 1


def test_one_element_beside_a_million_is_seen():
    assert Histogram("", (1_000_000, 1, 0), ("", "", "")).levels == [1, pytest.approx(0.05, abs=0.01), 0]
    assert Histogram("", (0, 0), ("", "", "")).levels == [0, 0]
