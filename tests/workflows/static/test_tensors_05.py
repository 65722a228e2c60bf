"""The tensors of a 0.5 model as data."""

import pytest

from tests.workflows.static.full_05 import FULL
from workflows.document import load
from workflows.static.tensors_05 import OfData, Reference, Steps, counted, read_id, tensors_of

TENSORS = {one.id: one for one in tensors_of(load(FULL.encode()).data)}


def axis(**fields):
    (tensor,) = tensors_of({"inputs": [{"axes": [fields]}]})
    return tensor.axes[0] if tensor.axes else None


def test_tensors_and_their_axes():
    assert list(TENSORS) == ["raw", "prompt", "mask", "count"]
    raw, mask = TENSORS["raw"], TENSORS["mask"]
    assert [(one.kind, one.id, one.size, one.least) for one in raw.axes] == [
        ("batch", "batch", None, None),
        ("channel", "channel", 2, 2),
        ("space", "y", Steps(64, 16), 64),
        ("space", "x", 128, 128),
    ]
    assert (mask.at, mask.axes[2].at, mask.axes[2].halo, mask.axes[2].scale) == (
        "/outputs/0",
        "/outputs/0/axes/2",
        16,
        0.5,
    )
    assert mask.axes[2].size == Reference("raw", "y", 0)
    assert TENSORS["count"].axes[0].size == OfData(1, 8)
    assert raw.axis("x") is raw.axes[3]
    assert raw.axis("z") is None


def test_ids_by_default():
    first, second = tensors_of({"inputs": [{"axes": [{"type": "space", "size": 1}]}], "outputs": [{"name": "old"}]})
    assert (first.id, first.axes[0].id, second.id) == ("input", "x", "old")
    assert tensors_of({"inputs": [{"id": 3}], "outputs": "none"})[0].id == ""


def test_letters_are_read_as_names():
    assert [read_id(one) for one in ("b", "c", "i", "t", "x", "C", 3)] == [
        "batch",
        "channel",
        "index",
        "time",
        "x",
        "C",
        "",
    ]


@pytest.mark.parametrize(
    "size",
    [
        0,
        -1,
        None,
        "x",
        1.5,
        [],
        {"min": 0, "step": 1},
        {"min": 1, "step": 0},
        {"tensor_id": 1, "axis_id": "x"},
        {"tensor_id": "a", "axis_id": "x", "offset": "1"},
        {"tensor_id": "a", "axis_id": "x", "offset": 1e300},
    ],
)
def test_sizes_that_the_schema_refuses_are_none(size):
    assert axis(type="space", size=size).size is None


@pytest.mark.parametrize("size", ["64", 64.0])
def test_sizes_in_other_forms(size):
    assert axis(type="space", size=size).size == 64


@pytest.mark.parametrize("kind", [None, "y", [], 1])
def test_axes_of_no_type_are_left_out(kind):
    (tensor,) = tensors_of({"inputs": [{"axes": [{"type": kind}]}]})
    assert (tensor.axes, tensor.whole) == ((), False)


@pytest.mark.parametrize("scale", [0, -1, "x", None, 1e300, float("nan")])
def test_scales_that_are_none(scale):
    assert axis(type="space", size=1, scale=scale).scale is None


def test_steps_with_their_settings():
    steps = [{"id": "sigmoid"}, {"id": "clip", "kwargs": {"min": 1}}, {"id": "clip", "kwargs": 3}, {"name": "x"}, "x"]
    (tensor,) = tensors_of({"inputs": [{"preprocessing": steps}]})
    at = "/inputs/0/preprocessing"
    assert list(tensor.steps) == [(f"{at}/0", "sigmoid", {}), (f"{at}/1", "clip", {"min": 1}), (f"{at}/2", "clip", {})]


def test_counted_words():
    assert (counted(1, "row"), counted(0, "row")) == ("1 row", "0 rows")
