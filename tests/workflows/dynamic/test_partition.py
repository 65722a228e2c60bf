import math

import numpy as np
import pytest

from workflows.dynamic import partition
from workflows.dynamic.difference import Worst
from workflows.dynamic.npy import Tensor, open_tensor
from workflows.dynamic.partition import TooManyLabelsError, compare_partition


@pytest.fixture
def compared(tmp_path):
    def make(expected, produced):
        np.save(tmp_path / "e.npy", np.asarray(expected))
        np.save(tmp_path / "p.npy", np.asarray(produced))
        return compare_partition(open_tensor(tmp_path / "e.npy"), open_tensor(tmp_path / "p.npy"))

    return make


def test_another_numbering_is_the_same_partition(compared):
    found, relabelling = compared([0, 0, 1, 1, 2], [0, 0, 9, 9, 4])
    assert (found.elements, found.mismatched, found.worst) == (5, 0, None)
    assert relabelling.labels == {0: 0, 1: 9, 2: 4}
    assert relabelling.renumbered == 2


def test_two_objects_merged_into_one_are_not(compared):
    found, _ = compared([0, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 1])
    assert (found.mismatched, found.worst) == (1, Worst(5, 2, 1))


def test_one_object_split_into_two_is_not(compared):
    found, _ = compared([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 5])
    assert (found.mismatched, found.worst) == (1, Worst(5, 1, 5))


def test_large_labels_stay_apart(compared):
    found, _ = compared(np.array([2**53, 2**53 + 1, 2**53 + 1]), np.array([1, 1, 2]))
    assert found.mismatched == 1


def test_large_unsigned_labels(compared):
    found, _ = compared(np.array([2**64 - 1, 0, 1], np.uint64), np.array([2**64 - 1, 2**64 - 2, 1], np.uint64))
    assert found.mismatched == 0


def test_nan_is_no_label(compared):
    found, _ = compared([0.0, 1.0, math.nan], [0.0, math.nan, math.nan])
    assert (found.mismatched, found.nan, found.inf, found.finite_expected) == (2, 2, 0, 2)
    assert found.worst.position == 1
    all_nan, _ = compared([1.0], [math.nan])
    assert all_nan.mismatched == 1


def test_blocks_share_one_relabelling(compared, monkeypatch):
    whole = Tensor.blocks
    monkeypatch.setattr(Tensor, "blocks", lambda self: whole(self, 2))
    found, _ = compared([1, 1, 1, 2, 2, 2, 1], [7, 7, 7, 8, 8, 8, 8])
    assert (found.mismatched, found.worst) == (1, Worst(6, 1, 8))


def test_noise_is_no_label_map(compared, monkeypatch):
    monkeypatch.setattr(partition, "MAX_PAIRS", 3)
    with pytest.raises(TooManyLabelsError, match="more than 3 pairs"):
        compared([1, 2, 3, 4], [1, 2, 3, 4])


def test_empty_maps(compared):
    found, relabelling = compared(np.zeros(0, int), np.zeros(0, int))
    assert (found.elements, found.mismatched, dict(relabelling.labels)) == (0, 0, {})


def test_a_fully_explained_map_has_no_first_outside(tmp_path):
    np.save(tmp_path / "e.npy", np.array([1, 2]))
    tensor = open_tensor(tmp_path / "e.npy")
    _, relabelling = compare_partition(tensor, tensor)
    assert partition.first_outside(tensor, tensor, relabelling) is None
