"""Samples with ONNX weights in the forms that an RDF can give its tensors; they need numpy and onnx."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.samples.forms import Array, Json, Model, Port, Steps
from tests.samples.network import Network, image_of_seed, sigmoid
from tests.samples.onnx_graph import LEVELS, OPSET, Graph, onnx_bytes, save_external
from tests.samples.sample import Sample

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST, STEP = 16, 8
"""Sizes that a sample of free size names."""
HALO = 2
EDGE = 2
"""Pixels at each border that a model without padding takes off."""


def titled(words: str, seed: int) -> str:
    """The name of a sample; another seed has another one."""
    return words if seed == 0 else f"{words} {seed}"


def external_data(seed: int) -> Sample:
    """0.5: the graph and its numbers in two files."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "weights.onnx")
        save_external(network, Graph(), path, "weights.onnx.data")
        files = {one.name: one.read_bytes() for one in Path(scratch).iterdir()}
    entry = onnx_entry() | {"external_data": {"source": "weights.onnx.data"}}
    return Sample(_model("Spot Divider", seed, "0.5", (Port("raw", raw),), (_found(network, raw),), entry), files)


def two_inputs(seed: int, version: str) -> Sample:
    """An image, and a dark frame that is taken off it."""
    network, light = Network.of_seed(seed), image_of_seed(seed)
    dark = np.random.default_rng(seed + 2).uniform(0, 0.05, light.shape).astype(np.float32)
    raw = light + dark
    inputs = (Port("raw", raw), Port("dark", dark))
    return _sample("Spot Lighter", seed, version, inputs, (_found(network, raw - dark),), Graph(inputs=("raw", "dark")))


def batch(seed: int) -> Sample:
    """0.5: two images at once; 0.4 wants a batch of one."""
    network, raw = Network.of_seed(seed), np.concatenate([image_of_seed(seed), image_of_seed(seed + 100)])
    return _sample("Spot Pair", seed, "0.5", (Port("raw", raw),), (_found(network, raw),), Graph())


def stepped(seed: int, version: str, end: str = "") -> Sample:
    """Sizes of 16 + 8 n; the output's follow from the input's: as large, without its edge, or half of it."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    probability, _ = network.expected(raw)
    if end == "cropped":
        probability = probability[..., EDGE:-EDGE, EDGE:-EDGE]
    if end == "halved":
        probability = probability.reshape(1, 1, 32, 2, 32, 2).mean((3, 5), dtype=np.float64).astype(np.float32)
    inputs, outputs = (_stepped_input(raw),), (_follower(probability, end),)
    return _sample(f"Spot Stepper {end}".strip(), seed, version, inputs, outputs, Graph(end=end))


def halo(seed: int, version: str) -> Sample:
    """Two pixels at each border are declared to be worthless."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    output = _found(
        network,
        raw,
        halo=(0, 0, HALO, HALO),
        axis={letter: {"size": {"tensor_id": "raw", "axis_id": letter}, "halo": HALO} for letter in "yx"},
    )
    return _sample("Spot Cropper", seed, version, (Port("raw", raw),), (output,), Graph())


def labels(seed: int, version: str) -> Sample:
    """A label map: four levels of probability, as whole numbers."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    levels = np.floor(sigmoid(network.logits(raw)) * LEVELS).astype(np.int64)
    output = Port("labels", levels, data={"values": list(range(LEVELS)), "type": "int64"})
    return _sample("Spot Ranker", seed, version, (Port("raw", raw),), (output,), Graph(("levels",)))


def binary(seed: int, version: str) -> Sample:
    """Logits from the model; sigmoid and threshold are the RDF's."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    steps: Steps = (("sigmoid", {}), ("binarize", {"threshold": 0.5}))
    mask = network.expected(raw)[1]
    if version == "0.4":  # whose data type is also that of the model's own output, before the steps
        mask = mask.astype(np.float32)
    output = Port("mask", mask, steps=steps, data={"values": [False, True], "type": "bool"})
    return _sample("Spot Binarizer", seed, version, (Port("raw", raw),), (output,), Graph(("logits",)))


def normalized(seed: int, version: str) -> Sample:
    """In: zero mean and unit variance, then a linear scale. Out: a sigmoid, then a clip (0.4) or a linear scale (0.5).

    In that order, because bioimageio.core takes its statistics of the input as it comes, before any step; and without a
    linear scale at the end of 0.4, because the specification asks for axes there, which bioimageio.core does not run.
    """
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    kwargs = {"axes": _axes(version)} if version == "0.5" else {"mode": "per_sample", "axes": _axes(version)}
    before: Steps = (("zero_mean_unit_variance", kwargs), ("scale_linear", {"gain": 0.25, "offset": 0.125}))
    values = raw.astype(np.float64)
    found = sigmoid(network.logits((values - values.mean()) / (values.std() + 1e-6) * 0.25 + 0.125))
    if version == "0.4":
        after: Steps = (("sigmoid", {}), ("clip", {"min": 0.125, "max": 0.875}))
        found = np.clip(found, 0.125, 0.875)
    else:
        after = (("sigmoid", {}), ("scale_linear", {"gain": 255.0, "offset": 0.5}))
        found = found * 255 + 0.5
    inputs = (Port("raw", raw, steps=before),)
    outputs = (Port("brightness", found.astype(np.float32), steps=after),)
    return _sample("Spot Normalizer", seed, version, inputs, outputs, Graph(("logits",)))


def ranged(seed: int, version: str) -> Sample:
    """In: percentiles to 0 and 1, then clipped. Out: zero mean and unit variance of known numbers."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    more = {} if version == "0.5" else {"mode": "per_sample"}
    name = "fixed_zero_mean_unit_variance" if version == "0.5" else "zero_mean_unit_variance"
    known = {"mean": 0.25, "std": 0.5}
    before: Steps = (
        ("scale_range", {**more, "axes": _axes(version), "min_percentile": 1.0, "max_percentile": 99.0}),
        ("clip", {"min": 0.0, "max": 1.0}),
    )
    after: Steps = ((name, known if version == "0.5" else {"mode": "fixed", "axes": "yx", **known}),)
    values = raw.astype(np.float64)
    least, most = np.percentile(values, [1, 99])
    light = np.clip((values - least) / (most - least + 1e-6), 0, 1)
    score = (sigmoid(network.logits(light)) - 0.25) / (0.5 + 1e-6)
    output = Port("score", score.astype(np.float32), steps=after)
    return _sample("Spot Ranger", seed, version, (Port("raw", raw, steps=before),), (output,), Graph())


def onnx_entry() -> Json:
    """One entry of `weights`."""
    return {"source": "weights.onnx", "opset_version": OPSET}


def _sample(
    words: str, seed: int, version: str, inputs: tuple[Port, ...], outputs: tuple[Port, ...], graph: Graph
) -> Sample:
    files = {"weights.onnx": onnx_bytes(Network.of_seed(seed), graph)}
    return Sample(_model(words, seed, version, inputs, outputs, onnx_entry()), files)


def _model(
    words: str, seed: int, version: str, inputs: tuple[Port, ...], outputs: tuple[Port, ...], entry: Json
) -> Model:
    return Model(titled(words, seed), inputs, outputs, {"onnx": entry}, version)


def _found(network: Network, raw: Array, halo: tuple[int, ...] = (), axis: Mapping[str, Json] | None = None) -> Port:
    return Port("probability", network.expected(raw)[0], halo=halo, axis=axis or {})


def _stepped_input(raw: Array) -> Port:
    shape = {"min": [1, 1, LEAST, LEAST], "step": [0, 0, STEP, STEP]}
    return Port("raw", raw, shape=shape, axis={letter: {"size": {"min": LEAST, "step": STEP}} for letter in "yx"})


def _follower(array: Array, end: str) -> Port:
    """The output whose sizes refer to the input's."""
    factor, edge = (0.5 if end == "halved" else 1.0), (-EDGE if end == "cropped" else 0)
    shape = {"reference_tensor": "raw", "scale": [1.0, 1.0, factor, factor], "offset": [0, 0, edge, edge]}
    axis = {
        letter: {"size": {"tensor_id": "raw", "axis_id": letter, "offset": 2 * edge}, "scale": 1 / factor}
        for letter in "yx"
    }
    return Port("probability", array, shape=shape, axis=axis)


def _axes(version: str) -> str | list[str]:
    return ["y", "x"] if version == "0.5" else "yx"
