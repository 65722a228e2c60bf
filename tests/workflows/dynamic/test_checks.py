"""What is asked beyond the three questions, from tensors and words of boxes that were written by hand."""

import numpy as np
import pytest

SKIPPED = {"outcome": "skipped", "message": "the time for further runs is over", "detail": ""}
FAILED = {"outcome": "failed", "message": "RuntimeError:\n  sizes must match", "detail": "a traceback"}
PLAN = {
    "inputs": [{"name": "raw", "axes": ["y", "x"], "flip": [1]}],
    "runs": [
        {"name": "smallest", "inputs": [[4, 4]], "outputs": [[[4, 4], [2, 6]]]},
        {"name": "stepped", "inputs": [[8, 8]], "outputs": [[[8, 8], [2, None]]]},
    ],
}


def ramp():
    return np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)


@pytest.fixture
def one(scene):
    """One output that reproduces."""
    return scene.tolerance().output("mask", ramp())


# --- deterministic -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [ramp(), np.asfortranarray(ramp()), ramp().astype(">f4")])
def test_twice_the_same(one, again):
    one.ran("again", 0, again)
    assert one.checks()["deterministic"] == ("passed", "twice the same")


def test_a_nan_is_the_same_nan(scene):
    broken = ramp()
    broken[3, 4] = np.nan
    scene.tolerance().output("mask", broken).ran("again", 0, broken)
    assert scene.checks()["deterministic"] == ("passed", "twice the same")


def test_twice_within_the_tolerance(one):
    one.ran("again", 0, ramp() + np.float32(1e-6))
    assert one.checks()["deterministic"] == (
        "passed",
        (
            "run twice, the outputs are not the same bit for bit, but output `mask`: all 400 elements agree, "
            "largest absolute difference 1.01e-06"
        ),
    )


def test_twice_another_output(one):
    again = ramp()
    again[2, 3] += 0.5
    one.ran("again", 0, again)
    assert one.checks()["deterministic"] == (
        "failed",
        (
            "run twice on the same input, it gives two outputs: output `mask`: 1 of 400 elements (2,500 ppm) differ by more "
            "than the tolerance (atol 1e-05, rtol 0.001), largest absolute difference 0.5; worst at [2, 3]: first 0.107769, "
            "then 0.607769: switch off what is random (dropout, sampling) before saving the weights"
        ),
    )


def test_labels_that_are_only_renumbered_are_the_same_answer(scene):
    labels = np.repeat(np.arange(4), 10).reshape(4, 10)
    scene.output("cells", labels, kind="label").ran("again", 0, (labels + 1) % 4)
    kind, words = scene.checks()["deterministic"]
    assert kind == "passed"
    assert words.endswith("output `cells`: all 40 elements agree")


def test_another_shape_or_no_tensor_the_second_time(scene):
    scene.output("a", ramp()).output("b", ramp()).ran("again", 0, ramp()[:5])
    kind, words = scene.checks()["deterministic"]
    assert (kind, words) == ("failed", "of the second run, output `b`: the tensor from the box is missing")
    scene.ran("again", 1, ramp())
    kind, words = scene.checks()["deterministic"]
    assert kind == "failed"
    assert "output `a`: the shapes are first [20, 20] and then [5, 20]" in words


def test_a_second_run_that_was_not_made_has_the_box_s_reason(one):
    assert one.checks()["deterministic"] == ("skipped", "not tried: the run was not made")
    one.said = {"again": SKIPPED}
    assert one.checks()["deterministic"] == ("skipped", "not tried: the time for further runs is over")
    one.said = {"again": SKIPPED | {"message": "not tried: no room"}}
    assert one.checks()["deterministic"] == ("skipped", "not tried: no room")
    one.said = {"again": FAILED}
    assert one.checks()["deterministic"] == (
        "failed",
        "the model ran once, but not twice; the box says: RuntimeError: sizes must match",
    )


@pytest.mark.parametrize("said", [7, [], {"again": 3}, {"again": {"outcome": 1, "message": {}}}, {"again": {}}])
def test_words_that_are_none(one, said):
    one.said = said if isinstance(said, dict) else None
    assert one.checks()["deterministic"] == ("skipped", "not tried: the run was not made")


def test_a_box_that_talks_is_cut_short(one):
    one.said = {"again": SKIPPED | {"message": "x" * 10_000}}
    assert len(one.checks()["deterministic"][1]) < 600


# --- varies ------------------------------------------------------------------------------------------------------------


def test_the_output_changes_with_the_input(one):
    one.ran("flipped", 0, ramp()[:, ::-1]).ran("noised", 0, ramp() + 1)
    assert one.checks()["varies"] == ("passed", "the output changes with the input (flipped and noised)")


def test_one_input_that_changes_it_is_enough(one):
    one.ran("flipped", 0, ramp()).ran("noised", 0, ramp() + 1)
    assert one.checks()["varies"][0] == "passed"


def test_a_stored_output(one):
    one.ran("flipped", 0, ramp()).ran("noised", 0, ramp())
    assert one.checks()["varies"] == (
        "failed",
        (
            "the model gives the same output whatever its input is (tried: flipped and noised): "
            "save the network itself, not an output that was computed once"
        ),
    )


def test_of_several_outputs_one_may_be_stored(scene):
    scene.output("a", ramp()).output("b", ramp())
    scene.ran("noised", 0, ramp()).ran("noised", 1, ramp() * 2)
    assert scene.checks()["varies"] == ("passed", "the output changes with the input (noised)")


@pytest.mark.parametrize("constant", [np.zeros((9, 9)), np.full((9, 9), np.nan), np.ones((3, 3), bool)])
def test_a_constant_output_says_nothing(scene, constant):
    scene.output("mask", constant).ran("flipped", 0, constant)
    assert scene.checks()["varies"] == (
        "skipped",
        "not judged: the expected output is constant, and so is the output on other inputs",
    )


def test_without_other_inputs_nothing_is_said(one):
    one.said = {"flipped": SKIPPED, "noised": FAILED}
    assert one.checks()["varies"] == (
        "skipped",
        "not tried: flipped: the time for further runs is over; noised: RuntimeError: sizes must match",
    )


def test_an_input_of_which_nothing_is_mirrored_is_the_same_input(one):
    one.ran("flipped", 0, ramp())
    one.plan = {"inputs": [{"name": "raw", "axes": ["c"], "flip": []}], "runs": []}
    assert one.checks()["varies"][0] == "skipped"


def test_a_run_that_gave_nothing_readable_is_none(one):
    one.ran("noised", 0, b"no tensor")
    assert one.checks()["varies"][0] == "skipped"


# --- smallest and stepped ----------------------------------------------------------------------------------------------


def test_declared_sizes(one):
    one.plan = PLAN
    one.ran("smallest", 0, np.zeros((4, 6))).ran("stepped", 0, np.zeros((8, 99)))
    checks = one.checks()
    assert checks["smallest"] == (
        "passed",
        "on the smallest declared input ([4, 4]) the output is as declared: `mask` [4, 6]",
    )
    assert checks["stepped"] == (
        "passed",
        "on the declared input one step up ([8, 8]) the output is as declared: `mask` [8, 99]",
    )


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((5, 4), "output `mask` has the shape [5, 4], declared is [4, 2 to 6]"),
        ((4, 7), "output `mask` has the shape [4, 7], declared is [4, 2 to 6]"),
        ((4, 1), "output `mask` has the shape [4, 1], declared is [4, 2 to 6]"),
        ((4,), "output `mask` has the shape [4], declared is [4, 2 to 6]"),
        ((), "output `mask` has the shape [], declared is [4, 2 to 6]"),
    ],
)
def test_another_size_than_declared(one, shape, words):
    one.plan = PLAN
    one.ran("smallest", 0, np.zeros(shape))
    said = f"on the smallest declared input ([4, 4]), {words}: correct the declared sizes, or the network"
    assert one.checks()["smallest"] == ("failed", said)


def test_an_open_end_in_words(one):
    one.plan = PLAN
    one.ran("stepped", 0, np.zeros((8, 1)))
    assert "declared is [8, at least 2]" in one.checks()["stepped"][1]


def test_sizes_that_the_model_does_not_take(one):
    one.plan = PLAN
    one.said = {"smallest": FAILED, "stepped": SKIPPED}
    checks = one.checks()
    assert checks["smallest"] == (
        "failed",
        "the model does not take the smallest declared input ([4, 4]): declare the sizes that it takes; the box says: RuntimeError: sizes must match",
    )
    assert checks["stepped"] == ("skipped", "not tried: the time for further runs is over")


def test_an_unreadable_or_missing_output_in_a_size(scene):
    scene.output("a", ramp()).output("b", ramp())
    spans = [[[4, 4], [4, 4]]] * 2
    scene.plan = {"inputs": [], "runs": [{"name": "smallest", "inputs": [[4, 4]], "outputs": spans}]}
    scene.ran("smallest", 0, b"no tensor")
    kind, words = scene.checks()["smallest"]
    assert kind == "failed"
    assert "output `a`: the tensor from the box is not a .npy file" in words
    assert "output `b`: the tensor from the box is missing" in words


def test_where_there_are_no_sizes_to_choose_nothing_is_asked(one):
    assert list(one.checks()) == ["deterministic", "varies"]
    one.plan = {"inputs": [], "runs": []}
    one.ran("smallest", 0, ramp())
    assert list(one.checks()) == ["deterministic", "varies"]
    one.plan = PLAN | {"runs": PLAN["runs"][:1]}
    assert list(one.checks()) == ["deterministic", "varies", "smallest"]


def test_the_checks_are_as_in_the_report(one, check_definition):
    one.plan = PLAN
    one.ran("again", 0, ramp()).ran("noised", 0, ramp())
    found = one.verdict()["checks"]
    assert [check["name"] for check in found] == ["deterministic", "varies", "smallest", "stepped"]
    for check in found:
        check_definition(check, "check")


def test_a_model_that_gave_no_output_is_not_asked(scene):
    scene.output("mask", ramp(), b"broken")
    scene.ran("again", 0, ramp())
    assert scene.checks()["deterministic"] == ("failed", "of the second run, nothing can be compared")
