"""Batch axis, type and range of 0.4 tensors, and their test arrays."""

import pytest

from tests.workflows.static.full_04 import found, lines, said

MASK = "shape: [1, 1, 64, 64]"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- raw.npy\n", "", "`test_inputs` has 1 file for 2 `inputs`."),
        ("stack.npy, classes.npy]", "stack.npy]", "`test_outputs` has 2 files for 3 `outputs`."),
    ],
)
def test_counts_of_test_arrays_are_the_collection_s_policy(old, new, message):
    ((level, pointer, told, fix),) = said((old, new), rule="test-files")
    group = pointer.removeprefix("/test_")
    assert (level, told, fix) == ("policy", message, f"Give one .npy file for each of the `{group}`, in their order.")


@pytest.mark.parametrize(
    ("old", "new", "pointer", "message", "line"),
    [
        (
            MASK,
            "shape: [4, 1, 64, 64]",
            "/inputs/1/shape/0",
            "`inputs[1].shape` gives the batch axis (b) the size 4.",
            "  shape: [1, 1, 64, 64]",
        ),
        (
            "min: [1, 1,",
            "min: [2, 1,",
            "/inputs/0/shape/min/0",
            "`inputs[0].shape.min` gives the batch axis (b) the size 2.",
            "    min: [1, 1, 64, 64]",
        ),
        (
            "step: [0, 0",
            "step: [1, 0",
            "/inputs/0/shape/step/0",
            "`inputs[0].shape.step` lets the batch axis (b) grow by 1.",
            "    step: [0, 0, 16, 16]",
        ),
        (
            MASK,
            "shape: []",
            "/inputs/1/shape",
            "`inputs[1].shape` has no number for the batch axis (b) of 'bcyx'.",
            None,
        ),
    ],
)
def test_the_batch_axis(old, new, pointer, message, line):
    ((level, where, told, _),) = said((old, new), rule="batch")
    assert (level, where, told) == ("error", pointer, message)
    assert lines((old, new), rule="batch") == [line]


def test_no_batch_axis_no_rule_for_it():
    axes = ("  axes: bcyx\n  data_type: uint8", "  axes: cyx\n  data_type: uint8")
    assert found(axes, (MASK, "shape: [4, 64, 64]"), rule="batch") == []


def test_inputs_are_float32():
    ((level, pointer, _, fix),) = said(
        ("data_type: float32\n  data_range: [-.inf", "data_type: uint16\n  data_range: [-.inf"), rule="data-type"
    )
    assert (level, pointer) == ("warning", "/inputs/0/data_type")
    assert fix == "Write float32, if the model takes it."


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("[255, 0]", "`inputs[1].data_range` goes from 255 to 0, which holds no two values."),
        ("[0, 256]", "`inputs[1].data_range` goes from 0 to 256, but uint8 holds 0 to 255."),
        ("[-1, .inf]", "`inputs[1].data_range` goes from -1 to inf, but uint8 holds 0 to 255."),
        ("[0, .nan]", "`inputs[1].data_range` goes from 0 to nan, which holds no two values."),
    ],
)
def test_a_range_that_its_type_cannot_have(new, message):
    ((level, pointer, told, _),) = said(("data_range: [0, 255]", f"data_range: {new}"), rule="data-range")
    assert (level, pointer, told) == ("warning", "/inputs/1/data_range", message)


@pytest.mark.parametrize("new", ["[-.inf, .inf]", "[0, 1]", "null", "[0]", "[0, x]", "all"])
def test_ranges_that_are_right_or_the_schema_s(new):
    assert found(("data_range: [0, 255]", f"data_range: {new}"), rule="data-range") == []
