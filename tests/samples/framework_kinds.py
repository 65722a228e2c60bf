"""Samples with the weights of each framework; those are made in the boxes' images (see in_images.py)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.samples.forms import Json, Model, Port
from tests.samples.in_images import made
from tests.samples.network import BLUR, SHARPEN, Network, convolved, image_of_seed, sigmoid
from tests.samples.onnx_graph import Graph, onnx_bytes
from tests.samples.onnx_kinds import onnx_entry, titled
from tests.samples.sample import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.samples.in_images import Made

ARCHITECTURE = """\
import torch


class BlurSharpen(torch.nn.Module):
    def __init__(self, channels, kernel):
        super().__init__()
        self.blur = torch.nn.Conv2d(channels, channels, kernel, padding=kernel // 2, bias=False)
        self.sharpen = torch.nn.Conv2d(channels, channels, kernel, padding=kernel // 2)

    def forward(self, raw):
        return torch.sigmoid(self.sharpen(self.blur(raw)))
"""
EPOCH = (1980, 1, 1, 0, 0, 0)
FORMATS = (
    "pytorch_state_dict",
    "torchscript",
    "onnx",
    "keras_v3",
    "keras_hdf5",
    "tensorflow_saved_model_bundle",
    "tensorflow_js",
)
"""In the order of an RDF that has all of them; the others were converted from the first."""
KERAS_FILES = {
    "keras_h5": "weights.h5",
    "tf_keras_h5": "weights.h5",
    "keras_v3": "weights.keras",
    "saved_model": "saved_model.zip",
    "two_in_two_out": "saved_model.zip",
}
"""What Keras and TensorFlow write, and how the file is called."""
SHIFT = 0.5
"""What is added to the bias of a format that is to differ."""

Weights = tuple[Json, dict[str, bytes]]
"""An entry of `weights`, and its files."""


def keras_hdf5(seed: int, library: str = "keras_h5") -> Sample:
    """0.4: a legacy h5 file, written by Keras 3 or (`tf_keras_h5`) as Keras 2 writes it."""
    words = "Spot Layerer" if library == "keras_h5" else "Spot Elder"
    return _channels_last(words, seed, "0.4", "keras_hdf5", _keras(Network.of_seed(seed), library, "byxc"))


def keras_v3(seed: int) -> Sample:
    """0.5: a `.keras` file."""
    weights = _keras(Network.of_seed(seed), "keras_v3", "byxc")
    return _channels_last("Spot Layerer", seed, "0.5", "keras_v3", weights)


def saved_model(seed: int, version: str) -> Sample:
    """A zipped bundle that Keras exported: its signature's names are Keras' own."""
    weights = _keras(Network.of_seed(seed), "saved_model", "byxc")
    return _channels_last("Spot Bundler", seed, version, "tensorflow_saved_model_bundle", weights)


def saved_model_two(seed: int) -> Sample:
    """0.5: two inputs and two outputs, named in the signature, which neither side has in alphabetical order."""
    network, light = Network.of_seed(seed), _last(image_of_seed(seed))
    dark = np.random.default_rng(seed + 2).uniform(0, 0.05, light.shape).astype(np.float32)
    raw = light + dark
    probability = _last(network.expected(_first(raw - dark))[0])
    inputs = (Port("raw", raw, "byxc"), Port("dark", dark, "byxc"))
    outputs = (Port("probability", probability, "byxc"), Port("ground", 1 - probability, "byxc"))
    entry, files = _keras(network, "two_in_two_out", "byxc")
    model = Model(titled("Spot Twins", seed), inputs, outputs, {"tensorflow_saved_model_bundle": entry}, "0.5")
    return Sample(model, files)


def tensorflow_js(seed: int, version: str, *, packed: bool = False) -> Sample:
    """A layers model: `model.json` and two shards beside it, or all three in one zip."""
    entry, files = _tfjs(Network.of_seed(seed), "byxc")
    if packed:
        entry, files = entry | {"source": "model.zip"}, {"model.zip": _zipped(files)}
    words = "Spot Webber packed" if packed else "Spot Webber"
    return _channels_last(words, seed, version, "tensorflow_js", (entry, files))


def state_dict(seed: int, version: str) -> Sample:
    """The architecture in a file, with keywords and its sha256."""
    network = Network.of_seed(seed)
    weights = _state_dict(network, version)
    return _channels_first("Spot Keyworder", seed, version, {"pytorch_state_dict": weights})


def state_dict_library(seed: int, version: str) -> Sample:
    """The architecture is a class of torch itself, one convolution; the sigmoid is the RDF's."""
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    state = {"weight": (SHARPEN * network.gain)[None, None].tolist(), "bias": [network.bias]}
    given = made("torch", {"kind": "state_dict", "file": "state.pt", "state": state})
    kwargs = {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "padding": 1}
    entry: Json = {"source": "state.pt", **given.versions}
    if version == "0.4":
        entry |= {"architecture": "torch.nn.Conv2d", "kwargs": kwargs}
    else:
        entry |= {"architecture": {"callable": "Conv2d", "import_from": "torch.nn", "kwargs": kwargs}}
    sharp = convolved(raw[0, 0].astype(np.float64), SHARPEN * network.gain) + network.bias
    output = Port("probability", sigmoid(sharp)[None, None].astype(np.float32), steps=(("sigmoid", {}),))
    model = Model(titled("Spot Borrower", seed), (Port("raw", raw),), (output,), {"pytorch_state_dict": entry}, version)
    return Sample(model, given.files)


def all_formats(seed: int, formats: Collection[str] = FORMATS, off: Collection[str] = ()) -> Sample:
    """0.5: the same network in each of these formats, channels first; those in `off` have another bias."""
    network = Network.of_seed(seed)
    other = replace(network, bias=network.bias + SHIFT)
    weights = {name: MAKERS[name](other if name in off else network) for name in FORMATS if name in formats}
    first = next(iter(weights))
    parented = {
        name: (entry if name == first else entry | {"parent": first}, files) for name, (entry, files) in weights.items()
    }
    words = "Spot Quarreller" if off else "Spot Polyglot"
    return _channels_first(words, seed, "0.5", parented)


def _channels_first(words: str, seed: int, version: str, weights: dict[str, Weights]) -> Sample:
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    ports = (Port("raw", raw),), (Port("probability", network.expected(raw)[0]),)
    entries = {name: entry for name, (entry, _) in weights.items()}
    files = {name: content for _, several in weights.values() for name, content in several.items()}
    return Sample(Model(titled(words, seed), *ports, entries, version), files)


def _channels_last(words: str, seed: int, version: str, weight_format: str, weights: Weights) -> Sample:
    network, raw = Network.of_seed(seed), image_of_seed(seed)
    found = _last(network.expected(raw)[0])
    ports = (Port("raw", _last(raw), "byxc"),), (Port("probability", found, "byxc"),)
    return Sample(Model(titled(words, seed), *ports, {weight_format: weights[0]}, version), weights[1])


def _state_dict(network: Network, version: str) -> Weights:
    tasks = network.torch_tasks()
    given = made("torch", tasks["state_dict"], list(tasks.values()))
    source, kwargs = ARCHITECTURE.encode(), {"channels": 1, "kernel": 3}
    entry: Json = {"source": "state.pt", **given.versions}
    if version == "0.4":
        entry |= {"architecture": "architecture.py:BlurSharpen", "kwargs": kwargs}
    else:
        entry |= {"architecture": {"source": "architecture.py", "callable": "BlurSharpen", "kwargs": kwargs}}
    return entry, {**given.files, "architecture.py": source}


def _torchscript(network: Network) -> Weights:
    tasks = network.torch_tasks()
    given = made("torch", tasks["torchscript"], list(tasks.values()))
    return {"source": "weights.pt", **given.versions}, given.files


def _keras(network: Network, kind: str, axes: str) -> Weights:
    given = made("tensorflow", _keras_task(network, kind, axes), _keras_tasks(network))
    version = given.versions["tensorflow_version"]
    if kind == "keras_v3":
        entry = {"keras_version": given.versions["keras_version"], "backend": ["tensorflow", version]}
    else:
        entry = {"tensorflow_version": version}
    return {"source": KERAS_FILES[kind], **entry}, given.files


def _keras_task(network: Network, kind: str, axes: str) -> Json:
    return _task(network, axes) | {"kind": kind, "file": KERAS_FILES[kind]}


def _keras_tasks(network: Network) -> list[Json]:
    """All that is asked of TensorFlow for one network: it starts slowly."""
    return [_keras_task(network, kind, axes) for axes in ("byxc", "bcyx") for kind in KERAS_FILES]


def _tfjs(network: Network, axes: str) -> Weights:
    given: Made = made("tfjs", _task(network, axes))
    return {"source": "model.json", "tensorflow_version": given.versions["tfjs"]}, given.files


def _task(network: Network, axes: str) -> Json:
    kernels: dict[str, Any] = {"blur": BLUR.tolist(), "sharpen": (SHARPEN * network.gain).tolist()}
    return {**kernels, "bias": network.bias, "axes": axes}


MAKERS: dict[str, Callable[[Network], Weights]] = {
    "pytorch_state_dict": lambda network: _state_dict(network, "0.5"),
    "torchscript": _torchscript,
    "onnx": lambda network: (onnx_entry(), {"weights.onnx": onnx_bytes(network, Graph())}),
    "keras_v3": lambda network: _keras(network, "keras_v3", "bcyx"),
    "keras_hdf5": lambda network: _keras(network, "keras_h5", "bcyx"),
    "tensorflow_saved_model_bundle": lambda network: _keras(network, "saved_model", "bcyx"),
    "tensorflow_js": lambda network: _tfjs(network, "bcyx"),
}


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name])
    return buffer.getvalue()


def _last(array: Any) -> Any:
    """(b, c, y, x) to (b, y, x, c), as the bytes lie."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1))


def _first(array: Any) -> Any:
    return np.moveaxis(array, -1, 1)
