import numpy as np
import pytest

from workflows.dynamic import further
from workflows.dynamic.probes import UnfitPlanError

X = np.arange(24, dtype=np.float32).reshape(1, 4, 6)
PLAN = {
    "inputs": [{"name": "x", "axes": ["batch", "y", "x"], "flip": [2]}, {"name": "o", "axes": ["batch"], "flip": []}],
    "runs": [{"name": "smallest", "inputs": [[1, 2, 2], [1]], "outputs": [[[1, 1]]]}],
}
WANTED = further.Wanted(seconds=10, seed=3, plan=PLAN)


def test_the_runs_are_those_of_the_protocol_in_its_order():
    assert list(further.RUNS) == ["again", "flipped", "noised", "smallest", "stepped"]


def test_again_has_the_test_inputs():
    assert further.inputs_for("again", [X, None], WANTED) == [X, None]


def test_flipped_along_the_plans_axes():
    x, other = further.inputs_for("flipped", [X, None], WANTED)
    assert np.array_equal(x, X[:, :, ::-1])
    assert other is None


def test_noised_from_the_jobs_seed_within_the_declared_span():
    def noise(seed, spans=()):
        wanted = further.Wanted(seconds=1, seed=seed, spans=spans)
        return further.inputs_for("noised", [np.tile(X, (9, 1, 1)), None], wanted)[0]

    assert np.array_equal(noise(3), noise(3))
    assert not np.array_equal(noise(3), noise(4))
    assert noise(3).min() < 0
    assert noise(3, [(0.0, 23.0)]).min() == 0


def test_sized_by_the_plan():
    assert [one.shape for one in further.inputs_for("smallest", [X, np.zeros(3)], WANTED)] == [(1, 2, 2), (1,)]


@pytest.mark.parametrize(
    ("name", "plan", "words"),
    [
        ("flipped", {}, "no axis of the inputs can be mirrored"),
        ("flipped", {"inputs": [{"flip": []}]}, "no axis of the inputs can be mirrored"),
        ("flipped", {"inputs": [{"flip": [0]}]}, "the test inputs are their own mirror image"),
        ("flipped", {"inputs": [{"flip": [7]}]}, "has 3 axes, fewer than the description has"),
        ("stepped", PLAN, "the description leaves no size of the inputs to choose"),
        ("smallest", {"runs": [{"name": "smallest", "inputs": [[2]]}]}, "cannot become"),
    ],
)
def test_a_run_that_cannot_be_made_has_its_reason(name, plan, words):
    with pytest.raises(UnfitPlanError, match=words):
        further.inputs_for(name, [X], further.Wanted(seconds=1, plan=plan))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((10, 10, 1, 1), ""),
        ((10, 100, 1, 0), "the time for further runs was over"),
        ((10, 100, 8, 2), "it would take about 8 s, and 2 s were left"),
        ((3000, 100, 1, 2), "its outputs would take about 3,000 bytes, and 100 were left to hand out"),
    ],
)
def test_what_is_too_much(figures, words):
    said = further.too_much(*figures)
    assert words in said
    assert bool(said) == bool(words)


def test_all_tensors_stay_below_half_of_the_default_output_limit():
    assert further.LARGEST * 2 == 1024**3
    assert further.EXTRA_BYTES < further.LARGEST


def test_noise_that_changes_nothing_is_no_run():
    full = np.full((1, 2), 255, np.uint8)  # clipped to where it is
    with pytest.raises(UnfitPlanError, match="noise changes nothing in the test inputs"):
        further.inputs_for("noised", [full], further.Wanted(seconds=1, spans=[(255, 255)]))
