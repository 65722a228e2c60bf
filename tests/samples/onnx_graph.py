"""The network as an ONNX graph, with the inputs, outputs and sizes that a sample wants. The same graph is the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.samples.network import BLUR, SHARPEN, Array, Network

if TYPE_CHECKING:
    from pathlib import Path

OPSET, IR = 17, 8
"""Old enough for every onnxruntime of the last years."""
LEVELS = 4
"""How many levels of probability a label map has."""
FREE = ("n", 1, "y", "x")
"""Axes of any size."""


@dataclass(frozen=True)
class Graph:
    """Which of its tensors are outputs: logits, probability, ground (1 - probability), mask (bool), levels (int64)."""

    outputs: tuple[str, ...] = ("probability",)
    inputs: tuple[str, ...] = ("raw",)
    """`raw`, or `raw` and a `dark` frame that is taken off it."""
    shape: tuple[int | str, ...] = FREE
    end: str = ""
    """`cropped`: without padding, so without two pixels at each border; `halved`: means of 2 x 2 pixels."""


def onnx_model(network: Network, graph: Graph) -> Any:
    """A checked model."""
    from onnx import TensorProto, checker, helper

    types = {"mask": TensorProto.BOOL, "levels": TensorProto.INT64}
    shape, ends = list(graph.shape), [*graph.shape[:2], *(("h", "w") if graph.end else graph.shape[2:])]
    model = helper.make_model(
        helper.make_graph(
            _nodes(graph),
            "blur-sharpen",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in graph.inputs],
            [helper.make_tensor_value_info(name, types.get(name, TensorProto.FLOAT), ends) for name in graph.outputs],
            _constants(network, graph),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="accession",
    )
    model.ir_version = IR
    checker.check_model(model)
    return model


def onnx_bytes(network: Network, graph: Graph) -> bytes:
    """All in one file."""
    return bytes(onnx_model(network, graph).SerializeToString(deterministic=True))


def save_external(network: Network, graph: Graph, path: Path, data: str) -> None:
    """The graph in one file, its numbers in another of that name beside it."""
    from onnx import external_data_helper

    model = onnx_model(network, graph)
    external_data_helper.convert_model_to_external_data(model, location=data, size_threshold=0)
    external_data_helper.write_external_data_tensors(model, str(path.parent))
    path.write_bytes(model.SerializeToString(deterministic=True))


def _nodes(graph: Graph) -> list[Any]:
    from onnx import TensorProto, helper

    node, pads = helper.make_node, [0 if graph.end == "cropped" else 1] * 4
    found = [node("Sub", ["raw", "dark"], ["light"])] if "dark" in graph.inputs else []
    found += [
        node("Conv", ["light" if found else "raw", "blur"], ["blurred"], pads=pads),
        node("Conv", ["blurred", "sharpen", "bias"], ["logits"], pads=pads),
    ]
    if graph.outputs == ("logits",):
        return found
    found.append(node("Sigmoid", ["logits"], ["whole" if graph.end == "halved" else "probability"]))
    if graph.end == "halved":
        found.append(node("AveragePool", ["whole"], ["probability"], kernel_shape=[2, 2], strides=[2, 2]))
    if "ground" in graph.outputs:
        found.append(node("Sub", ["one", "probability"], ["ground"]))
    if "mask" in graph.outputs:
        found.append(node("Greater", ["probability", "half"], ["mask"]))
    if "levels" in graph.outputs:
        found += [
            node("Mul", ["probability", "count"], ["scaled"]),
            node("Floor", ["scaled"], ["floor"]),
            node("Cast", ["floor"], ["levels"], to=TensorProto.INT64),
        ]
    return found


def _constants(network: Network, graph: Graph) -> list[Any]:
    named: dict[str, Array] = {
        "blur": BLUR[None, None],
        "sharpen": (SHARPEN * network.gain)[None, None],
        "bias": np.array([network.bias]),
    }
    asked = {"ground": ("one", 1.0), "mask": ("half", 0.5), "levels": ("count", float(LEVELS))}
    named |= {name: np.array(value) for output, (name, value) in asked.items() if output in graph.outputs}
    return [_constant(name, values) for name, values in named.items()]


def _constant(name: str, values: Array) -> Any:
    """A float32 initializer."""
    from onnx import numpy_helper

    return numpy_helper.from_array(np.asarray(values, np.float32), name)
