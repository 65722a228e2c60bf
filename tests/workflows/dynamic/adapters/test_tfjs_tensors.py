import numpy as np
import pytest

from workflows.dynamic.adapters.tfjs_tensors import for_tfjs


@pytest.mark.parametrize(
    ("dtype", "wanted", "expected"),
    [
        ("float64", "", "float32"),
        ("float16", "float32", "float32"),
        ("uint8", "", "int32"),
        ("uint8", "float32", "float32"),
        ("int64", "int32", "int32"),
        ("bool", "", "bool"),
        ("float32", "string", "float32"),
    ],
)
def test_the_kind_that_the_model_wants_or_the_nearest(dtype, wanted, expected):
    found = for_tfjs(np.ones((2, 3), dtype), wanted)
    assert (str(found.dtype), found.shape) == (expected, (2, 3))
    assert (found == 1).all()


def test_the_order_is_c_and_a_scalar_stays_one():
    assert (
        for_tfjs(np.asfortranarray(np.arange(6.0).reshape(2, 3)), "").tobytes() == np.arange(6, dtype="<f4").tobytes()
    )
    assert for_tfjs(np.array(3.0), "").shape == ()


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        for_tfjs(np.array([2**31]), "int32")
    assert for_tfjs(np.array([-(2**31)]), "int32").tolist() == [-(2**31)]
