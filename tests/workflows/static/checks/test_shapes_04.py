"""Declared shapes of 0.4 among each other."""

import pytest

from tests.workflows.static.full_04 import found, lines, said

SCALE, OFFSET = "    scale: [1, 1, 1.0, 1.0]\n", "    offset: [0, 0.5, -8.0, -8]\n"
STACK_SCALE, STACK_OFFSET = "scale: [1, null, 1, 1, 1]", "offset: [0, 4, 0, 0, 0]"
HALO = "  halo: [0, 0, 8, 8]\n"
STEP = "step: [0, 0, 16, 16]"
MASK_SHAPE = "shape: [1, 1, 64, 64]"


def test_the_full_model_has_nothing_to_say_of():
    assert found(rule="shape") == found(rule="halo") == []


@pytest.mark.parametrize(
    ("changes", "level", "pointer", "message", "fix"),
    [
        (
            [(STEP, "step: [0, 0, 16]")],
            "error",
            "/inputs/0/shape/step",
            "`inputs[0].shape` has 4 numbers in `min`, but 3 in `step`.",
            "Give one number for each axis.",
        ),
        (
            [(OFFSET, "    offset: [0, 0, 0]\n"), (HALO, "")],
            "error",
            "/outputs/0/shape/offset",
            "`outputs[0].shape` has 4 numbers in `scale`, but 3 in `offset`.",
            "Give one number for each axis.",
        ),
        (
            [(HALO, "  halo: [0, 8, 8]\n")],
            "error",
            "/outputs/0/halo",
            "`outputs[0].halo` has 3 numbers for a shape of 4.",
            "Give one number for each axis.",
        ),
        (
            [(MASK_SHAPE, "shape: [1, 1, 64]")],
            "policy",
            "/inputs/1/shape",
            "`inputs[1]` has 4 axes (bcyx), but a shape of 3.",
            "Give one number for each axis.",
        ),
        (
            [(MASK_SHAPE, "shape: [1, 1, 0, 64]")],
            "policy",
            "/inputs/1/shape",
            "`inputs[1].shape` gives axis y the size 0.",
            "Sizes are 1 and more.",
        ),
        (
            [(STEP, "step: [0, 0, -16, 16]")],
            "policy",
            "/inputs/0/shape/step",
            "`inputs[0].shape.step` makes axis y smaller (-16).",
            "Steps are 0 and more.",
        ),
        (
            [(STEP, "step: [0, 1, 16, 16]")],
            "warning",
            "/inputs/0/shape/step",
            "`inputs[0].shape.step` lets the number of channels (axis c) grow by 1.",
            "Write 0 for axis c.",
        ),
        (
            [("reference_tensor: raw\n    scale", "reference_tensor: image\n    scale")],
            "error",
            "/outputs/0/shape/reference_tensor",
            "`outputs[0].shape.reference_tensor` 'image' is the name of no tensor.",
            "Name one of the inputs: 'raw', 'mask'.",
        ),
        (
            [("reference_tensor: raw\n    scale", "reference_tensor: stack\n    scale")],
            "error",
            "/outputs/0/shape/reference_tensor",
            "`outputs[0].shape` refers to 'stack', and so in the end to itself.",
            "Name one of the inputs.",
        ),
        (
            [(STACK_OFFSET, "offset: [0, 0, 0, 0, 0]")],
            "error",
            "/outputs/1/shape/offset/1",
            "`outputs[1].shape` has a new axis z (scale null) without a size.",
            "Write half of its size as its offset: a new axis has the size 2 * offset.",
        ),
        (
            [(STACK_OFFSET, "offset: [0, 4, 0, '0.2', 0]")],
            "error",
            "/outputs/1/shape/offset/3",
            "`outputs[1].shape.offset[3]` 0.2 is no multiple of 0.5.",
            "Offsets are counted in halves of a pixel.",
        ),
        (
            [(STACK_SCALE, "scale: [1, null, null, 1, 1]")],
            "error",
            "/outputs/1/shape/scale",
            "`outputs[1].shape.scale` has 3 factors for the 4 axes of 'probability'.",
            "Give one factor for each axis of the reference, and null for each axis that is new.",
        ),
        (
            [(SCALE, "    scale: [1, 1, .inf, 1]\n")],
            "error",
            "/outputs/0/shape/scale/2",
            "`outputs[0].shape.scale[2]` is no number with an end.",
            "Write the factor by which the axis grows, or null for a new axis.",
        ),
        (
            [(SCALE, "    scale: [1, 1, 0.3, 1]\n"), (OFFSET, "    offset: [0, 0.5, 0, -8]\n"), (HALO, "")],
            "warning",
            "/outputs/0/shape/scale",
            "`outputs[0].shape` is no whole number on axis y for every input: 19.2.",
            "Let `min` and `step` of the input be multiples of what the model divides by.",
        ),
    ],
)
def test_shapes_that_contradict_each_other(changes, level, pointer, message, fix):
    assert (level, pointer, message, fix) in said(*changes, rule="shape") + said(*changes, rule="halo")


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        (
            [(HALO, "  halo: [0, 0, 24, 24]\n")],
            "/outputs/0/halo",
            "`outputs[0]` is 48 long on axis y at its smallest, and its halo crops 48.",
        ),
        (
            [("shape: [1, 5]", "shape: [1, 0]")],
            "/outputs/2/shape",
            "`outputs[2]` is 0 long on axis c at its smallest, which is nothing.",
        ),
        (
            [(STACK_OFFSET, "offset: [0, 4, 0, -24, 0]")],
            "/outputs/1/shape",
            "`outputs[1]` is 0 long on axis y at its smallest, which is nothing.",
        ),
    ],
)
def test_something_is_left_of_the_smallest_output(changes, pointer, message):
    fix = "Raise the smallest input shape, or correct `halo`, `scale` and `offset`."
    assert said(*changes, rule="halo") == [("error", pointer, message, fix)]


def test_a_misspelt_reference_is_suggested():
    changes = [("reference_tensor: probability", "reference_tensor: probabilty")]
    assert [(one.fix, one.suggestion.text) for one in found(*changes, rule="shape")] == [
        ("Did you mean 'probability'?", "    reference_tensor: probability")
    ]


def test_a_shape_that_follows_an_output_is_advised_against():
    from tests.agreement.samples.model_04 import FULL
    from workflows.document import load
    from workflows.static.static import context_of, look

    told = look(context_of(load(FULL.encode()), {}, (), {}, package=False))
    assert [one.message for one in told if one.rule == "shape"] == [
        "`outputs[1].shape.reference_tensor` 'probability' is an output."
    ]


@pytest.mark.parametrize(
    "shape", ["big", "{min: [a], step: 3}", "[]", "{reference_tensor: raw}", "null", "{min: [1, 1, 8, 8]}"]
)
def test_what_the_schema_tells_is_not_told_twice(shape):
    rules = {one.rule for one in found((MASK_SHAPE, f"shape: {shape}")) if one.pointer.startswith("/inputs/1/shape")}
    assert rules <= {"wrong-value", "missing-field", "unknown-field", "batch", "shape"}
    assert lines((MASK_SHAPE, f"shape: {shape}"), rule="halo") == []


def test_axes_that_cannot_be_read_name_no_axis():
    changes = [
        ("  axes: bcyx\n  data_type: uint8", "  axes: bcyq\n  data_type: uint8"),
        (MASK_SHAPE, "shape: [1, 1, 0, 64]"),
    ]
    assert "`inputs[1].shape` gives number 3 the size 0." in [one.message for one in found(*changes, rule="shape")]
