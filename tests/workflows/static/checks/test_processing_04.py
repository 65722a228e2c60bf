"""Settings of pre- and postprocessing steps of 0.4."""

import pytest

from tests.workflows.static.full_04 import found, lines, said

PRE, POST = "/inputs/0/preprocessing", "/outputs/0/postprocessing"


@pytest.mark.parametrize(
    ("old", "new", "level", "pointer", "message"),
    [
        ("threshold: 0.5", "threshold: .nan", "error", f"{PRE}/0/kwargs/threshold", "`inputs[0].preprocessing[0].kwargs.threshold` is no number with an end."),
        ("offset: [1.0]", "offset: [.inf]", "error", f"{PRE}/2/kwargs/offset", "`inputs[0].preprocessing[2].kwargs.offset` is no number with an end."),
        ("eps: 0.001", "eps: '0.5'", "error", f"{PRE}/4/kwargs/eps", "`inputs[0].preprocessing[4].kwargs.eps` is '0.5', which is not between 0 and 0.1."),
        ("min_percentile: 1", "min_percentile: '100'", "error", f"{PRE}/6/kwargs/min_percentile", "`inputs[0].preprocessing[6].kwargs.min_percentile` is '100', which is not between 0 and 100."),
        ("axes: xy\n      gain", "axes: xyz\n      gain", "error", f"{PRE}/2/kwargs/axes", "`inputs[0].preprocessing[2].kwargs.axes` 'xyz' has 'z', which is no axis of 'bcyx'."),
        ("reference_tensor: mask", "reference_tensor: picture", "error", f"{PRE}/6/kwargs/reference_tensor", "`inputs[0].preprocessing[6].kwargs.reference_tensor` 'picture' is the name of no input."),
        ("reference_tensor: mask", "reference_tensor: raw", "error", f"{PRE}/6/kwargs/reference_tensor", "`inputs[0].preprocessing[6].kwargs.reference_tensor` 'raw' is the tensor itself."),
        ("reference_tensor: raw\n      axes", "reference_tensor: probability\n      axes", "error", f"{POST}/0/kwargs/reference_tensor", "`outputs[0].postprocessing[0].kwargs.reference_tensor` 'probability' is the name of no input."),
        ("min_percentile: 1\n", "min_percentile: 99.9\n", "error", f"{PRE}/6/kwargs", "`inputs[0].preprocessing[6].kwargs` scales from the percentile 99.9 up to 99.8."),
        ("min: 0\n", "min: 2\n", "warning", f"{PRE}/1/kwargs", "`inputs[0].preprocessing[1].kwargs` clips to values from 2 to 1."),
        ("gain: 2.0\n      offset: [1.0]", "gain: [1, 1]\n      offset: 0", "error", f"{PRE}/2/kwargs", "`inputs[0].preprocessing[2].kwargs` changes nothing: it multiplies by 1 and adds 0."),
        ("      gain: 2.0\n      offset: [1.0]\n", "", "error", f"{PRE}/2/kwargs", "`inputs[0].preprocessing[2].kwargs` changes nothing: it multiplies by 1 and adds 0."),
        ("std: 2.0", "std: 0", "warning", f"{PRE}/4/kwargs/std", "`inputs[0].preprocessing[4].kwargs.std` is 0: standard deviations are more than 0."),
        ("std: 2.0", "std: [2.0, 3.0]", "warning", f"{PRE}/4/kwargs/std", "`inputs[0].preprocessing[4].kwargs` has 1 numbers in `mean`, but 2 in `std`."),
    ],
)  # fmt: skip
def test_settings_without_sense(old, new, level, pointer, message):
    assert [one[:3] for one in said((old, new), rule="processing")] == [(level, pointer, message)]


@pytest.mark.parametrize("new", ["", "      axes: null\n"])
def test_postprocessing_that_leaves_its_axes_open(new):
    changes = ("reference_tensor: raw\n      axes: xy\n      eps", f"reference_tensor: raw\n{new}      eps")
    assert said(changes, rule="processing") == [
        (
            "error",
            f"{POST}/0/kwargs/axes",
            "`outputs[0].postprocessing[0].kwargs` does not say over which axes.",
            "Add `axes: cyx`, or some of them.",
        )
    ]


def test_a_misspelt_reference_is_suggested():
    assert lines(("reference_tensor: mask", "reference_tensor: maks"), rule="processing") == [
        "      reference_tensor: mask"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("threshold: 0.5", "threshold: '0.5'"),
        ("eps: 0.001", "eps: '0.05'"),
        ("max_percentile: 99.8", "max_percentile: '99.8'"),
        ("      gain: 2.0\n", ""),
        ("reference_tensor: mask", "reference_tensor: null"),
        ("axes: xy\n      gain", "axes: null\n      gain"),
        ("axes: xy\n      gain", "axes: yx\n      gain"),
    ],
)
def test_settings_that_are_read(old, new):
    assert [one for one in found((old, new)) if one.level == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("threshold: 0.5", "threshold: high", "wrong-value"),
        ("max_percentile: 99.8", "max_percentile: 0.998", "wrong-value"),
        ("mode: fixed", "mode: per_sample", "wrong-value"),
        ("      mean: [1.0]\n", "", "missing-field"),
        ("      min: 0\n", "", "missing-field"),
        ("- name: sigmoid\n", "- name: sigmoid\n    kwargs: {a: 1}\n", "wrong-value"),
        ("  - name: clip\n", "  - name: clip\n    version: 1\n", "unknown-field"),
    ],
)
def test_what_the_schema_tells_is_told_once(old, new, rule):
    told = found((old, new))
    assert {one.rule for one in told} == {rule}
    assert len({one.pointer for one in told}) == len(told)
