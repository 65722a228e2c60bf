"""Time, parent, run mode and model card of 0.5 models."""

import pytest

from tests.workflows.static.full_05 import lines, said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("2024-01-02T03:04:05Z", "2024-01-02")],
            [
                (
                    "error",
                    "/timestamp",
                    "`timestamp` 2024-01-02 is a day without a time.",
                    "Write 2024-01-02T00:00:00Z, or the time when it was made.",
                )
            ],
        ),
        (
            [("2024-01-02T03:04:05Z", "2024-02-31T00:00:00")],
            [
                (
                    "error",
                    "/timestamp",
                    "`timestamp` '2024-02-31T00:00:00' is day 31 of 2024-02, which does not exist.",
                    "Correct it.",
                )
            ],
        ),
        (
            [("id: nuclei-finder\n", "id: nuclei-finder\nparent: {id: nuclei-finder}\n")],
            [
                (
                    "error",
                    "/parent/id",
                    "`parent.id` is 'nuclei-finder', the id of this model itself.",
                    "Name the model that this one was made from.",
                )
            ],
        ),
        (
            [("id: nuclei-finder\n", "id: nuclei-finder\nrun_mode: {name: fiji}\n")],
            [
                (
                    "warning",
                    "/run_mode/name",
                    "`run_mode.name` 'fiji' is known to few programs; they may refuse the model.",
                    "Leave `run_mode` out if the model runs without it. The only known one is deepimagej.",
                )
            ],
        ),
        (
            [
                (
                    "id: nuclei-finder\n",
                    "config: {bioimageio: {reproducibility_tolerance: [{output_ids: [masks], weights_formats: [onnx, torchscript]}]}}\n",
                )
            ],
            [
                (
                    "warning",
                    "/config/bioimageio/reproducibility_tolerance/0/output_ids/0",
                    "`config.bioimageio.reproducibility_tolerance[0].output_ids[0]` 'masks' is not in this model.",
                    "Write one of mask, count.",
                ),
                (
                    "warning",
                    "/config/bioimageio/reproducibility_tolerance/0/weights_formats/1",
                    "`config.bioimageio.reproducibility_tolerance[0].weights_formats[1]` 'torchscript' is not in this model.",
                    "Write one of pytorch_state_dict, onnx.",
                ),
            ],
        ),
        (
            [
                (
                    "id: nuclei-finder\n",
                    "config:\n  bioimageio:\n    evaluations:\n    - dataset_id: cells\n      dataset_source: https://example.com\n      dataset_role: test\n      sample_count: 1\n      evaluation_factors: [a, b]\n      evaluation_factors_long: [a]\n      metrics: [m, n]\n      metrics_long: [m, n]\n      results: [[1]]\n",
                )
            ],
            [
                (
                    "error",
                    "/config/bioimageio/evaluations/0/evaluation_factors_long",
                    "`config.bioimageio.evaluations[0]` has 2 `evaluation_factors` and 1 `evaluation_factors_long`.",
                    "Write one for each of the `evaluation_factors`.",
                ),
                (
                    "error",
                    "/config/bioimageio/evaluations/0/results",
                    "`config.bioimageio.evaluations[0].results` has 1 row for 2 `metrics`.",
                    "Write one row for each metric.",
                ),
            ],
        ),
        (
            [
                (
                    "id: nuclei-finder\n",
                    "config:\n  bioimageio:\n    evaluations:\n    - dataset_id: cells\n      dataset_source: https://example.com\n      dataset_role: test\n      sample_count: 1\n      evaluation_factors: [a, b]\n      evaluation_factors_long: [a, b]\n      metrics: [m, n]\n      metrics_long: [m, n]\n      results: [[1, 2], [1]]\n",
                )
            ],
            [
                (
                    "error",
                    "/config/bioimageio/evaluations/0/results/1",
                    "`config.bioimageio.evaluations[0].results[1]` has 1 value for 2 `evaluation_factors`.",
                    "Write one value for each factor.",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_the_rest(changes, told):
    assert said(*changes) == told


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ([("2024-01-02T03:04:05Z", "2024-01-02")], ["timestamp: '2024-01-02T00:00:00Z'"]),
    ],
)
def test_the_lines_that_are_right_of_the_rest(changes, right):
    assert [line for line in lines(*changes) if line] == right
