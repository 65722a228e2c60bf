"""ONNX graphs of a few nodes, each for one thing that a model may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.agreement.dynamic.draft import Array

OPSET, IR = 17, 8
"""Old enough for every onnxruntime of the last years."""

Step = tuple[str, tuple[str, ...], str]
"""Operator, inputs, output."""


def graph(
    raw: Array, outputs: Mapping[str, Any], steps: Sequence[Step], *, open_sizes: bool = False, **constants: Any
) -> bytes:
    """A model that reads `raw` (its shape, unless sizes are open) and gives `outputs` (numpy types by name)."""
    from onnx import helper, numpy_helper

    shape = ["n", 1, "y", "x"] if open_sizes else list(raw.shape)
    nodes = [helper.make_node(operator, list(inputs), [output]) for operator, inputs, output in steps]
    made = helper.make_graph(
        nodes,
        "sample",
        [helper.make_tensor_value_info("raw", _type(raw.dtype), shape)],
        [helper.make_tensor_value_info(name, _type(kind), None) for name, kind in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="accession")
    model.ir_version = IR
    return bytes(model.SerializeToString(deterministic=True))


def _type(kind: Any) -> int:
    from onnx import helper

    return int(helper.np_dtype_to_tensor_dtype(np.dtype(kind)))


def half(raw: Array) -> bytes:
    """Half of it."""
    return graph(raw, {"out": raw.dtype}, [("Mul", ("raw", "factor"), "out")], factor=raw.dtype.type(0.5))


def same(raw: Array) -> bytes:
    """Itself."""
    return graph(raw, {"out": raw.dtype}, [("Identity", ("raw",), "out")])


def same_of_any_size(raw: Array) -> bytes:
    """Itself, whatever its size."""
    return graph(raw, {"out": raw.dtype}, [("Identity", ("raw",), "out")], open_sizes=True)


def half_of_any_size(raw: Array) -> bytes:
    """Half of it, whatever its size."""
    steps: list[Step] = [("Mul", ("raw", "factor"), "out")]
    return graph(raw, {"out": raw.dtype}, steps, open_sizes=True, factor=raw.dtype.type(0.5))


def as_labels(raw: Array) -> bytes:
    """Itself, as integers."""
    return graph(raw, {"out": np.uint16}, [("CastLike", ("raw", "kind"), "out")], kind=np.uint16(0))


def no_number(raw: Array) -> bytes:
    """0 / 0 everywhere."""
    steps: list[Step] = [("Sub", ("raw", "raw"), "zero"), ("Div", ("zero", "zero"), "out")]
    return graph(raw, {"out": raw.dtype}, steps)


def noisy(raw: Array) -> bytes:
    """Something else every time."""
    steps: list[Step] = [("RandomUniformLike", ("raw",), "noise"), ("Add", ("raw", "noise"), "out")]
    return graph(raw, {"out": raw.dtype}, steps)


def cut(raw: Array) -> bytes:
    """Its first half along y."""
    ends = {"start": np.array([0]), "end": np.array([raw.shape[2] // 2]), "axis": np.array([2])}
    return graph(raw, {"out": raw.dtype}, [("Slice", ("raw", "start", "end", "axis"), "out")], **ends)


def merged(raw: Array) -> bytes:
    """Integers, at least `2 ** 24`, cut to even ones: the last bit is gone, as in float32."""
    steps: list[Step] = [("Div", ("raw", "two"), "halved"), ("Mul", ("halved", "two"), "out")]
    return graph(raw, {"out": raw.dtype}, steps, two=raw.dtype.type(2))


def half_and_mask(raw: Array) -> bytes:
    """Half of it, and where it is bright."""
    steps: list[Step] = [("Mul", ("raw", "factor"), "out"), ("Greater", ("raw", "factor"), "mask")]
    return graph(raw, {"out": raw.dtype, "mask": np.bool_}, steps, factor=raw.dtype.type(0.5))
