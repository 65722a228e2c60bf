"""Settings of 0.5 processing steps."""

import pytest

from tests.workflows.static.full_05 import lines, said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("      axes: [y, x]", "      axes: [z, x]")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/0/kwargs/axes/0",
                    "`inputs[0].preprocessing[0].kwargs.axes[0]` 'z' is no axis of this tensor.",
                    "Its axes are batch, channel, y, x.",
                )
            ],
        ),
        (
            [("      axes: [y, x]", "      axes: [chanel, x]")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/0/kwargs/axes/0",
                    "`inputs[0].preprocessing[0].kwargs.axes[0]` 'chanel' is no axis of this tensor.",
                    "Its axes are batch, channel, y, x.",
                )
            ],
        ),
        (
            [("axis: channel", "axis: z")],
            [
                (
                    "policy",
                    "/inputs/0/preprocessing/1/kwargs/axis",
                    "`inputs[0].preprocessing[1].kwargs.axis` 'z' is no axis of this tensor.",
                    "Write one of channel, y, x.",
                )
            ],
        ),
        (
            [("gain: [2, 3]", "gain: [2, 3, 4]")],
            [
                (
                    "policy",
                    "/inputs/0/preprocessing/1/kwargs/gain",
                    "`inputs[0].preprocessing[1].kwargs.gain` has 3 numbers; the axis channel has 2 elements.",
                    "Give one number for each element.",
                )
            ],
        ),
        (
            [("gain: [2, 3]", "gain: 2")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/1/kwargs/axis",
                    "`inputs[0].preprocessing[1].kwargs` has an `axis`, but one number for all of it.",
                    "Leave `axis` out, or give a list of numbers.",
                )
            ],
        ),
        (
            [("gain: [2, 3]\n      offset: 1", "gain: [1, 1]\n      offset: 0")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/1/kwargs",
                    "`inputs[0].preprocessing[1].kwargs` multiplies by 1 and adds 0: the step does nothing.",
                    "Write another `gain` or `offset`, or remove the step.",
                )
            ],
        ),
        (
            [("gain: [2, 3]\n      offset: 1", "gain: [1, 1]\n      offset: [1]")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/1/kwargs/gain",
                    "`inputs[0].preprocessing[1].kwargs` has 2 numbers in `gain` and 1 in `offset`.",
                    "Give one number for each element of the axis in both.",
                ),
                (
                    "policy",
                    "/inputs/0/preprocessing/1/kwargs/offset",
                    "`inputs[0].preprocessing[1].kwargs.offset` has 1 number; the axis channel has 2 elements.",
                    "Give one number for each element.",
                ),
            ],
        ),
        (
            [("      min: 0\n      max: 1\n", "      min: 0\n      max: 1\n      min_percentile: 1\n")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/2/kwargs/min_percentile",
                    "`inputs[0].preprocessing[2].kwargs` has both `min` and `min_percentile`.",
                    "Keep one of them.",
                )
            ],
        ),
        (
            [("      min: 0\n      max: 1\n", "      axes: [y]\n")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/2/kwargs",
                    "`inputs[0].preprocessing[2].kwargs` has no limit.",
                    "Add `min` or `max`, or a percentile: `min_percentile`, `max_percentile`.",
                )
            ],
        ),
        (
            [("      min: 0\n      max: 1\n", "      max: 1\n      axes: [y]\n")],
            [
                (
                    "error",
                    "/inputs/0/preprocessing/2/kwargs/axes",
                    "`inputs[0].preprocessing[2].kwargs.axes` says over which axes percentiles are computed, but there are none.",
                    "Remove `axes`, or use `min_percentile` or `max_percentile`.",
                )
            ],
        ),
        (
            [("      min: 0\n      max: 1\n", "      max: 1\n      min: 2\n")],
            [
                (
                    "policy",
                    "/inputs/0/preprocessing/2/kwargs/max",
                    "`inputs[0].preprocessing[2].kwargs` clips from 2 to 1.",
                    "Write the smaller number as the minimum.",
                )
            ],
        ),
        (
            [("reference_tensor: raw", "reference_tensor: row")],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/0/kwargs/reference_tensor",
                    "`outputs[0].postprocessing[0].kwargs.reference_tensor` 'row' is the id of no input.",
                    "Write one of raw, prompt.",
                )
            ],
        ),
        (
            [("reference_tensor: raw", "reference_tensor: mask")],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/0/kwargs/reference_tensor",
                    "`outputs[0].postprocessing[0].kwargs.reference_tensor` 'mask' is the id of no input.",
                    "Write one of raw, prompt.",
                )
            ],
        ),
        (
            [("min_percentile: 1\n", "min_percentile: 99\n")],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/1/kwargs/max_percentile",
                    "`outputs[0].postprocessing[1].kwargs` scales from the percentile 99 to 99.",
                    "Make `max_percentile` more than `min_percentile`.",
                )
            ],
        ),
        (
            [("min_percentile: 1\n", "min_percentile: 1\n      eps: '1'\n")],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/1/kwargs/eps",
                    "`outputs[0].postprocessing[1].kwargs.eps` is the text '1', but has to be more than 0 and at most 0.1.",
                    "Write a number within these limits, without quotes.",
                )
            ],
        ),
        (
            [
                (
                    "- id: zero_mean_unit_variance\n    kwargs:\n      axes: [y, x]",
                    "- id: softmax\n    kwargs:\n      axis: z",
                )
            ],
            [
                (
                    "policy",
                    "/inputs/0/preprocessing/0/kwargs/axis",
                    "`inputs[0].preprocessing[0].kwargs.axis` 'z' is no axis of this tensor.",
                    "Write one of channel, y, x.",
                )
            ],
        ),
        (
            [
                (
                    "- id: zero_mean_unit_variance\n    kwargs:\n      axes: [y, x]",
                    "- id: fixed_zero_mean_unit_variance\n    kwargs:\n      axis: c\n      mean: [1, 2]\n      std: [1]",
                )
            ],
            [
                (
                    "policy",
                    "/inputs/0/preprocessing/0/kwargs/std",
                    "`inputs[0].preprocessing[0].kwargs.std` has 1 number; the axis channel has 2 elements.",
                    "Give one number for each element.",
                ),
                (
                    "error",
                    "/inputs/0/preprocessing/0/kwargs/std",
                    "`inputs[0].preprocessing[0].kwargs` has 2 numbers in `mean` and 1 in `std`.",
                    "Give one number for each element of the axis in both.",
                ),
            ],
        ),
        (
            [
                (
                    "- id: scale_range\n    kwargs:\n      min_percentile: 1\n      max_percentile: 99",
                    "- id: custom\n    callable: f\n    source: f.py\n    kwargs: {axes: 3, reference_tensor: 4}",
                )
            ],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/1/kwargs/axes",
                    "`outputs[0].postprocessing[1].kwargs.axes` is 3; a setting of this name is read as a list of axis ids.",
                    "Write a list, or call the setting otherwise.",
                ),
                (
                    "error",
                    "/outputs/0/postprocessing/1/kwargs/reference_tensor",
                    "`outputs[0].postprocessing[1].kwargs.reference_tensor` is 4; a setting of this name is read as the id of an input.",
                    "Write an id, or call the setting otherwise.",
                ),
            ],
        ),
        (
            [
                (
                    "- id: scale_range\n    kwargs:\n      min_percentile: 1\n      max_percentile: 99",
                    "- id: custom\n    callable: f\n    source: f.py\n    kwargs: {axes: xq}",
                )
            ],
            [
                (
                    "error",
                    "/outputs/0/postprocessing/1/kwargs/axes",
                    "`outputs[0].postprocessing[1].kwargs.axes` 'q' is no axis of this tensor.",
                    "Its axes are batch, channel, y, x.",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_steps(changes, told):
    assert said(*changes) == told


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ([("      axes: [y, x]", "      axes: [chanel, x]")], ["      axes: [channel, x]"]),
        ([("reference_tensor: raw", "reference_tensor: row")], ["      reference_tensor: raw"]),
    ],
)
def test_the_lines_that_are_right_of_steps(changes, right):
    assert [line for line in lines(*changes) if line] == right
