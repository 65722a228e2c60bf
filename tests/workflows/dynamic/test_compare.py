"""Weights of different formats against each other."""

import numpy as np
import pytest


def ramp():
    return np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)


def two(scene, run, first, second, kind="float"):
    """Two formats with one output each of a run; the comparison."""
    scene.output("mask", None, kind=kind)
    scene.ran(run, 0, first, "onnx").ran(run, 0, second, "torchscript")
    return scene.comparisons()


def test_they_agree(scene, check_definition):
    scene.tolerance("onnx").tolerance("torchscript")
    (found,) = two(scene, "test", ramp(), ramp() + np.float32(1e-6))
    check_definition(found, "comparison")
    assert found["formats"] == ["onnx", "torchscript"]
    assert found["run"] == "test"
    assert found["outcome"] == {
        "outcome": "passed",
        "message": "onnx and torchscript agree on the test input: output `mask`: all 400 elements agree, "
        "largest absolute difference 1.01e-06",
        "detail": "",
    }
    assert (found["max_abs"], found["mismatch_ppm"]) == (pytest.approx(1e-6, rel=0.1), 0)


def test_they_differ_on_our_own_input(scene, check_definition):
    scene.tolerance("onnx").tolerance("torchscript")
    other = ramp()
    other[5, 6] += 0.5
    (found,) = two(scene, "noised", ramp(), other)
    check_definition(found, "comparison")
    assert found["outcome"]["outcome"] == "failed"
    assert found["outcome"]["message"] == (
        "onnx and torchscript differ on the noised input: output `mask`: 1 of 400 elements (2,500 ppm) differ by more than "
        "the tolerance (atol 0.0001, rtol 0.01), largest absolute difference 0.5; worst at [5, 6]: onnx 0.265664, "
        "torchscript 0.765664: convert them again from the same weights"
    )
    assert found["mismatch_ppm"] == 2500


@pytest.mark.parametrize(("run", "outcome"), [("test", "failed"), ("flipped", "passed"), ("noised", "passed")])
def test_on_our_own_inputs_ten_times_as_much_is_rounding(scene, run, outcome):
    scene.tolerance("onnx", rtol=0, atol=1e-3).tolerance("torchscript", rtol=0, atol=1e-3)
    (found,) = two(scene, run, ramp(), ramp() + np.float32(5e-3))
    assert found["outcome"]["outcome"] == outcome


def test_the_larger_tolerance_of_both_counts_up_to_the_ceiling(scene):
    scene.tolerance("onnx", atol=1e-9, rtol=0).tolerance("torchscript", atol=1e9, rtol=0)
    (found,) = two(scene, "test", ramp(), ramp() + np.float32(0.005))
    assert found["outcome"]["outcome"] == "passed"
    scene.ran("test", 0, ramp() + np.float32(0.05), "torchscript")
    (found,) = scene.comparisons()
    assert found["outcome"]["outcome"] == "failed"


def test_binary_and_labels_are_as_in_the_judge(scene):
    labels = np.repeat(np.arange(4), 100).reshape(20, 20)
    (found,) = two(scene, "test", labels, (labels + 1) % 4, "label")
    assert found["outcome"]["outcome"] == "passed"
    moved = labels.copy()
    moved[0, 0] = 3
    scene.ran("test", 0, moved, "torchscript")
    (found,) = scene.comparisons()
    assert "1 of 400 elements (2,500 ppm) are labelled differently, whatever the numbers" in found["outcome"]["message"]


def test_masks_are_compared_exactly(scene):
    mask = ramp() > 0.5
    other = mask.copy()
    other[0, 0] = True
    (found,) = two(scene, "test", mask, other, "binary")
    assert (
        "1 of 400 elements (2,500 ppm) differ, largest absolute difference 1; worst at [0, 0]: onnx 0, torchscript 1"
        in (found["outcome"]["message"])
    )


def test_noise_declared_as_labels(scene, monkeypatch):
    monkeypatch.setattr("workflows.dynamic.partition.MAX_PAIRS", 10)
    noise = np.arange(400).reshape(20, 20)
    (found,) = two(scene, "test", noise, noise, "label")
    assert "it is declared as a label map, but has more than 10 pairs of labels" in found["outcome"]["message"]
    assert found["mismatch_ppm"] == 1e6


def test_other_shapes(scene):
    (found,) = two(scene, "test", ramp(), ramp()[:5])
    assert found["outcome"]["message"] == (
        "onnx and torchscript differ on the test input: output `mask`: the shapes are onnx [20, 20] and torchscript [5, 20]: "
        "convert them again from the same weights"
    )
    assert (found["max_abs"], found["mismatch_ppm"]) == (None, 0)


def test_what_is_nan_in_both_agrees_and_in_one_does_not(scene):
    broken = ramp()
    broken[0, 0] = np.nan
    (found,) = two(scene, "test", broken, broken)
    assert found["outcome"]["outcome"] == "passed"
    scene.ran("test", 0, ramp(), "torchscript")
    (found,) = scene.comparisons()
    assert "worst at [0, 0]: onnx nan, torchscript 0" in found["outcome"]["message"]


def test_each_pair_with_each_run_that_both_have(scene):
    scene.output("mask", None)
    for weights_format, runs in (
        ("onnx", ["test", "noised"]),
        ("torchscript", ["test", "flipped", "noised"]),
        ("keras_v3", ["test"]),
    ):
        for run in runs:
            scene.ran(run, 0, ramp(), weights_format)
    scene.ran("again", 0, ramp(), "onnx").ran("again", 0, ramp(), "torchscript")
    found = [(*one["formats"], one["run"]) for one in scene.comparisons()]
    assert found == [
        ("onnx", "torchscript", "test"),
        ("onnx", "torchscript", "noised"),
        ("onnx", "keras_v3", "test"),
        ("torchscript", "keras_v3", "test"),
    ]


def test_seven_formats_fit_the_report(scene):
    scene.output("mask", None)
    for number in range(7):
        for run in ("test", "flipped", "noised"):
            scene.ran(run, 0, ramp(), f"format-{number}")
    assert len(scene.comparisons()) == 63


def test_outputs_that_only_one_of_them_gave_are_left_out(scene):
    scene.output("a", None).output("b", None).output("c", None)
    scene.ran("test", 0, ramp(), "onnx").ran("test", 1, ramp(), "torchscript")
    assert scene.comparisons() == []
    scene.ran("test", 2, ramp(), "onnx").ran("test", 2, b"no tensor", "torchscript")
    assert scene.comparisons() == []
    scene.ran("test", 2, ramp(), "torchscript")
    (found,) = scene.comparisons()
    assert found["outcome"]["message"] == (
        "onnx and torchscript agree on the test input: output `c`: all 400 elements agree, largest absolute difference 0"
    )
