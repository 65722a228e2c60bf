"""RDFs as data, in the forms of 0.4 and 0.5: what a tensor is called, how large it may be, what is done before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray[Any, np.dtype[Any]]
Json = dict[str, Any]
Steps = tuple[tuple[str, Json], ...]

FORMATS = {"0.4": "0.4.9", "0.5": "0.5.4"}


@dataclass(frozen=True)
class Port:
    """An input or output with its test tensor."""

    name: str
    array: Array
    axes: str = "bcyx"
    steps: Steps = ()
    """Names and keywords, before an input or after an output."""
    shape: Any = None
    """0.4: what stands as `shape` instead of the tensor's own."""
    halo: tuple[int, ...] = ()
    """0.4: one number for each axis."""
    axis: Mapping[str, Json] = field(default_factory=dict)
    """0.5: what an axis says of itself beside its type and id, such as its size; by its letter."""
    data: Json | None = None
    """0.5: what the values are, instead of the tensor's type."""
    data_type: str = ""
    """What comes out of the last step, where that is not the tensor's type."""

    @property
    def file(self) -> str:
        return f"test_{self.name}.npy"


@dataclass(frozen=True)
class Model:
    """All that two samples can differ in."""

    name: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    weights: Mapping[str, Json]
    version: str = "0.4"
    github_user: str = "ada-sample"


def rdf(model: Model, hashes: Mapping[str, str]) -> Json:
    """The RDF of a model whose files have these sha256."""
    head = _head(model)
    if model.version == "0.4":
        return head | {
            "inputs": [_tensor_04(port, "preprocessing") for port in model.inputs],
            "outputs": [_tensor_04(port, "postprocessing") for port in model.outputs],
            "test_inputs": [port.file for port in model.inputs],
            "test_outputs": [port.file for port in model.outputs],
            "weights": _hashed(dict(model.weights), hashes),
        }
    return head | {
        "inputs": [_tensor_05(port, "preprocessing", hashes) for port in model.inputs],
        "outputs": [_tensor_05(port, "postprocessing", hashes) for port in model.outputs],
        "weights": _hashed(dict(model.weights), hashes),
    }


def _head(model: Model) -> Json:
    return {
        "format_version": FORMATS[model.version],
        "type": "model",
        "name": model.name,
        "description": "Blurs, sharpens and weighs small images; a sample made by the Accession project for its own tests.",
        "authors": [{"name": "Ada Sample", "affiliation": "Accession project"}],
        "maintainers": [{"name": "Ada Sample", "github_user": model.github_user}],
        "license": "MIT",
        "version": "0.1.0",
        "timestamp": "2025-01-02T03:04:05Z",
        "documentation": "README.md",
        "covers": ["cover.png"],
        "tags": ["sample", "segmentation", "fluorescence-light-microscopy", "2d"],
        "cite": [{"text": "The Accession project, samples", "url": "https://example.com/accession/samples"}],
    }


def _hashed(value: Any, hashes: Mapping[str, str]) -> Any:
    """The same with a `sha256` beside every `source`, and beside an architecture of 0.4."""
    if not isinstance(value, dict):
        return value
    found = {key: _hashed(one, hashes) for key, one in value.items()}
    if value.get("source") in hashes:
        found["sha256"] = hashes[value["source"]]
    architecture = value.get("architecture")
    if isinstance(architecture, str) and architecture.partition(":")[0] in hashes:
        found["architecture_sha256"] = hashes[architecture.partition(":")[0]]
    return found


def _tensor_04(port: Port, steps: str) -> Json:
    made: Json = {
        "name": port.name,
        "description": f"one channel: {port.name}",
        "axes": port.axes,
        "data_type": port.data_type or str(port.array.dtype),
        "shape": port.shape or list(port.array.shape),
    }
    if port.halo:
        made["halo"] = list(port.halo)
    if port.steps:
        made[steps] = [{"name": name, "kwargs": kwargs} if kwargs else {"name": name} for name, kwargs in port.steps]
    return made


def _tensor_05(port: Port, steps: str, hashes: Mapping[str, str]) -> Json:
    made: Json = {
        "id": port.name,
        "description": f"one channel: {port.name}",
        "axes": [_axis_05(port, letter, size) for letter, size in zip(port.axes, port.array.shape, strict=True)],
        "data": port.data or {"type": port.data_type or str(port.array.dtype)},
        "test_tensor": {"source": port.file, "sha256": hashes[port.file]},
    }
    if port.steps:
        made[steps] = [{"id": name, "kwargs": kwargs} if kwargs else {"id": name} for name, kwargs in port.steps]
    return made


def _axis_05(port: Port, letter: str, size: int) -> Json:
    more = port.axis.get(letter, {})
    if letter == "b":
        return {"type": "batch", **more}
    if letter == "c":
        return {"type": "channel", "channel_names": [port.name], **more}
    return {"type": "space", "id": letter, "size": size, **more}
