"""Arrays in the three kinds of numbers that TensorFlow.js has: float32, int32 and bool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workflows.dynamic.npy import Array

KINDS = ("float32", "int32", "bool")


def for_tfjs(array: Array, wanted: str) -> Array:
    """The array in C order as the model wants it, else as the kind nearest to its own.

    ValueError for whole numbers beyond 32 bits, which would come out as others.
    """
    own = {"b": "bool", "i": "int32", "u": "int32"}.get(array.dtype.kind, "float32")
    kind = wanted if wanted in KINDS else own
    if kind == "int32" and array.size and (array.min() < -(2**31) or array.max() >= 2**31):
        raise ValueError(f"the values of an input, {array.min()} to {array.max()}, do not fit TensorFlow.js' int32")
    return np.ascontiguousarray(array, np.dtype(kind).newbyteorder("<")).reshape(array.shape)
