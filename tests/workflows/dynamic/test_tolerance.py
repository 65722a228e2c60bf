import numpy as np
import pytest

from workflows.dynamic import tolerance
from workflows.dynamic.npy import open_tensor
from workflows.dynamic.tolerance import DEFAULT, Ceiling, Tolerance, choose, scale

SPEC = {
    "onnx": [
        {"output": "mask", "atol": 0, "rtol": 0, "ppm": 5, "source": "config"},
        {"output": "*", "atol": 0.015, "rtol": 0, "ppm": 0, "source": "test_kwargs"},
        {"output": "late", "atol": 1, "rtol": 1, "ppm": 1, "source": "never"},
    ],
}


def test_the_first_match_counts():
    assert choose(SPEC, "onnx", "mask") == Tolerance(0, 0, 5, "config")
    assert choose(SPEC, "onnx", "late") == Tolerance(0.015, 0, 0, "test_kwargs")
    assert choose(SPEC, "torchscript", "mask") == DEFAULT


def test_infinity_is_a_large_number_and_nan_none():
    entry = {"output": "*", "atol": "Infinity", "rtol": 1e400, "ppm": 0, "source": "x"}
    assert choose({"onnx": [entry]}, "onnx", "y") == Tolerance(1e300, 1e300, 0, "x")
    for wrong in ("NaN", -1):
        with pytest.raises(ValueError, match="at least 0"):
            choose({"onnx": [{**entry, "atol": wrong}]}, "onnx", "y")


def test_words_and_json(check_definition):
    assert Tolerance(1e-5, 1e-3, 0, "x").words() == "atol 1e-05, rtol 0.001"
    assert Tolerance(0, 0, 100, "x").words() == "atol 0, rtol 0, 100 ppm"
    assert Tolerance(0, 0, 1, "x" * 200).as_json() == {"atol": 0, "rtol": 0, "ppm": 1, "source": "x" * 128}


def test_the_ceiling_takes_away_what_is_above_it():
    ceiling = Ceiling(0.01, 100)
    declared = Tolerance(1e9, 0.1, 1000, "RDF")
    assert ceiling.capped(declared, 2.0) == Tolerance(0.02, 0.1, 100, "RDF, up to the collection's ceiling")
    assert ceiling.lowers(declared, 2.0, 1.0)
    modest = Tolerance(1e-3, 1e-3, 0, "RDF")
    assert ceiling.capped(modest, 2.0) == modest
    assert not ceiling.lowers(modest, 2.0, 1.0)
    assert ceiling.lowers(Tolerance(0, 0, 101, "RDF"), 2.0, 1.0)
    assert ceiling.lowers(Tolerance(0, 0.05, 0, "RDF"), 2.0, 1.0)


def test_allowed_errors_are_cut_at_the_ceiling_but_never_below_rounding():
    expected = np.array([0.0, -1.0, 1e6])
    within = Tolerance(0.001, 0.1, 0, "x")
    assert tolerance.allowed(expected, within).tolist() == [0.001, 0.101, 1e5 + 0.001]
    assert tolerance.allowed(expected, within, 0.01).tolist() == [0.001, 0.01, 1.0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.linspace(0, 100, 101), 98.0),
        (np.r_[np.zeros(1000), 7.0], 7.0),
        (np.full(10, -3.0), 3.0),
        (np.zeros(10), 1.0),
        (np.array([np.nan, np.inf]), 1.0),
        (np.array([]), 1.0),
        (np.r_[np.linspace(0, 100, 101), np.nan, np.inf], 98.0),
    ],
)
def test_the_robust_range(tmp_path, values, expected):
    np.save(tmp_path / "a.npy", values)
    assert scale(open_tensor(tmp_path / "a.npy")) == pytest.approx(expected)


def test_a_large_tensor_is_sampled_across_blocks(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.arange(100.0))
    tensor = open_tensor(tmp_path / "a.npy")
    monkeypatch.setattr(tolerance, "SAMPLED", 40)
    whole = type(tensor).blocks
    monkeypatch.setattr(type(tensor), "blocks", lambda self: whole(self, 7))
    assert tolerance._sampled(tensor).tolist() == list(range(0, 100, 3))
