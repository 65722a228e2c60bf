"""Axes of 0.5 models among themselves, and what they refer to."""

import pytest

from tests.workflows.static.full_05 import lines, said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("    channel_names: [red, green]\n", "    channel_names: [red, green]\n  - type: batch\n")],
            [
                (
                    "error",
                    "/inputs/0/axes/2",
                    "`inputs[0].axes[2]` is a second batch axis; a tensor has one at most.",
                    "Remove it.",
                )
            ],
        ),
        (
            [("    id: y\n    size: {min", "    id: x\n    size: {min")],
            [
                (
                    "error",
                    "/inputs/0/axes/3/id",
                    "`inputs[0].axes[3]` has the id 'x', as `inputs[0].axes[2]` has.",
                    "Give each axis of a tensor an `id` of its own, such as y and x.",
                ),
                (
                    "error",
                    "/inputs/0/preprocessing/0/kwargs/axes/0",
                    "`inputs[0].preprocessing[0].kwargs.axes[0]` 'y' is no axis of this tensor.",
                    "Its axes are batch, channel, x.",
                ),
                (
                    "error",
                    "/outputs/0/axes/2/size/axis_id",
                    "`outputs[0].axes[2].size.axis_id` 'y' is the id of no axis of raw.",
                    "Write one of channel, x.",
                ),
            ],
        ),
        (
            [("id: y\n    size: {tensor", "id: x\n    size: {tensor")],
            [
                (
                    "error",
                    "/outputs/0/axes/3/id",
                    "`outputs[0].axes[3]` has the id 'x', as `outputs[0].axes[2]` has.",
                    "Give each axis of a tensor an `id` of its own, such as y and x.",
                )
            ],
        ),
        (
            [("{min: 1, max: 8}", "{min: 8, max: 8}")],
            [
                (
                    "error",
                    "/outputs/1/axes/0/size/max",
                    "`outputs[1].axes[0].size` has a `max` of 8, and a `min` of 8.",
                    "Make `max` more than `min`, or leave it out.",
                )
            ],
        ),
        (
            [("size: 128", "size: 2000000"), ("size: {tensor_id: raw, axis_id: x}", "size: 4")],
            [
                (
                    "warning",
                    "/inputs/0/axes/3/size",
                    "`inputs[0].axes[3]` has at least 2,000,000 elements.",
                    "Check the number.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: row, axis_id: y, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size/tensor_id",
                    "`outputs[0].axes[2].size.tensor_id` 'row' is the id of no tensor.",
                    "Write one of raw, prompt, mask, count.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: nowhere, axis_id: y, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size/tensor_id",
                    "`outputs[0].axes[2].size.tensor_id` 'nowhere' is the id of no tensor.",
                    "Write one of raw, prompt, mask, count.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: raw, axis_id: z, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size/axis_id",
                    "`outputs[0].axes[2].size.axis_id` 'z' is the id of no axis of raw.",
                    "Write one of channel, y, x.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: raw, axis_id: batch, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size",
                    "`outputs[0].axes[2].size` refers to the batch axis 'batch' of 'raw', which has no size.",
                    "Refer to another axis, or write a number.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: mask, axis_id: y, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size",
                    "`outputs[0].axes[2].size` refers to the axis itself.",
                    "Refer to an axis that has a size of its own.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: mask, axis_id: x, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size",
                    "`outputs[0].axes[2].size` refers to 'x' of 'mask', which itself refers to 'x' of 'raw'.",
                    "Refer to an axis that has a size of its own.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: count, axis_id: index, offset: 0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size",
                    "`outputs[0].axes[2].size` refers to 'index' of 'count', whose size depends on the data.",
                    "Refer to an axis with a number, or with `min` and `step`.",
                )
            ],
        ),
        (
            [("size: 3\n", "size: {tensor_id: mask, axis_id: channel}\n")],
            [
                (
                    "error",
                    "/inputs/1/axes/0/size/tensor_id",
                    "`inputs[1].axes[0].size.tensor_id` 'mask' is the id of an output, from which an input takes no size.",
                    "Write one of raw, prompt.",
                )
            ],
        ),
        (
            [("size: 3\n", "size: {tensor_id: raw, axis_id: channel}\n")],
            [],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: raw, axis_id: y, offset: 0.0}")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/size/offset",
                    "`outputs[0].axes[2].size.offset` is 0.0, but has to be a whole number without a point.",
                    "Write 0.",
                )
            ],
        ),
        (
            [("    scale: 0.5\n    unit: micrometer\n", "    scale: 0.5\n")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/unit",
                    "`outputs[0].axes[2]` has no unit, but the axis that its size refers to, 'y' of 'raw', has the unit micrometer.",
                    "Write the same `unit` at both.",
                )
            ],
        ),
        (
            [("    scale: 0.5\n    unit: micrometer\n", "    scale: 0.5\n    unit: nanometer\n")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/unit",
                    "`outputs[0].axes[2]` has the unit nanometer, but the axis that its size refers to, 'y' of 'raw', has the unit micrometer.",
                    "Write the same `unit` at both.",
                )
            ],
        ),
        (
            [("halo: 16", "halo: 64")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/halo",
                    "`outputs[0].axes[2]` has 128 elements at least (64·1/0.5 + 0): its halo of 64 leaves nothing.",
                    "Raise `inputs[0].axes[2].size.min`, or lower `halo`.",
                )
            ],
        ),
        (
            [("size: {min: 64, step: 16}", "size: 32"), ("halo: 16", "halo: 32")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/halo",
                    "`outputs[0].axes[2]` has 64 elements at least (32·1/0.5 + 0): its halo of 32 leaves nothing.",
                    "Raise `inputs[0].axes[2].size`, or lower `halo`.",
                )
            ],
        ),
        (
            [("scale: 0.5", "scale: 0.3")],
            [
                (
                    "error",
                    "/outputs/0/axes/2/halo",
                    "`outputs[0].axes[2].halo` 16 is 4.8 elements of 'y' of 'raw'.",
                    "Choose `halo` and `scale` so that halo · scale / scale of the other axis is a whole number.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: x}\n", "size: {tensor_id: raw, axis_id: x, offset: -128}\n")],
            [
                (
                    "policy",
                    "/outputs/0/axes/3/size",
                    "`outputs[0].axes[3]` has 0 elements for the smallest input (128·1/1 + -128).",
                    "Raise the other axis' smallest size, or `offset`.",
                )
            ],
        ),
        (
            [("size: {tensor_id: raw, axis_id: x}\n", "size: {tensor_id: raw, axis_id: x}\n    scale: 3\n")],
            [
                (
                    "warning",
                    "/outputs/0/axes/3/size",
                    "`outputs[0].axes[3]` has no whole number of elements (128·1/3 + 0); it is rounded down.",
                    "Choose sizes, steps and scales that give whole numbers, so that tools agree on the size.",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_axes(changes, told):
    assert said(*changes) == told


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: row, axis_id: y, offset: 0}")],
            ["    size: {tensor_id: raw, axis_id: y, offset: 0}"],
        ),
        (
            [("size: {tensor_id: raw, axis_id: y, offset: 0}", "size: {tensor_id: raw, axis_id: y, offset: 0.0}")],
            ["    size: {tensor_id: raw, axis_id: y, offset: 0}"],
        ),
    ],
)
def test_the_lines_that_are_right_of_axes(changes, right):
    assert [line for line in lines(*changes) if line] == right
