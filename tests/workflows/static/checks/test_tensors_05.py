"""Ids, data and channels of 0.5 tensors."""

import pytest

from tests.workflows.static.full_05 import lines, said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("- id: prompt", "- id: raw")],
            [
                (
                    "error",
                    "/inputs/1/id",
                    "`inputs[1]` has the id 'raw', as `inputs[0]` has.",
                    "Give each tensor an `id` of its own.",
                )
            ],
        ),
        (
            [("- id: count", "- id: mask")],
            [
                (
                    "policy",
                    "/outputs/1/id",
                    "`outputs[1]` has the id 'mask', as `outputs[0]` has.",
                    "Give each tensor an `id` of its own.",
                )
            ],
        ),
        (
            [("- id: prompt\n", "- description: p\n"), ("- id: raw\n", "- description: p\n")],
            [
                (
                    "error",
                    "/inputs/1/id",
                    "`inputs[1]` has the id 'input', as `inputs[0]` has.",
                    "Give each tensor an `id` of its own.",
                ),
                (
                    "error",
                    "/outputs/0/axes/2/size/tensor_id",
                    "`outputs[0].axes[2].size.tensor_id` 'raw' is the id of no tensor.",
                    "Write one of input, mask, count.",
                ),
                (
                    "error",
                    "/outputs/0/axes/3/size/tensor_id",
                    "`outputs[0].axes[3].size.tensor_id` 'raw' is the id of no tensor.",
                    "Write one of input, mask, count.",
                ),
                (
                    "error",
                    "/outputs/0/postprocessing/0/kwargs/reference_tensor",
                    "`outputs[0].postprocessing[0].kwargs.reference_tensor` 'raw' is the id of no input.",
                    "Write one of input.",
                ),
            ],
        ),
        (
            [
                (
                    "test_tensor: {source: prompt.npy, sha256: 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef}",
                    "optional: true",
                )
            ],
            [
                (
                    "policy",
                    "/inputs/1/test_tensor",
                    "`inputs[1]` has no `test_tensor`: nobody can test the model.",
                    "Add `test_tensor: {source: ….npy, sha256: …}`.",
                )
            ],
        ),
        (
            [("values: [0, 1]", "values: [0, 256, 0.5]")],
            [
                (
                    "error",
                    "/outputs/0/data/values",
                    "`outputs[0].data.values` has 0.0, 256.0, 0.5, which uint8 cannot hold.",
                    "Correct `values`, or write another `type`.",
                )
            ],
        ),
        (
            [("values: [0, 1]", "values: [0, yes, a]")],
            [
                (
                    "error",
                    "/outputs/0/data/values",
                    "`outputs[0].data.values` has 0, 'yes', 'a', which uint8 cannot hold.",
                    "Correct `values`, or write another `type`.",
                )
            ],
        ),
        (
            [("values: [0, 1]\n    type: uint8", "values: [0, 1]\n    type: bool")],
            [
                (
                    "error",
                    "/outputs/0/data/values",
                    "`outputs[0].data.values` has 0, 1, which bool cannot hold.",
                    "Correct `values`, or write another `type`.",
                )
            ],
        ),
        (
            [("range: [0, 255]", "range: [255, 0]")],
            [
                (
                    "policy",
                    "/inputs/0/data/range",
                    "`inputs[0].data.range` begins at 255 and ends at 0.",
                    "Write the smaller number first.",
                )
            ],
        ),
        (
            [("range: [0, 255]", "range: [0, 256]")],
            [
                (
                    "policy",
                    "/inputs/0/data/range",
                    "`inputs[0].data.range` has 256; uint8 goes from 0 to 255.",
                    "Correct `range`, or write another `type`.",
                )
            ],
        ),
        (
            [("range: [0, 255]", "range: [-.inf, 255]")],
            [],
        ),
        (
            [("  data:\n    type: uint8\n    range: [0, 255]", "  data:\n  - type: uint8\n  - type: uint16")],
            [
                (
                    "error",
                    "/inputs/0/data",
                    "`inputs[0].data` describes channels of several types: uint8, uint16.",
                    "Write the same `type` for all channels.",
                )
            ],
        ),
        (
            [("  data:\n    type: uint8\n    range: [0, 255]", "  data:\n  - type: uint8")],
            [
                (
                    "error",
                    "/inputs/0/data",
                    "`inputs[0].data` describes 1 channel; `inputs[0].axes[1]` has 2.",
                    "Describe each channel once, or all together without the list.",
                )
            ],
        ),
        (
            [("[red, green]", "[red, red]")],
            [
                (
                    "warning",
                    "/inputs/0/axes/1/channel_names",
                    "`inputs[0].axes[1].channel_names` names 'red' twice.",
                    "Name each channel once.",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_tensors(changes, told):
    assert said(*changes) == told


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        (
            [("- id: prompt\n", "- description: p\n"), ("- id: raw\n", "- description: p\n")],
            ["      reference_tensor: input"],
        ),
    ],
)
def test_the_lines_that_are_right_of_tensors(changes, right):
    assert [line for line in lines(*changes) if line] == right
