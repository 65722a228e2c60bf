"""Numbers of a 0.4 model that stand there as text."""

import pytest

from tests.workflows.static.full_04 import found, lines, said


@pytest.mark.parametrize(
    ("old", "new", "pointer", "message", "line"),
    [
        ("opset_version: 15", "opset_version: '15'", "/weights/onnx/opset_version", "`weights.onnx.opset_version` is the text '15', where a number is meant.", "    opset_version: 15"),
        ("shape: [1, 1, 64, 64]", "shape: [1, 1, '64', 64]", "/inputs/1/shape/2", "`inputs[1].shape[2]` is the text '64', where a number is meant.", "  shape: [1, 1, 64, 64]"),
        ("data_range: [-.inf, .inf]", "data_range:\n  - -inf\n  - .inf", "/inputs/0/data_range/0", "`inputs[0].data_range[0]` is the text '-inf', where a number is meant.", "  - -.inf"),
        ("data_range: [-.inf, .inf]", "data_range:\n  - -.inf\n  - 'nan'", "/inputs/0/data_range/1", "`inputs[0].data_range[1]` is the text 'nan', where a number is meant.", "  - .nan"),
        ("threshold: 0.5", "threshold: '0.50'", "/inputs/0/preprocessing/0/kwargs/threshold", "`inputs[0].preprocessing[0].kwargs.threshold` is the text '0.50', where a number is meant.", "      threshold: 0.5"),
        ("      min: 0\n", "      min: false\n", "/inputs/0/preprocessing/1/kwargs/min", "`inputs[0].preprocessing[1].kwargs.min` is false, where a number is meant.", "      min: 0"),
        ("version_number: 1\ntime", "version_number: '1'\ntime", "/version_number", "`version_number` is the text '1', where a number is meant.", "version_number: 1"),
        ("halo: [0, 0, 8, 8]", "halo:\n  - 0\n  - 0\n  - 8\n  - '8'", "/outputs/0/halo/3", "`outputs[0].halo[3]` is the text '8', where a number is meant.", "  - 8"),
    ],
)  # fmt: skip
def test_text_is_read_and_advised_against(old, new, pointer, message, line):
    told = found((old, new), rule="number")
    if "nan" in new:
        assert [one.suggestion.text for one in told] == [line]
        return
    assert [(one.level, one.pointer, one.message) for one in told] == [("warning", pointer, message)]
    assert lines((old, new), rule="number") == [line]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tensorflow_version: 1.15", "tensorflow_version: '1.15'"),
        ("axes: xy", "axes: ''"),
        ("opset_version: 15", "opset_version: fifteen"),
        ("shape: [1, 1, 64, 64]", "shape: [[1], {}, null, 64]"),
    ],
)
def test_text_that_may_be_or_is_no_number(old, new):
    assert said((old, new), rule="number") == []
